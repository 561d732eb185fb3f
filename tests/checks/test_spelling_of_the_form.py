"""A form that spells its holder's name otherwise than his passport is looked at by a person, and not ticked."""

import pytest
from tests.support.judgement import RULES
from tests.support.letters import TODAY, case, document

from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document, Outcome
from mailintake.model.facts import Field, FileFacts, Reading
from mailintake.stages.assess.documents import check_documents


def paper(kind: str, name: str, spelt: str) -> Document:
    """A form or a passport page on which the name is spelt so."""
    fields = (Field("name_pinyin", spelt, spelt, "form"), Field("passport_no", "EA1234567", "", "form"))
    return document(kind, name, "a1", facts=FileFacts("0" * 64, 1, "pdf"), reading=Reading(kind, fields))


def form_of(spelt: str, printed: str) -> tuple[Outcome, set[str]]:
    """What is found of a form beside the passport page."""
    papers = (paper("abtc_basic_data", "基本资料.pdf", spelt), paper("passport_page", "护照.jpg", printed))
    with_papers: Case = case(documents=papers)
    found = next(d for d in check_documents(with_papers, RULES, TODAY) if d.document.kind == "abtc_basic_data")
    return found.outcome, {finding.code for finding in found.findings}


@pytest.mark.parametrize(("spelt", "printed"), [("LV WENBO", "LYU WENBO"), ("LU WENBO", "LYU WENBO")])
def test_another_spelling_of_the_same_name_is_told_to_staff(spelt: str, printed: str) -> None:
    outcome, codes = form_of(spelt, printed)
    assert "form.mismatch" in codes
    assert outcome is not Outcome.OK


@pytest.mark.parametrize("spelt", ["LU WENBO", "Wenbo Lu", "LU WEN BO", "LU, WENBO"])
def test_order_blanks_and_case_are_no_other_spelling(spelt: str) -> None:
    assert "form.mismatch" not in form_of(spelt, "LU WENBO")[1]


@pytest.mark.parametrize(("state", "codes"), [("KOR", {"passport.nationality"}), ("CHN", {"passport.mismatch"})])
def test_a_foreigners_passport_is_not_held_against_his_chinese_name(state: str, codes: set[str]) -> None:
    fields = (
        Field("name_pinyin", "PARK MINSOO", "", "mrz"),
        Field("nationality", state, "", "mrz"),
        Field("passport_no", "M12345678", "", "mrz"),
    )
    page = document(
        "passport_page", "护照.jpg", "a1", facts=FileFacts("0" * 64, 1, "jpeg"), reading=Reading("", fields)
    )
    holder = case(documents=(page,), applicants=(Applicant("a1", "朴民秀"),))
    (found,) = check_documents(holder, RULES, TODAY)
    assert {finding.code for finding in found.findings} & {"passport.nationality", "passport.mismatch"} == codes
