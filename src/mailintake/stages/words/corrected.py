"""A number that the same text takes back: "the card is not … but …", "the last two digits are swapped, it is …"."""

from collections.abc import Iterator, Sequence

from mailintake.model.rules import Vocabulary
from mailintake.stages.words.fold import fold
from mailintake.stages.words.speech import any_of
from mailintake.stages.words.text_facts import TextFact

_NUMBERS = frozenset({"passport_no", "card_no"})
_FRONT, _BETWEEN, _BEHIND = 8, 60, 12  # characters before the first number, to the next, behind that


def without_corrected(text: str, facts: Sequence[TextFact], vocabulary: Vocabulary) -> Iterator[TextFact]:
    """The facts without the numbers that the next number of their kind corrects."""
    corrects = any_of(vocabulary.words("number_corrected_patterns"))
    for at, fact in enumerate(facts):
        later = next((other for other in facts[at + 1 :] if other.name == fact.name), None)
        if later is None or fact.name not in _NUMBERS or later.start - fact.end > _BETWEEN or later.start < fact.end:
            yield fact
            continue
        front, between = text[max(0, fact.start - _FRONT) : fact.start], text[fact.end : later.start]
        shown = f"{fold(front)}|{fold(between)}|{fold(text[later.end : later.end + _BEHIND])}"
        if not corrects.search(shown):
            yield fact
