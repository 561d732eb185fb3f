"""A paper of which the configuration alone knows what stands on it: labels and their values."""

from mailintake.model.facts import Reading
from mailintake.stages.interpret.fields import SURE_SCORE, Collected, normal
from mailintake.stages.interpret.labels import Labels
from mailintake.stages.interpret.words import Words
from mailintake.stages.words.page import Page

_NO_FIELD = "other"  # labels that only end the value before them


def read_labelled(page: Page, words: Words, kind: str) -> Reading:
    """The fields that have labels in `doc_<kind>_<field>`, in their normal forms. What OCR read is sure only where it
    read the line with confidence and something parts the value from its label."""
    keys = tuple(key for key in words.keys(kind) if key != _NO_FIELD)
    found = Collected(page.source)
    for pair in Labels(words.labels(kind, keys)).pairs(page):
        if not found.has(pair.key):
            sure = page.source != "ocr" or (pair.score >= SURE_SCORE and not pair.glued)
            found.add(pair.key, normal(pair.key, pair.value, words), pair.value, sure=sure, at=pair.cell)
    return Reading(kind, tuple(found.fields), ("title",))
