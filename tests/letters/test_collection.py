"""The page of letters: fresh, enough of them, short lines, no contradictions."""

from pathlib import Path

import pytest
from tests.letters.collection import document, letters

from mailintake.config.resource import resource
from mailintake.letters.contradictions import contradictions
from mailintake.letters.page import WIDTH
from mailintake.letters.render import Renderer
from mailintake.model.letter import INTERNAL, LetterKind

PAGE = Path(__file__).parents[2] / "docs" / "letters.md"
MADE = list(letters())
SUBJECT = 40  # characters


def test_the_page_shows_the_letters_as_they_are() -> None:
    assert PAGE.read_text("utf-8") == "".join(f"{line}\n" for line in document()), "make docs"


def test_it_holds_sixty_letters_of_every_kind() -> None:
    assert len(MADE) >= 60
    assert {view.kind for _, view, _ in MADE} == set(LetterKind) - INTERNAL


@pytest.mark.parametrize("number", range(len(MADE)), ids=[name for name, *_ in MADE])
def test_a_letter_of_the_page_is_short_and_consistent(number: int) -> None:
    _, view, made = MADE[number]
    assert contradictions(made, view, Renderer(resource("templates")).phrases) == ()
    assert len(made.subject) <= SUBJECT, made.subject
    long = [line for line in made.text.splitlines() if len(line) > WIDTH and " " in line.strip()]
    assert long == []
