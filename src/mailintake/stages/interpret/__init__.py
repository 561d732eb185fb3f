"""What a document says: pure reading of its text and form fields, by configured words. Entry point: `interpret`."""

from mailintake.model.facts import FileFacts, PdfShape, Reading, TextFacts
from mailintake.model.romanisation import romanises
from mailintake.model.rules import RuleSet
from mailintake.stages.interpret.card import read_card
from mailintake.stages.interpret.form import read_fields
from mailintake.stages.interpret.kinds import read_by_title, read_untitled
from mailintake.stages.interpret.page import arrange
from mailintake.stages.interpret.passport import read_passport
from mailintake.stages.interpret.slip import read_slip
from mailintake.stages.interpret.words import Words

__all__ = ["interpret", "romanises"]

_FORMS = (PdfShape.ACROFORM, PdfShape.XFA, PdfShape.EMPTY_FORM)


def interpret(facts: FileFacts, text: TextFacts | None, name: str, rules: RuleSet) -> Reading:
    """The kind a document's own content speaks for, and the fields found in it. An empty reading where it does not
    say. The file's name is no content: assigning documents weighs it, reading them does not."""
    words = Words(rules.vocabulary)
    page = arrange(text) if text is not None and text.lines else None
    if facts.pdf is not None and facts.pdf.shape in _FORMS:
        form = read_fields(facts.pdf, page, words)
        if form is not None:
            return form
    if page is None:
        return Reading()
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
