"""Until when the card of an enquiry is valid, and from when its renewal may be asked for (guide 2.1②)."""

import re
from datetime import date

from mailintake.checks.months import add_months, iso_date
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import CardEnd, People
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of
from mailintake.stages.words.text_facts import numeral

_WINDOW = "card_window"  # the condition of a renewal
_MONTH = re.compile(r"(?P<year>\S{1,4})\u5e74\u7684? ?(?P<month>[0-9]{1,2}|[\u4e00-\u9fff]{1,3}?) ?\u6708")
_MAX_TEXT = 8000  # characters of a mail


def card_end(message: InboundMessage, people: People, rules: RuleSet) -> CardEnd | None:
    """The one day, or month, on which a mail says that a card ends; `over` where that is past, or is said to be. None
    where nothing is told, or several days are."""
    today = message.date.date() if message.date else None
    said = fold(own_words(message, rules).both[:_MAX_TEXT])
    over = any_of(rules.vocabulary.words("card_over_patterns")).search(said) is not None
    days = {field.value for field in people.fields if field.name == "card_expiry"}
    days |= {person.card_expiry for person in people.applicants if person.card_expiry}
    day = iso_date(next(iter(days))) if len(days) == 1 else None
    if day is not None:
        past = today is not None and day < today
        return CardEnd(day.isoformat(), "" if past else _from(day, rules), over=past)
    months = {field.value for field in people.fields if field.name == "card_expiry_month"}
    month = _month(next(iter(months)), today, rules) if len(months) == 1 and not days and not over else None
    if month is not None and today is not None and month >= today.replace(day=1):
        return CardEnd(month.isoformat()[:7], _from(month, rules)[:7])
    return CardEnd(over=True) if over and not days else None


def _from(day: date, rules: RuleSet) -> str:
    windows = (c for c in rules.procedure(ProcedureKey.RENEW).conditions if c.use == _WINDOW)
    months = int(str(next((c.params["months"] for c in windows), 0)))
    return add_months(day, -months).isoformat() if months else ""


def _month(text: str, today: date | None, rules: RuleSet) -> date | None:
    """The first day of a month that is told with its year, in digits or as "next year"."""
    hit = _MONTH.match(fold(text))
    if hit is None or today is None:
        return None
    told = hit["year"]
    year = int(told) % 100 + 2000 if told.isdecimal() else _relative(hit, today, rules)
    month = numeral(hit["month"], rules.vocabulary)
    return date(year, month, 1) if year and 1 <= month <= 12 else None


def _relative(hit: re.Match[str], today: date, rules: RuleSet) -> int:
    """The year of "this, next year"; 0 where it is none. A row of the list: how many years later, and its words."""
    for row in rules.vocabulary.words("relative_years"):
        later, _, said = row.partition(" ")
        if any(hit[0].startswith(fold(word)) for word in said.split("|")):
            return today.year + int(later)
    return 0
