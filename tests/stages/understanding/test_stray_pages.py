"""A passport page of somebody for whom nothing else speaks, in place of the applicant's own: its holder applies for
nothing, and the applicant is told that the page is not his."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.support.intake_mails import letter, people_of, reading
from tests.support.judgement import RULES, case_of
from tests.support.letters import TODAY

from mailintake.model.assessment import CheckedDocument
from mailintake.model.document import STRAY
from mailintake.model.facts import Reading
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import People
from mailintake.stages.assess.documents import check_documents

_WIFE = reading("passport_page", name_zh="柴静怡", name_pinyin="CHAI JINGYI", passport_no="EP7715519")
_OWN = reading("passport_page", name_zh="苗雪", name_pinyin="MIAO XUE", passport_no="EA5550011")
_FORM = reading("abtc_basic_data", name_zh="苗雪", name_pinyin="MIAO XUE", passport_no="EA5550011")


def assigned(text: str, files: Sequence[str], rules: RuleSet, *read: Reading) -> People:
    return people_of(letter("苗雪新办APEC卡", text, files), rules, dict(zip(files, read, strict=False)))


@pytest.mark.parametrize(
    "text", ["本人苗雪，首次申办，材料附上。", "我公司苗雪新办，就她一个人，材料附上。", "苗雪新办APEC卡。"]
)
def test_its_holder_applies_for_nothing(text: str, rules: RuleSet) -> None:
    people = assigned(text, ("护照首页.jpg", "苗雪基本资料.pdf", "苗雪照片.jpg"), rules, _WIFE, _FORM)
    assert [(a.name, a.passport_no, a.conflicts) for a in people.applicants] == [("苗雪", "EA5550011", ())]
    (page,) = (d for d in people.documents if d.kind == "passport_page")
    assert STRAY in {reason.rule for reason in page.reasons}


@pytest.mark.parametrize(
    ("text", "files", "read"),
    [
        ("苗雪、柴静怡新办APEC卡。", ("护照首页.jpg", "苗雪基本资料.pdf"), (_WIFE, _FORM)),
        ("苗雪等2人新办APEC卡。", ("护照首页.jpg", "苗雪基本资料.pdf"), (_WIFE, _FORM)),
        ("苗雪和同事新办APEC卡，两人的材料附上。", ("护照首页.jpg", "苗雪基本资料.pdf"), (_WIFE, _FORM)),
        ("苗雪新办APEC卡。", ("柴静怡护照首页.jpg", "苗雪基本资料.pdf"), (_WIFE, _FORM)),
        ("苗雪新办APEC卡。", ("护照首页.jpg", "护照首页2.jpg"), (_WIFE, _OWN)),
    ],
)
def test_whom_a_word_a_count_or_a_files_name_speaks_for_applies(
    text: str, files: tuple[str, ...], read: tuple[Reading, ...], rules: RuleSet
) -> None:
    people = assigned(text, files, rules, *read)
    assert {person.name for person in people.applicants} == {"苗雪", "柴静怡"}


def test_the_page_is_told_as_not_the_applicants_and_taints_no_other_paper(rules: RuleSet) -> None:
    people = assigned("苗雪首次申办。", ("护照首页.jpg", "苗雪基本资料.pdf"), rules, _WIFE, _FORM)
    case = replace(case_of(ProcedureKey.NEW), applicants=people.applicants, documents=people.documents)
    checked: dict[str | None, CheckedDocument] = {d.document.kind: d for d in check_documents(case, RULES, TODAY)}
    (found,) = checked["passport_page"].findings
    assert (found.code, found.severity, dict(found.measured)) == (
        "passport.mismatch",
        Severity.CORRECT,
        {"of_another": True},
    )
    assert "form.mismatch" not in {f.code for f in checked["abtc_basic_data"].findings}
