"""Letters, requests and loss reports: which matter, whose, why, with which numbers."""

from mailintake.model.facts import Reading
from mailintake.model.procedure import ProcedureKey
from mailintake.stages.interpret.dates import Dates
from mailintake.stages.interpret.fields import Collected
from mailintake.stages.interpret.letter_facts import add_facts
from mailintake.stages.interpret.people import company_at_start
from mailintake.stages.interpret.titles import addressed, is_letter_title
from mailintake.stages.interpret.words import Words
from mailintake.stages.words.name_words import is_name
from mailintake.stages.words.page import Page, row_text

_TITLE_ROWS = 6
_SIGNED_ROWS = 4  # at the foot: the company, the date
P = ProcedureKey
_MATTERS = (P.CANCEL, P.EARLY_ISSUE, P.REPLACE, P.PASSPORT_CHANGE)  # of which a letter may be; in the order of looking


def is_official_letter(page: Page, words: Words) -> bool:
    """Addressed to a foreign affairs office, or closed like an official letter, about the card or a passport."""
    text = page.text
    about = words.has("letter_card_words", text) or bool(_named(text, words))
    marks = words.has("letter_marks", text) + words.has("letter_closings", text) + titled(page, words)
    return about and marks >= 1 and words.has("letter_asks", text)


def titled(page: Page, words: Words) -> bool:
    """A title line that ends with a word for letter."""
    return any(is_letter_title(row[0].text, words) for row in page.rows[:_TITLE_ROWS] if len(row) == 1)


def by_form(page: Page, words: Words) -> bool:
    """An official letter by how it is set, before any word inside counts: addressed to the office, or headed and
    closed, and signed as letters are."""
    if not is_official_letter(page, words):
        return False
    closed = words.has("letter_closings", "\n".join(row_text(row) for row in page.rows[1:]))
    last = page.rows[-_SIGNED_ROWS:]
    sealed = any(company_at_start(row[0].text, words) and len(row) == 1 for row in last)
    dated = any(Dates(words).find(row[-1].text) for row in last)
    signs = (addressed(page, words), titled(page, words), closed, sealed, dated)
    return (signs[0] or (signs[1] and closed)) and sum(signs) > 1


def read_letter(page: Page, words: Words) -> Reading:
    """The first of `letter_kind` is the matter of the letter; a second one is asked for along with it."""
    found = Collected(page.source)
    flow = words.pattern("letter_closings").sub(lambda closing: "\n" + closing[0], page.flow)  # a name ends before them
    asked, kinds = matters(_title(page, words), flow, words), words.kinds.asking()
    named = [kinds[matter] for matter in asked if matter in kinds] or [words.kinds.plain("letter")]
    for kind in named:
        found.add("letter_kind", kind)
    add_facts(flow, words, found)
    for row in (*page.rows[:2], *page.rows[-4:]):
        found.add("employer", company_at_start(row[0].text, words), row[0].text, sure=page.source != "ocr", at=row[0])
    return Reading(named[0], tuple(found.fields), _evidence(asked, flow, words))


def _evidence(asked: tuple[ProcedureKey, ...], flow: str, words: Words) -> tuple[str, ...]:
    """The words that spoke for each matter."""
    spoke = (words.pattern(f"letter_asks_{matter.value}").search(flow) for matter in asked)
    return tuple(m[0] for m in spoke if m) or ("letter",)


def _named(text: str, words: Words) -> list[ProcedureKey]:
    return [matter for matter in _MATTERS if words.has(f"letter_asks_{matter.value}", text)]


def _title(page: Page, words: Words) -> str:
    """The lines above the address: the title may break over two of them."""
    rows = []
    for row in page.rows[:_TITLE_ROWS]:
        text = "".join(cell.text for cell in row)
        if words.has("letter_marks", text) and text.rstrip().endswith((":", ",", ";")):
            break
        rows.append(text)
    return "".join(rows)


def matters(title: str, flow: str, words: Words) -> tuple[ProcedureKey, ...]:
    """What the letter asks for, its title first. A new passport as the reason for a new card is a replacement; a
    passport change is one only while the card has not been made or where no card is asked for (guide 3.1, 4). Empty for
    a letter that names none of them: a first application or a renewal."""
    for text in (title, flow):
        named = _named(text, words)
        if P.PASSPORT_CHANGE in named and P.REPLACE in named:
            pending = words.has("letter_pending", flow)
            named.remove(P.REPLACE if pending else P.PASSPORT_CHANGE)
        if P.REPLACE in named and P.EARLY_ISSUE in named:
            named.remove(P.EARLY_ISSUE)  # further economies for a card that was issued early
        if named:
            if named[0] is P.REPLACE and words.has(f"letter_asks_{P.CANCEL.value}", flow):
                named.append(P.CANCEL)
            # Replacement first: the cancellation of the lost card goes along with it.
            return tuple(sorted(dict.fromkeys(named), key=lambda matter: matter is not P.REPLACE))
    return ()


def read_police_report(page: Page, words: Words) -> Reading:
    """Who lost what. A receipt is addressed to whom it is given: a row of a name and a colon."""
    found = Collected(page.source)
    for row in page.rows:
        text = row_text(row).replace(" ", "").rstrip()
        if text.endswith(":") and is_name(text[:-1], words.names, bounded=True):
            found.add("name_zh", text[:-1], sure=found.source != "ocr")
    add_facts(page.flow, words, found)
    return Reading("", tuple(found.fields), ("title",))
