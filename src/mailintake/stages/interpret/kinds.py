"""Which reader a page asks for, by its title and its words."""

from collections.abc import Callable
from dataclasses import replace

from mailintake.model.facts import Reading
from mailintake.model.procedure import DocumentKind
from mailintake.stages.interpret.certificate import read_certificate
from mailintake.stages.interpret.company_papers import read_licence, read_profile, read_tax, read_trade
from mailintake.stages.interpret.form import printed_fields, read_printed
from mailintake.stages.interpret.insurance import read_insurance
from mailintake.stages.interpret.labelled import read_labelled
from mailintake.stages.interpret.letter import by_form, is_official_letter, read_letter, read_police_report
from mailintake.stages.interpret.readers import LABELS, title_list
from mailintake.stages.interpret.titles import head_lines, is_letter_title, names_paper
from mailintake.stages.interpret.words import Words, squash
from mailintake.stages.words.page import Page

_INSURANCE_WORDS = 2
_FORM_FIELDS = 7  # an untitled page that names so many fields of the form is the form
_FORM, _POLICE, _INSURANCE = "form", "police", "insurance"
_BY_READER: dict[str, Callable[[Page, Words], Reading]] = {
    "certificate": read_certificate,
    _INSURANCE: read_insurance,
    "licence": read_licence,
    "tax": read_tax,
    "profile": read_profile,
    _POLICE: read_police_report,
    "trade": read_trade,
}
LETTER = "letter"  # title of any official letter; which one its text says


def read_by_title(page: Page, words: Words) -> Reading | None:
    """The reading by the kind that a title line names; an official letter by its form, whatever papers it mentions."""
    kind, is_letter_by_title = title_kind(page, words)
    if is_letter_by_title or (kind is None and by_form(page, words)):
        return read_letter(page, words)
    return None if kind is None else _read_as(kind.reader, kind.key, page, words)


def _read_as(reader: str, kind: str, page: Page, words: Words) -> Reading:
    if reader == _FORM:
        return read_printed(page, words, kind)
    if reader == LABELS:
        return read_labelled(page, words, kind)
    return replace(_BY_READER[reader](page, words), kind=kind)


def read_untitled(page: Page, words: Words) -> Reading | None:
    """Letters, whose title says no kind, and papers whose first line is cut off or cannot be read."""
    if is_official_letter(page, words):
        return read_letter(page, words)
    if words.has("police_marks", page.text) and words.has("police_words", page.text):
        return _read_as(_POLICE, words.kinds.plain(_POLICE), page, words)
    if len({squash(m[0]) for m in words.pattern("insurance_words").finditer(page.text)}) >= _INSURANCE_WORDS:
        insurance = _read_as(_INSURANCE, words.kinds.plain(_INSURANCE), page, words)
        if insurance.get("insured_from"):
            return insurance
    if printed_fields(page, words) >= _FORM_FIELDS:
        return read_printed(page, words, words.kinds.form())
    return None


def title_kind(page: Page, words: Words) -> tuple[DocumentKind | None, bool]:
    """The kind whose title stands in one of the first rows, of several the one named first, longest title first; and
    whether it is the title of an official letter instead."""
    for text in head_lines(page):
        if is_letter_title(text, words) and (words.has("letter_card_words", text) or is_official_letter(page, words)):
            return None, True
        if words.has("title_other_papers", text):
            continue
        not_itself = _ends(text, "title_not_the_paper", words)
        kinds = [kind for kind in words.kinds.titled() if kind.reader == _FORM or not not_itself]
        found = [(length, kind) for kind in kinds if (length := names_paper(text, title_list(kind), words))]
        if not found:
            continue
        kind = max(found, key=lambda item: item[0])[1]
        if kind.reader != _POLICE or words.has("police_marks", page.text):  # a company's own statement is a letter
            return kind, False
    return None, False


def _ends(text: str, list_: str, words: Words) -> bool:
    return squash(text).endswith(words.squashed(list_))
