"""What the tests of letters share."""

from collections.abc import Callable
from functools import cache

import pytest
from tests.support.letters import card_lacking, rules, situations

from mailintake.config.resource import resource
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.letter import LetterView
from mailintake.stages.assign.addressee import addressee


@pytest.fixture(scope="session")
def renderer() -> Renderer:
    """The shipped templates."""
    return Renderer(resource("templates"))


@cache
def _view(name: str) -> LetterView:
    order, case, message, today = situations()[name]
    cases = {one.number: one for one in (case, card_lacking()) if one}
    return letter_view(order, cases, message, rules(), today, addressee=addressee(message, rules()))


@pytest.fixture(scope="session")
def view() -> Callable[[str], LetterView]:
    """The view of a situation."""
    return _view


@pytest.fixture(scope="session")
def letter(renderer: Renderer) -> Callable[[str], Rendered]:
    """The letter of a situation."""
    return cache(lambda name: renderer.letter(_view(name)))
