"""Short forms of companies in running text: place, name of the firm and trade run together, or firm and trade whose
somebody says to be ("I am of …", "Li of place and firm"). They hold no person."""

import re
from functools import lru_cache

from mailintake.model.rules import RuleSet


def without_short_forms(text: str, rules: RuleSet) -> str:
    """The text with as many signs in the place of each short form."""
    vocabulary = rules.vocabulary
    places = tuple(word for city in rules.office.cities for word in city.words[:1])
    leads = tuple(word for word in vocabulary.words("company_lead") if len(word) > 1)
    pattern = _short_form((*vocabulary.words("provinces"), *places), leads, vocabulary.words("company_trades"))
    return pattern.sub(lambda found: "#" * len(found.group()), text)


@lru_cache(maxsize=4)
def _short_form(places: tuple[str, ...], leads: tuple[str, ...], trades: tuple[str, ...]) -> re.Pattern[str]:
    front, end = ("|".join(map(re.escape, words)) for words in (places, trades))
    firm = r"[\u3400-\u9fff]{2,4}?"
    placed = rf"(?:{front})\u5e02?{firm}(?:{end})+"
    behind = "|".join(f"(?<={re.escape(word)})" for word in leads)
    of_whom = rf"(?:{behind}){firm}(?:{end})+(?=\u7684)"
    somebodys = rf"(?:{front})\u5e02?[\u3400-\u9fff]{{3,8}}(?=\u7684(?:[\s,;!?\u3002]|$))"
    return re.compile(f"{placed}|{of_whom}|{somebodys}")
