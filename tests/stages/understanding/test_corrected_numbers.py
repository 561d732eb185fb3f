"""A number that the same mail takes back is nobody's, and no contradiction; two people's numbers stay."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.rules import RuleSet


@pytest.mark.parametrize(
    "text",
    [
        "苗雪续办。卡号CHN44019238打错了，应该是CHN44019283，以这个为准。",
        "苗雪的卡号更正一下，不是CHN44019238，是CHN44019283。",
        "苗雪的卡号后两位打反了，上面写的CHN44019238有误，正确的是CHN44019283。",
        "苗雪卡号CHN44019238。更正：卡号为CHN44019283。",
        "苗雪的卡号不是CHN44019238，应该是CHN44019283，续办。",
    ],
)
def test_the_later_number_counts(text: str, rules: RuleSet) -> None:
    (person,) = people_of(letter("苗雪续办", text), rules).applicants
    assert (person.card_no, person.conflicts) == ("CHN44019283", ())


@pytest.mark.parametrize(
    "text",
    [
        "苗雪卡号CHN44019238，岳长庚卡号CHN44019283，都续办。",
        "苗雪、岳长庚续办，卡号分别为CHN44019238、CHN44019283。",
    ],
)
def test_two_peoples_numbers_stay(text: str, rules: RuleSet) -> None:
    people = people_of(letter("续办", text), rules).applicants
    assert {p.name: p.card_no for p in people} == {"苗雪": "CHN44019238", "岳长庚": "CHN44019283"}
