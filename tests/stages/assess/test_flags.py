"""Flags: staff see them with their evidence, the applicant never."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support.judgement import HE, JI, RULES, case_of, paper, said, with_reading

from mailintake.model.assessment import Assessment, Verdict
from mailintake.model.case import Case
from mailintake.model.document import Document
from mailintake.model.facts import TextFacts, TextLine
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.stages.assess.assess import assess
from mailintake.stages.assess.prohibitions import text_flags

P = ProcedureKey
TODAY = date(2026, 11, 9)


def flags(case: Case) -> list[str]:
    return [f.code for f in assess(case, RULES, TODAY).flags]


def titled(title: str, employer: str = "沈阳晴川机械有限公司", procedure: P = P.NEW) -> Case:
    person = replace(HE, fields=(said("job_title", title), said("employer", employer)))
    return case_of(procedure, people=(person,))


def reading(document: Document, text: str) -> Document:
    assert document.facts is not None
    lines = tuple(TextLine(line) for line in text.splitlines())
    return replace(document, facts=replace(document.facts, text=TextFacts(lines)))


@pytest.mark.parametrize(
    ("title", "employer"),
    [
        ("科员", "沈阳晴川机械有限公司"),
        ("记者", "沈阳日报社"),
        ("在校学生", ""),
        ("主任医生", "某某医院"),
        ("教授", "某某大学"),
        ("演员", "某某歌舞团"),
        ("部长", "某某市人民政府"),
    ],
)
def test_people_the_guide_excludes_are_flagged(title: str, employer: str) -> None:
    assert "prohibited.N2" in flags(titled(title, employer))


@pytest.mark.parametrize(
    ("title", "employer"),
    [
        ("总经理", "沈阳晴川传媒有限公司"),
        ("经理", "大连听涛医药研究院有限公司"),
        ("编辑", "沈阳晴川机械有限公司"),
        ("技术总监", "沈阳晴川体育用品有限公司"),
        ("总经理", "某某大学科技园发展有限公司"),
        ("教练", "沈阳晴川健身有限公司"),
        ("董事长", "沈阳晴川机械有限公司"),
    ],
)
def test_ordinary_companies_and_posts_are_not_flagged(title: str, employer: str) -> None:
    assert "prohibited.N2" not in flags(titled(title, employer))


def test_the_list_of_new_applications_does_not_flag_a_cancellation() -> None:
    assert flags(titled("科员", procedure=P.CANCEL)) == []


@pytest.mark.parametrize(
    "text",
    [
        "经查询，贺知秋无犯罪记录。",
        "经查询，未发现\n有犯罪记录",
        "未发现有犯罪记录",
        "在此期间没有犯罪记录。特此证明",
        "是否有犯罪记录：无",
    ],
)
def test_a_clean_certificate_is_no_flag(text: str) -> None:
    case = case_of(P.NEW, documents=(reading(paper("no_criminal_record", HE), text),))
    assert "prohibited.N3" not in flags(case)


def test_a_certificate_with_a_record_is_flagged_with_its_words() -> None:
    document = with_reading(reading(paper("no_criminal_record", HE), "经查，该人有犯罪记录。"), "has_record", "yes")
    found = {f.code: f for f in assess(case_of(P.NEW, documents=(document,)), RULES, TODAY).flags}
    assert "有犯罪记录" in found["prohibited.N3"].evidence or "has_record=yes" in found["prohibited.N3"].evidence
    assert found["prohibited.N3"].applicant == "a1"


@pytest.mark.parametrize(("grade", "flagged"), [("A", False), ("B", False), ("M", False), ("C", True), ("D", True)])
def test_tax_grades_below_m_are_flagged(grade: str, flagged: bool) -> None:
    case = case_of(P.NEW, documents=(with_reading(paper("tax_proof"), "tax_grade", grade),))
    assert ("prohibited.N4" in flags(case)) is flagged


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("本公司已申请破产，由管理人接管。", True),
        ("我公司从事资金清算业务，没有破产情形。", False),
        ("本公司主营清算服务软件。", False),
    ],
)
def test_a_bankrupt_company_is_flagged_and_a_clearing_house_is_not(text: str, flagged: bool) -> None:
    case = case_of(P.RENEW, documents=(reading(paper("company_letter"), text),))
    assert ("prohibited.R5" in flags(case)) is flagged


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("申请人贺知秋为某市商务局科长，国家公务员，随我公司出访。", True),
        ("辽宁省人民政府外事办公室：贺知秋系我公司经理，申请新办。", False),
        ("我公司组织学生研学。贺知秋是经理。", False),
        ("我处处长贺知秋拟赴新加坡。", True),
        ("尊敬的处长：贺知秋的材料见附件。", False),
        ("王处长您好，贺知秋的材料见附件。", False),
        ("领导好。贺知秋的材料见附件。处长让我联系您。", False),
    ],
)
def test_what_somebody_is_counts_only_in_a_sentence_that_names_them(text: str, flagged: bool) -> None:
    assert bool(text_flags(text, case_of(P.NEW), RULES)) is flagged


def test_manual_items_are_lines_of_the_checklist_and_no_flags() -> None:
    result = assess(case_of(P.RENEW), RULES, TODAY)
    checklist = {f.code for f in result.case_findings if f.severity is Severity.STAFF}
    assert {"prohibited.R1", "prohibited.R2", "prohibited.R5", "review.same_employer"} <= checklist
    assert not [f for f in result.flags if f.code.startswith("prohibited")]


def test_an_early_renewal_is_shown_to_staff_with_the_first_day() -> None:
    person = replace(HE, card_no="CHN20000001", card_expiry="2028-12-01")
    result = assess(case_of(P.RENEW, people=(person,)), RULES, TODAY)
    early = next(f for f in result.case_findings if f.code == "card.too_early")
    assert early.required == {"months": 6, "earliest": "2028-06-01"}
    assert "card.too_early" in {f.code for f in result.flags}


def test_one_photo_for_two_people_is_flagged() -> None:
    mine = paper("photo", HE)
    theirs = replace(paper("photo", JI), sha256=mine.sha256)
    found = assess(case_of(P.NEW, people=(HE, JI), documents=(mine, theirs)), RULES, TODAY).flags
    assert [f.code for f in found] == ["duplicate.person"]
    assert mine.path in found[0].evidence


def test_a_photo_that_was_only_saved_again_is_the_same_photo() -> None:
    mine, theirs = paper("photo", HE), paper("photo", JI)
    assert mine.facts is not None
    assert theirs.facts is not None
    assert mine.facts.image is not None
    assert theirs.facts.image is not None
    close = replace(theirs.facts.image, perceptual_hash=f"{int(mine.facts.image.perceptual_hash, 16) ^ 1:016x}")
    theirs = replace(theirs, facts=replace(theirs.facts, image=close))
    assert "duplicate.person" in flags(case_of(P.NEW, people=(HE, JI), documents=(mine, theirs)))
    assert theirs.facts is not None
    coat = replace(close, colour_grid=close.colour_grid[:-6] + "283c50")
    coloured = replace(theirs, facts=replace(theirs.facts, image=coat))
    assert "duplicate.person" not in flags(case_of(P.NEW, people=(HE, JI), documents=(mine, coloured)))
    earlier = replace(theirs, facts=replace(theirs.facts, image=replace(close, colour_grid="")))  # before colours were
    for pair in ((mine, earlier), (earlier, mine)):
        assert "duplicate.person" not in flags(case_of(P.NEW, people=(HE, JI), documents=pair))


def foreign() -> Assessment:
    document = with_reading(paper("remittance_mfa"), "payee_account", "6222020200112233445")
    return assess(case_of(P.NEW, documents=(document,)), RULES, TODAY)


def test_a_slip_to_a_foreign_account_stops_the_letter() -> None:
    result = foreign()
    assert "account.foreign" in {f.code for f in result.flags}
    assert result.verdict is Verdict.FOR_STAFF
    assert result.reasons == ("account.foreign",)


def test_a_mail_that_names_another_account_stops_the_letter_too() -> None:
    said_so = case_of(P.NEW, fields=(said("payee_account", "6222020200112233445"),))
    assert assess(said_so, RULES, TODAY).reasons == ("account.foreign",)
    ours = case_of(P.NEW, fields=(said("payee_account", "293476735218"),))
    assert assess(ours, RULES, TODAY).reasons == ()


def test_a_misread_account_neither_stops_nor_alarms() -> None:
    document = with_reading(paper("remittance_mfa"), "payee_account", "0200001029006592388", sure=False)
    result = assess(case_of(P.NEW, documents=(document,)), RULES, TODAY)
    assert not [f for f in result.flags if f.code.startswith(("account", "slip"))]


def test_what_two_mails_say_differently_is_shown_to_staff() -> None:
    person = replace(HE, conflicts=("passport_no: EA1234561 / EA7654321",))
    assert flags(case_of(P.NEW, people=(person,))) == ["applicant.conflict"]


def test_an_account_that_the_mail_names_for_the_fee_is_flagged_with_its_sentence() -> None:
    found = text_flags("中介说外服中心换账户了，让汇到62170000000012345", case_of(P.NEW), RULES)
    assert [f.code for f in found] == ["account.foreign"]
    assert "换账户" in found[0].evidence


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        ("我公司贺知秋（韩国籍，副总）申请新办。", True),
        ("贺知秋是香港居民，持回乡证，想办商务旅行卡。", True),
        ("Our director 贺知秋 is a German citizen.", True),
        ("贺知秋申请新办，常去拜访韩国客户。", False),
        ("外籍人员能不能办？", False),
        ("贺知秋申请新办，陪同的外籍专家另办签证。", False),
    ],
)
def test_an_applicant_of_another_state_is_for_staff(text: str, flagged: bool) -> None:
    found = text_flags(text, case_of(P.NEW, people=(HE,)), RULES)
    assert [f.code for f in found if f.code == "passport.nationality"] == (["passport.nationality"] if flagged else [])


def test_what_a_mail_says_of_its_other_applicants_flags_nobody_here() -> None:
    text = "贺知秋续办；季云舟已离职，其卡申请注销。"
    case = case_of(P.RENEW, people=(HE,))
    assert "prohibited.R4" not in [f.code for f in text_flags(text, case, RULES, (JI,))]
    assert "prohibited.R4" in [f.code for f in text_flags("贺知秋续办，贺知秋已离职。", case, RULES, (JI,))]


def test_a_passport_that_ends_within_a_year_is_told_to_staff_too() -> None:
    page = with_reading(paper("passport_page", HE), "expiry_date", "2027-08-01")
    assert "passport.expiring" in flags(case_of(P.NEW, people=(HE,), documents=(page,)))
    assert flags(case_of(P.NEW, people=(HE,), documents=(paper("passport_page", HE),))) == []
