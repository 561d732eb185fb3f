"""What is asked beside an application is answered in its letter: by the guide's sentence, or by a person."""

import pytest
from tests.support.letters import NUMBER, SENDER, TODAY, case, lacking, message, rules

from mailintake.letters.render import Renderer
from mailintake.letters.view import letter_view
from mailintake.model.letter import LetterKind
from mailintake.model.question import QuestionKind as Q
from mailintake.model.understanding import LetterOrder


def said(renderer: Renderer, *asked: Q) -> str:
    """The lines of the letter that asks for what lacks."""
    order = LetterOrder(LetterKind.TOLERATED, (SENDER,), NUMBER, questions=asked)
    view = letter_view(order, {NUMBER: case(assessment=lacking())}, message(), rules(), TODAY)
    made = renderer.letter(view)
    return "\n".join(line.text for line in made.lines)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [(Q.CERTIFICATE, "出函之日起 3 个月内"), (Q.TEMPLATES, "wsb.ln.gov.cn"), (Q.ROUTE, "再报外交部审批")],
)
def test_a_question_beside_an_application_gets_the_guides_sentence(renderer: Renderer, asked: Q, sentence: str) -> None:
    assert sentence in said(renderer, asked).partition("您问到的")[2]
    assert "由工作人员答复您" not in said(renderer, asked)


def test_what_the_guide_is_silent_about_is_answered_by_a_person(renderer: Renderer) -> None:
    assert "来信里的问题，由工作人员答复您。" in said(renderer, Q.UNKNOWN)
    assert "来信里的其他问题，由工作人员答复您。" in said(renderer, Q.CERTIFICATE, Q.UNKNOWN)


def test_who_asks_nothing_reads_of_no_question(renderer: Renderer) -> None:
    assert "问" not in said(renderer).replace("咨询", "").replace("外交部", "")
