"""Which reader a page asks for, by its title and its words."""

from collections.abc import Callable

from mailintake.model.facts import Reading
from mailintake.stages.interpret.certificate import read_certificate
from mailintake.stages.interpret.company_papers import read_licence, read_profile, read_tax, read_trade
from mailintake.stages.interpret.form import printed_fields, read_printed
from mailintake.stages.interpret.insurance import read_insurance
from mailintake.stages.interpret.letter import is_letter, read_letter, read_police_report
from mailintake.stages.interpret.page import Page
from mailintake.stages.interpret.words import Words, squash

_TITLE_ROWS = 5
_TITLE_LENGTH = 32
_INSURANCE_WORDS = 2
_FORM_FIELDS = 7  # an untitled page that names so many fields of the form is the form
_READERS: dict[str, Callable[[Page, Words], Reading]] = {
    "no_criminal_record": read_certificate,
    "social_insurance": read_insurance,
    "business_licence": read_licence,
    "tax_proof": read_tax,
    "company_profile": read_profile,
    "police_loss_report": read_police_report,
    "trade_evidence": read_trade,
}
_FORMS = ("application_form", "abtc_basic_data")
_ORDER = (*_FORMS, *_READERS)


def read_by_title(page: Page, words: Words) -> Reading | None:
    """The reading by the kind that a title line names."""
    kind = title_kind(page, words)
    if kind in _FORMS:
        return read_printed(page, words, kind)
    return _READERS[kind](page, words) if kind else None


def read_untitled(page: Page, words: Words) -> Reading | None:
    """Letters, whose title says no kind, and papers whose first line is cut off or cannot be read."""
    if is_letter(page, words):
        return read_letter(page, words)
    if words.has("police_marks", page.text) and words.has("police_words", page.text):
        return read_police_report(page, words)
    if len({squash(m[0]) for m in words.pattern("insurance_words").finditer(page.text)}) >= _INSURANCE_WORDS:
        insurance = read_insurance(page, words)
        if insurance.get("insured_from"):
            return insurance
    if printed_fields(page, words) >= _FORM_FIELDS:
        return read_printed(page, words, "abtc_basic_data")
    return None


def title_kind(page: Page, words: Words) -> str:
    """The kind whose title stands in one of the first rows; of several the one named first, longest title first."""
    for row in page.rows[:_TITLE_ROWS]:
        for cell in row:
            text = cell.text
            if len(squash(text)) > _TITLE_LENGTH or (words.has("letter_card_words", text) and _asks(text, words)):
                continue
            kinds = _FORMS if _ends(text, "title_not_the_paper", words) else _ORDER
            found = [(len(m[0]), kind) for kind in kinds for m in [words.pattern(f"title_{kind}").search(text)] if m]
            if found:
                return max(found, key=lambda item: item[0])[1]
    return ""


def _asks(text: str, words: Words) -> bool:
    """A line such as 关于为张三办理APEC商务旅行卡的申请 is a letter's title, whatever paper it mentions."""
    return _ends(text, "title_letter", words)


def _ends(text: str, list_: str, words: Words) -> bool:
    return squash(text).endswith(tuple(squash(word) for word in words.words(list_)))
