"""Whose a passport's number is: of the name beside it, of the former and the latter, of a list in English."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.rules import RuleSet


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "1、丹东远山食品有限公司——2人：阎沐阳 EK5521013、霜晓 EL3382116",
            {"阎沐阳": "EK5521013"},
        ),
        (
            "阎沐阳和关晓申请新办APEC卡，前者护照EK5521013，后者护照EL3382116。",
            {"阎沐阳": "EK5521013", "关晓": "EL3382116"},
        ),
        (
            "Two applicants:\n1) Mr. ZHONGLI Ming (passport EK5521013)\n2) Ms. XUN Lan (passport EL3382116)",
            {"ZHONGLI MING": "EK5521013", "XUN LAN": "EL3382116"},
        ),
    ],
)
def test_a_number_goes_to_whom_it_stands_beside(text: str, numbers: dict[str, str], rules: RuleSet) -> None:
    found = {a.name or a.name_pinyin: a.passport_no for a in people_of(letter("新办", text, ()), rules, {}).applicants}
    assert {name: found.get(name) for name in numbers} == numbers
