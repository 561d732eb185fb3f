"""Short forms of companies in running text: place, name of the firm and trade run together. They hold no person."""

import re
from functools import lru_cache

from mailintake.model.rules import RuleSet


def without_short_forms(text: str, rules: RuleSet) -> str:
    """The text with as many signs in the place of each short form."""
    places = tuple(word for city in rules.office.cities for word in city.words[:1])
    pattern = _short_form((*rules.vocabulary.words("provinces"), *places), rules.vocabulary.words("company_trades"))
    return pattern.sub(lambda found: "#" * len(found.group()), text)


@lru_cache(maxsize=4)
def _short_form(places: tuple[str, ...], trades: tuple[str, ...]) -> re.Pattern[str]:
    front, end = ("|".join(map(re.escape, words)) for words in (places, trades))
    return re.compile(rf"(?:{front})\u5e02?[\u3400-\u9fff]{{2,4}}?(?:{end})(?:(?:{end}))*")
