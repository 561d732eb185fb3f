"""Both sides of a business travel card: number, validity, holder."""

from mailintake.model.facts import Reading
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.economies import economies_by_code
from mailintake.stages.interpret.fields import PASSPORT_NO, SURE_SCORE, Collected, card_no, latin_name
from mailintake.stages.interpret.labels import Labels, Pair
from mailintake.stages.interpret.words import Words
from mailintake.stages.words.page import Page

_KEYS = ("card_no", "card_expiry", "passport_no", "name_pinyin", "birth_date", "nationality")
_ENOUGH = 2
_TOP_ROWS = 12


def read_card(page: Page, words: Words) -> Reading | None:
    """A reading when the card's own English name stands near the top and its labels below, else None."""
    top = "\n".join(cell.text for cell in page.cells if cell.row < _TOP_ROWS)
    labels = Labels(words.labels("card", _KEYS))
    if not words.has("card_marks", top) or labels.count(page) < _ENOUGH:
        return None
    found = Collected(page.source)
    dates = Dates(words)
    day_first = "/" in page.text and any(d.iso for d in dates.find(page.text))
    for pair in labels.pairs(page):
        if not found.has(pair.key):
            text, sure = _value(pair, dates, day_first=day_first)
            found.add(
                pair.key, text, pair.value, sure=sure and pair.score >= SURE_SCORE and not pair.glued, at=pair.cell
            )
    codes = economies_by_code(page.text, words)
    found.add("economies", " ".join(codes), sure=False)
    sides = ("front",) if found.has("card_no") else ()
    back = ("back",) if words.has("card_back", page.text) else ()
    return Reading(words.kinds.plain("card"), tuple(found.fields), sides + back)


def _value(pair: Pair, dates: Dates, *, day_first: bool) -> tuple[str, bool]:
    """(normal form, can it be trusted). 08/07/2030 is read day first, as the card prints it, but only another date of
    the card that can be read no other way makes it sure."""
    if pair.key == "card_no":
        return card_no(pair.value), True
    if pair.key == "passport_no":
        number = PASSPORT_NO.search(pair.value.upper().replace(" ", ""))
        return (number[0] if number else ""), True
    if pair.key in ("card_expiry", "birth_date"):
        plain = dates.first(pair.value)
        return (plain, True) if plain else (_day_first(pair.value) or "", day_first)
    if pair.key == "name_pinyin":
        return latin_name(pair.value), True
    return pair.value.upper(), True


def _day_first(text: str) -> str | None:
    import re
    from datetime import date

    found = re.search(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]((?:19|20)\d\d)", text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])).isoformat() if found else None
    except ValueError:
        return None
