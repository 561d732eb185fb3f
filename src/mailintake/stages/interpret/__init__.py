"""What a document says: pure reading of its text and form fields, by configured words. Entry point: `interpret`."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.facts import FileFacts, PdfShape, Reading, TextFacts
from mailintake.model.romanisation import romanises
from mailintake.model.rules import RuleSet
from mailintake.stages.interpret.card import read_card
from mailintake.stages.interpret.form import read_fields
from mailintake.stages.interpret.kinds import read_by_title, read_untitled
from mailintake.stages.interpret.passport import read_passport
from mailintake.stages.interpret.places import with_places
from mailintake.stages.interpret.slip import read_slip
from mailintake.stages.interpret.words import Words, words_of
from mailintake.stages.words.page import Page, arrange, by_page, parted

__all__ = ["interpret", "romanises"]

_SEEN = "ocr"
_FORMS = (PdfShape.ACROFORM, PdfShape.XFA, PdfShape.EMPTY_FORM)


def interpret(facts: FileFacts, text: TextFacts | None, name: str, rules: RuleSet) -> Reading:
    """The kind a document's own content speaks for, and the fields found in it. An empty reading where it does not
    say. The file's name is no content: assigning documents weighs it, reading them does not."""
    words = words_of(rules)
    pages = [arrange(part) for part in parted(text) if part.lines] if text is not None else []
    if facts.pdf is not None and facts.pdf.shape in _FORMS:
        form = read_fields(facts.pdf, pages[0] if pages else None, words)
        if form is not None:
            return form
    readings = [reading for page in pages for reading in _by_page(page, words, rules)]
    return joined(readings) if readings else Reading()


def _by_page(page: Page, words: Words, rules: RuleSet) -> tuple[Reading, ...]:
    """The reading of the whole, or, where pages that were read by eye are papers of several kinds scanned into one
    file, each page's own."""
    whole = with_places(_read(page, words, rules), page)
    apart = by_page(page)
    if page.source != _SEEN or len(apart) == 1:
        return (whole,)
    each = tuple(with_places(_read(one, words, rules), one) for one in apart)
    kinds = {reading.kind for reading in each if reading.kind}
    return each if len(kinds) > 1 or (kinds and not whole.kind) else (whole,)


def joined(readings: Sequence[Reading]) -> Reading:
    """One file's parts as one: the first kind is the file's, the others it holds as well."""
    first = next((r for r in readings if r.kind), readings[0])
    others = [r for r in readings if r is not first]
    more = (kind for r in others for kind in (r.kind, *r.also) if kind and kind != first.kind)
    return replace(
        first,
        fields=first.fields + tuple(field for r in others for field in r.fields),
        evidence=first.evidence + tuple(why for r in others for why in r.evidence),
        also=tuple(dict.fromkeys((*first.also, *more))),
    )


def _read(page: Page, words: Words, rules: RuleSet) -> Reading:
    passport = read_passport(page, words)
    if passport is not None and "mrz" in " ".join(passport.evidence):
        return passport
    return (
        read_card(page, words)
        or read_by_title(page, words)
        or passport
        or read_slip(page, words, tuple(rules.fees.values()))
        or read_untitled(page, words)
        or Reading()
    )
