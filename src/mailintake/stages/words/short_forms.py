"""Short forms of companies in running text: place, name of the firm and trade run together, or firm and trade whose
somebody says to be ("I am of …", "Li of place and firm"). They hold no person."""

import re
from functools import lru_cache

from mailintake.model.rules import RuleSet

_NOTHING = "(?!)"  # an empty list


@lru_cache(maxsize=32)
def without_short_forms(text: str, rules: RuleSet) -> str:
    """The text with as many signs in the place of each short form; kept for the texts of one mail."""
    masked = _short_form(rules).sub(lambda found: "#" * len(found.group()), text)
    words = rules.vocabulary
    never = frozenset("".join((*words.words("never_in_companies"), *words.words("never_in_short_forms"))))
    alone = _standing_alone(rules)
    return alone.sub(lambda f: "#" * len(f.group()) if never.isdisjoint(f.group()) else f.group(), masked)


def places(rules: RuleSet) -> tuple[str, ...]:
    """The province and its cities, as names of companies begin with them."""
    return (*rules.vocabulary.words("provinces"), *(word for city in rules.office.cities for word in city.words[:1]))


@lru_cache(maxsize=4)
def _standing_alone(rules: RuleSet) -> re.Pattern[str]:
    """A run of characters by itself that begins with a place, or ends as organisations do."""
    front = "|".join(map(re.escape, places(rules)))
    end = "|".join(re.escape(w) for w in rules.vocabulary.words("organisation_ends") if len(w) > 1) or _NOTHING
    han = r"[\u3400-\u9fff]"
    return re.compile(rf"(?<!{han})(?:(?:{front}){han}{{3,10}}|{han}{{3,10}}(?:{end}))(?!{han})")


@lru_cache(maxsize=4)
def _short_form(rules: RuleSet) -> re.Pattern[str]:
    vocabulary = rules.vocabulary
    leads = tuple(word for word in vocabulary.words("company_lead") if len(word) > 1)
    front, end = ("|".join(map(re.escape, words)) for words in (places(rules), vocabulary.words("company_trades")))
    firm = r"[\u3400-\u9fff]{2,4}?"
    placed = rf"(?:{front})\u5e02?{firm}(?:{end})+"
    behind = "|".join(f"(?<={re.escape(word)})" for word in leads)
    of_whom = rf"(?:{behind}){firm}(?:{end})+(?=\u7684)"
    somebodys = rf"(?:{front})\u5e02?[\u3400-\u9fff]{{3,8}}(?=\u7684(?:[\s,;!?\u3002]|$))"
    return re.compile(f"{placed}|{of_whom}|{somebodys}")
