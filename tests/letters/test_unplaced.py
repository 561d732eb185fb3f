"""Whoever sent a file that nobody could tell is not told that the paper did not come, and whom a mail takes out of a
group is confirmed."""

from dataclasses import replace

import pytest
from tests.support.letters import NUMBER, SENDER, TODAY, case, checked, document, message, only, rules

from mailintake.letters.render import Renderer
from mailintake.letters.view import letter_view
from mailintake.model.assessment import CheckedDocument, Finding, Missing
from mailintake.model.document import Outcome
from mailintake.model.facts import FileFacts, ImageFacts
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import Severity
from mailintake.model.understanding import LetterOrder

SIGNATURE = Missing("signature", "signature.missing", "a2", tolerable=True)


def picture(name: str, format_: str = "heic", width: int = 3024) -> CheckedDocument:
    """A picture that is of no known kind."""
    facts = FileFacts("ef" * 32, 9, format_, image=ImageFacts(width, width, format_, "RGB"))
    return CheckedDocument(document(None, name, facts=facts), Outcome.NOT_CHECKED)


def said(renderer: Renderer, *beside: CheckedDocument) -> str:
    """The letter about a signature that lacks, with these files in the case."""
    assessment = only(SIGNATURE)
    assessment = replace(assessment, documents=(*assessment.documents, *beside))
    order = LetterOrder(LetterKind.TOLERATED, (SENDER,), NUMBER)
    view = letter_view(order, {NUMBER: case(assessment=assessment)}, message(), rules(), TODAY)
    return "\n".join(line.text for line in renderer.letter(view).lines)


def test_a_file_that_may_be_the_paper_is_named_instead_of_saying_that_nothing_came(renderer: Renderer) -> None:
    letter = said(renderer, picture("IMG_5150.HEIC"))
    assert "未能认出（邢若兰）" in letter
    assert "收到：IMG_5150.HEIC，看不出是不是这一项" in letter
    assert "未收到" not in letter


@pytest.mark.parametrize(
    "other",
    [
        picture("logo.png", "png", 64),  # a sign below the mail
        picture("名单.xlsx", "xlsx"),
        checked("company_letter", "公函.pdf"),
    ],
)
def test_a_file_that_cannot_be_the_paper_excuses_nothing(other: CheckedDocument, renderer: Renderer) -> None:
    assert "未收到（邢若兰）" in said(renderer, other)


def test_a_heap_of_unknown_files_says_nothing_of_one_paper(renderer: Renderer) -> None:
    assert "未收到（邢若兰）" in said(renderer, *(picture(f"IMG_{n}.HEIC") for n in range(5)))


def test_whoever_was_taken_out_is_confirmed_by_name(renderer: Renderer) -> None:
    for kind in (LetterKind.ACKNOWLEDGEMENT, LetterKind.TOLERATED):
        order = LetterOrder(kind, (SENDER,), NUMBER, left=("曲直", "山河"))
        view = letter_view(order, {NUMBER: case(assessment=only(SIGNATURE))}, message(), rules(), TODAY)
        letter = "\n".join(line.text for line in renderer.letter(view).lines)
        assert "曲直、山河的申请已按来信登记撤下，由工作人员确认；其余人员的申请照常办理。" in letter


def test_a_picture_in_a_word_file_is_called_by_the_file_that_was_sent(renderer: Renderer) -> None:
    wrong = Finding("signature.format", {"format": "docx"}, {"formats": ["jpeg"]})
    pasted = document("signature", "image2.jpeg", "a2", path="邢若兰材料.docx/image2.jpeg")
    letter = said(renderer, CheckedDocument(pasted, Outcome.NOT_OK, (wrong,)))
    assert "邢若兰材料.docx" in letter
    assert "image2" not in letter


def doubted(path: str, *findings: Finding) -> CheckedDocument:
    """A portrait that came and that a person looks at."""
    return CheckedDocument(document("photo", path, "a1"), Outcome.OK if findings else Outcome.NOT_CHECKED, findings)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (doubted("照片.jpg", Finding("photo.quality", {"faces": 0}, severity=Severity.WARN)), "没有认出正面人像"),
        (doubted("照片.jpg", Finding("photo.quality", {"faces": 2}, severity=Severity.WARN)), "人脸不止一张"),
        (doubted("照片.jpg"), "未能读出需要核对的内容"),
    ],
)
def test_a_paper_that_a_person_looks_at_says_why(one: CheckedDocument, why: str, renderer: Renderer) -> None:
    letter = said(renderer, one)
    assert why in letter
    assert "✓ 电子照片" not in letter
