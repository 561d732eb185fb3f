"""What is asked in a mail that brings papers: answered only where the guide's sentence answers those very words.

Theory. Who sends papers asks about their particulars ("is the name right as I wrote it?", "will glasses do?"), in words
that also stand in what the guide answers (form, photo, passport). So a kind counts there only where the sentence asks
for what the guide's sentence says (`question_answered_patterns`, one named group a kind); every other question goes to
a person, by its own words.
"""

from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import Vocabulary
from mailintake.stages.words.fold import fold
from mailintake.stages.words.speech import any_of

_ANSWERED = "question_answered_patterns"


def answered_here(kinds: tuple[QuestionKind, ...], sentence: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """The kinds of a folded sentence that the guide answers as it was asked; UNKNOWN where none of them is left."""
    named = vocabulary.words(_ANSWERED)
    told = {name for pattern in named if (hit := any_of((pattern,)).search(sentence)) for name in hit.groupdict()}
    known = {name for pattern in named for name in any_of((pattern,)).groupindex}
    left = tuple(kind for kind in kinds if kind.value not in known or kind.value in told or kind in BY_STAFF)
    return left or ((QuestionKind.UNKNOWN,) if kinds else ())


def as_written(sentence: str, text: str) -> str:
    """A folded sentence with the capitals that its writer gave to Latin words."""
    for line in text.splitlines():
        plain = " ".join(line.split())
        folded = fold(plain)
        if sentence in folded and len(folded) == len(plain):
            part = plain[folded.find(sentence) :][: len(sentence)]
            return "".join(
                raw if raw.isascii() and raw.isalpha() else low for raw, low in zip(part, sentence, strict=True)
            )
    return sentence
