"""Documents with their outcome, and which of several versions counts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.support.judgement import COMPANY, HE, JI, MONDAY, RULES, case_of, of_size, paper, with_reading, wrong

from mailintake.model.assessment import Assessment, CheckedDocument, Verdict
from mailintake.model.case import Case
from mailintake.model.document import Document, Outcome
from mailintake.model.facts import Field, Reading
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.stages.assess.assess import assess

P = ProcedureKey
TODAY = date(2026, 11, 9)
LATER = MONDAY + timedelta(days=2)


def judged(*documents: Document, procedure: P = P.NEW, **more: Any) -> Assessment:
    return assess(case_of(procedure, documents=documents, **more), RULES, TODAY)


def only(result: Assessment) -> CheckedDocument:
    assert len(result.documents) == 1
    return result.documents[0]


def codes(checked: CheckedDocument, severity: Severity | None = None) -> list[str]:
    return [f.code for f in checked.findings if severity in (None, f.severity)]


def test_a_document_that_nobody_could_read_is_not_ok_and_not_wrong() -> None:
    checked = only(judged(replace(paper("photo", HE), facts=None)))
    assert checked.outcome is Outcome.NOT_CHECKED


def test_a_paper_whose_text_was_not_read_is_not_checked() -> None:
    blind = replace(paper("remittance_mfa"), reading=replace(paper("remittance_mfa").reading, fields=()))
    assert blind.facts is not None
    checked = only(judged(replace(blind, facts=replace(blind.facts, text=None))))
    assert checked.outcome is Outcome.NOT_CHECKED
    assert "slip_amount: no_text" in checked.not_checked


def test_what_was_badly_read_never_makes_a_fault() -> None:
    old = with_reading(paper("no_criminal_record", HE), "issue_date", "2025-01-01", sure=False)
    checked = only(judged(old))
    assert checked.outcome is Outcome.NOT_CHECKED
    assert checked.findings == ()


def test_the_right_ratio_counts_and_is_told_to_staff_only() -> None:
    checked = only(judged(of_size(paper("photo", HE), 480, 640)))
    assert checked.outcome is Outcome.OK
    assert codes(checked, Severity.WARN) == ["photo.size"]


def test_a_scanned_paper_is_checked_like_any_document() -> None:
    checked = only(judged(with_reading(paper("no_criminal_record", HE), "issue_date", "2026-05-01")))
    assert checked.outcome is Outcome.NOT_OK
    assert codes(checked) == ["certificate.expired"]


def test_a_check_with_two_limits_is_told_once_and_at_its_gravest() -> None:
    checked = only(judged(with_reading(paper("passport_page", HE), "expiry_date", "2027-01-01")))
    assert [(f.code, f.severity, f.required) for f in checked.findings] == [
        ("passport.expiring", Severity.CORRECT, {"months": 12})
    ]
    assert checked.findings[0].clause == "1.1(1)①"


@pytest.mark.parametrize(
    ("kind", "problem", "code", "severity"),
    [
        ("photo", "attachment.unreadable", "photo.unreadable", Severity.CORRECT),
        ("abtc_basic_data", "form.encrypted", "form.encrypted", Severity.CORRECT),
        ("remittance_mfa", "form.encrypted", "slip.unreadable", Severity.CORRECT),
        ("photo", "attachment.too_large", "attachment.too_large", Severity.CORRECT),
        (None, "archive.encrypted", "archive.encrypted", Severity.WARN),
    ],
)
def test_a_file_that_could_not_be_opened_says_which_paper_must_come_again(
    kind: str | None, problem: str, code: str, severity: Severity
) -> None:
    document = replace(paper(kind or "photo", HE), kind=kind, problem=problem)
    checked = only(judged(document))
    assert checked.outcome is Outcome.NOT_OK
    assert [(f.code, f.severity) for f in checked.findings] == [(code, severity)]


def test_an_unassigned_file_is_kept_and_not_checked() -> None:
    checked = only(judged(replace(paper("photo", HE), kind=None, applicant=None)))
    assert checked.outcome is Outcome.NOT_CHECKED
    assert checked.not_checked == ("kind: unassigned",)


def superseded(*documents: Document, **more: Any) -> list[bool]:
    return [d.superseded for d in judged(*documents, **more).documents]


def test_a_corrected_version_replaces_the_faulty_one() -> None:
    first = of_size(paper("photo", HE), 300, 300)
    assert superseded(first, paper("photo", HE, mail="m2", at=LATER)) == [True, False]


def test_a_faulty_version_does_not_replace_one_in_order() -> None:
    bad = of_size(paper("photo", HE, mail="m2", at=LATER), 300, 300)
    assert superseded(paper("photo", HE), bad) == [False, True]


def test_of_two_faulty_versions_the_later_one_is_told() -> None:
    first, second = of_size(paper("photo", HE), 300, 300), of_size(paper("photo", HE, mail="m2", at=LATER), 500, 800)
    result = judged(first, second)
    assert [d.superseded for d in result.documents] == [True, False]
    assert [d.findings[0].measured["width"] for d in result.documents if not d.superseded] == [500]


def test_of_two_versions_in_order_the_later_one_counts() -> None:
    assert superseded(paper("photo", HE), paper("photo", HE, mail="m2", at=LATER)) == [True, False]


def test_two_good_pages_of_one_mail_both_count() -> None:
    back = replace(paper("card_both_sides", HE), path="back.jpg", sha256="b" * 64)
    assert superseded(paper("card_both_sides", HE), back, procedure=P.REPLACE) == [False, False]


def test_another_person_replaces_nothing() -> None:
    assert superseded(paper("photo", HE), paper("photo", JI, mail="m2", at=LATER), people=(HE, JI)) == [False, False]


def test_another_kind_that_stands_for_it_replaces_the_faulty_one() -> None:
    scan = paper("passport_colour_scan", HE, mail="m2", at=LATER)
    assert superseded(wrong(paper("passport_page", HE)), scan) == [True, False]


def test_slips_that_come_in_pieces_count_together() -> None:
    one = with_reading(paper("remittance_mfa", people=2), "amount_cny", "720")
    two = with_reading(paper("remittance_mfa", mail="m2", at=LATER, people=2), "amount_cny", "720")
    result = judged(one, two, people=(HE, JI))
    assert [d.superseded for d in result.documents] == [False, False]
    assert [codes(d) for d in result.documents if "slip.amount" in codes(d)] == []


def insured_elsewhere(*fields: Field) -> Case:
    licence = with_reading(paper("business_licence"), "legal_person", HE.name)
    other = with_reading(paper("social_insurance", HE), "employer", "大连听涛贸易有限公司")
    return case_of(P.NEW, documents=(licence, other), fields=fields)


def both_on_one_page(people: int) -> Document:
    mfa, centre = RULES.fees["mfa"], RULES.fees["centre"]
    said = [
        Field(name, value, value, "layer")
        for fee in (mfa, centre)
        for name, value in (("payee_account", fee.account), ("amount_cny", str(fee.amount_cny * people)))
    ]
    reading = Reading("remittance_mfa", tuple(said), (), ("remittance_centre",))
    return replace(paper("remittance_mfa"), reading=reading)


def test_a_page_with_both_slips_is_both_slips() -> None:
    case = case_of(P.NEW, people=(HE, JI))
    rest = tuple(d for d in case.documents if d.kind not in ("remittance_mfa", "remittance_centre"))
    result = assess(replace(case, documents=(*rest, both_on_one_page(2))), RULES, TODAY)
    slips = {d.document.kind: d.outcome for d in result.documents if d.document.reading.also}
    assert slips == {"remittance_mfa": Outcome.OK, "remittance_centre": Outcome.OK}
    assert not [m for m in result.missing if m.code.startswith("slip.")]


def test_a_page_with_both_slips_for_too_few_people_is_wrong_twice() -> None:
    case = case_of(P.NEW, people=(HE, JI), documents=(both_on_one_page(1),))
    result = assess(case, RULES, TODAY)
    told = sorted(
        int(str(f.measured["amount_cny"])) for d in result.documents for f in d.findings if f.code == "slip.amount"
    )
    assert told == [720, 1500]


def test_one_slip_sent_under_the_names_of_both_fees_pays_only_its_own() -> None:
    mine = paper("remittance_mfa")
    copy = replace(mine, kind="remittance_centre", name="外服汇款单.pdf", path="外服汇款单.pdf")
    result = assess(case_of(P.NEW, documents=(mine, copy)), RULES, TODAY)
    outcomes = {d.document.kind: d.outcome for d in result.documents}
    assert outcomes == {"remittance_mfa": Outcome.OK, "remittance_centre": Outcome.NOT_OK}
    assert [f.code for f in result.flags] == ["slip.account"]  # the office's other account is no foreign one


def test_an_account_that_ocr_read_and_that_is_not_ours_never_counts_as_paid() -> None:
    doubtful = with_reading(paper("remittance_mfa"), "payee_account", "6222020200112233445", sure=False)
    result = assess(case_of(P.NEW, documents=(doubtful,)), RULES, TODAY)
    assert [d.outcome for d in result.documents] == [Outcome.NOT_CHECKED]
    assert [f.code for f in result.flags] == ["slip.account"]


def test_the_legal_representative_need_not_be_insured_by_the_company() -> None:
    assert [codes(d) for d in assess(insured_elsewhere(), RULES, TODAY).documents][1] == []


def test_everybody_else_is_flagged_when_insured_elsewhere() -> None:
    other = with_reading(paper("social_insurance", HE), "employer", "大连听涛贸易有限公司")
    result = judged(other)
    assert result.documents[0].document.reading.get("employer") != COMPANY
    assert "insurance.employer" in {f.code for f in result.flags}
    assert result.documents[0].outcome is Outcome.NOT_CHECKED  # it counts, but only a person may call it good


def test_the_same_case_gives_the_same_assessment_again() -> None:
    case = case_of(P.NEW, documents=(paper("photo", HE), wrong(paper("signature", HE))))
    assert assess(case, RULES, TODAY) == assess(case, RULES, TODAY)
    assert assess(case, RULES, TODAY).verdict is Verdict.CORRECTABLE


def test_a_form_that_a_later_mail_replaces_speaks_against_the_passport_no_more() -> None:
    page, good = paper("passport_page", HE), paper("abtc_basic_data", HE, mail="m2", at=LATER)
    slip_of_the_pen = with_reading(paper("abtc_basic_data", HE), "passport_no", "E00000000")

    def differs(result: Assessment) -> bool:
        told = [f for one in result.documents if one.document.kind == "passport_page" for f in one.findings]
        return any("passport_no" in str(finding.measured) for finding in told)

    assert differs(judged(page, slip_of_the_pen))
    assert not differs(judged(page, slip_of_the_pen, good))
