"""Which reader a page asks for, by its title and its words."""

from collections.abc import Callable

from mailintake.model.facts import Reading
from mailintake.stages.interpret.certificate import read_certificate
from mailintake.stages.interpret.company_papers import read_licence, read_profile, read_tax, read_trade
from mailintake.stages.interpret.form import printed_fields, read_printed
from mailintake.stages.interpret.insurance import read_insurance
from mailintake.stages.interpret.letter import by_form, is_letter, read_letter, read_police_report
from mailintake.stages.interpret.page import Page
from mailintake.stages.interpret.titles import head_lines, is_letter_title, names_paper
from mailintake.stages.interpret.words import Words, squash

_POLICE = "police_loss_report"  # of the police: a company's own statement under that title is a letter
_INSURANCE_WORDS = 2
_FORM_FIELDS = 7  # an untitled page that names so many fields of the form is the form
_READERS: dict[str, Callable[[Page, Words], Reading]] = {
    "no_criminal_record": read_certificate,
    "social_insurance": read_insurance,
    "business_licence": read_licence,
    "tax_proof": read_tax,
    "company_profile": read_profile,
    _POLICE: read_police_report,
    "trade_evidence": read_trade,
}
_FORMS = ("application_form", "abtc_basic_data")
_ORDER = (*_FORMS, *_READERS)


LETTER = "letter"  # title of any official letter; which one its text says


def read_by_title(page: Page, words: Words) -> Reading | None:
    """The reading by the kind that a title line names; an official letter by its form, whatever papers it mentions."""
    kind = title_kind(page, words)
    if kind == LETTER or (not kind and by_form(page, words)):
        return read_letter(page, words)
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
    for text in head_lines(page):
        if is_letter_title(text, words) and (words.has("letter_card_words", text) or is_letter(page, words)):
            return LETTER
        if words.has("title_other_papers", text):
            continue
        kinds = _FORMS if _ends(text, "title_not_the_paper", words) else _ORDER
        found = [(length, kind) for kind in kinds if (length := names_paper(text, f"title_{kind}", words))]
        kind = max(found, key=lambda item: item[0])[1] if found else ""
        if kind and not (kind == _POLICE and not words.has("police_marks", page.text)):
            return kind
    return ""


def _ends(text: str, list_: str, words: Words) -> bool:
    return squash(text).endswith(tuple(squash(word) for word in words.words(list_)))
