"""Every letter as people get it. Written anew by: GOLDENS=write pytest tests/letters/test_goldens.py"""

import os
from pathlib import Path

import pytest
from tests.support.letters import card_lacking, rules, situations

from mailintake.config.resource import resource
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.letter import INTERNAL, LetterKind
from mailintake.stages.assign.addressee import addressee

GOLDENS = Path(__file__).parent / "goldens"
SITUATIONS = situations()


def rendered(name: str) -> Rendered:
    """The letter of that situation."""
    order, case, message, today = SITUATIONS[name]
    cases = {one.number: one for one in (case, card_lacking()) if one}
    view = letter_view(order, cases, message, rules(), today, addressee=addressee(message, rules()))
    return Renderer(resource("templates")).letter(view)


@pytest.mark.parametrize("name", SITUATIONS)
def test_letter_reads_as_agreed(name: str) -> None:
    letter = rendered(name)
    written = f"{letter.subject}\n\n{letter.text}"
    golden = GOLDENS / f"{name}.txt"
    if os.environ.get("GOLDENS") == "write":
        golden.write_text(written, encoding="utf-8")
    assert written == golden.read_text(encoding="utf-8")


def test_every_kind_of_letter_has_a_golden() -> None:
    kinds = {order.letter for order, *_ in SITUATIONS.values()}
    assert kinds == set(LetterKind) - INTERNAL


def test_no_golden_is_left_over() -> None:
    assert {path.stem for path in GOLDENS.glob("*.txt")} == set(SITUATIONS)
