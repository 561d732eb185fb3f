"""What the questions of a mail are about, sentence by sentence.

Only sentences that ask are looked at; where these name nothing ("what shall we do?"), the rest of the sender's own
words tells what it is about. A complaint needs no question mark. Nothing here decides whether a mail is an enquiry.
"""

from collections.abc import Iterator

from mailintake.model.question import QuestionKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import Request, any_of, asking_sentences, request_in

_VAGUE = 12  # characters of a sentence that asks without saying about what: "what shall we do then?"
_MAX_TEXT = 8000  # characters of a mail that are read for questions
_TOPICS = tuple(kind for kind in QuestionKind if kind not in (QuestionKind.COMPLAINT, QuestionKind.UNKNOWN))


def questions_of(words: OwnWords, rules: RuleSet, *, besides: bool = False) -> tuple[QuestionKind, ...]:
    """The kinds of all questions of a mail, in the order in which they are asked; empty where nothing is asked.

    UNKNOWN stands for a question of which no kind was seen; it may stand beside the kinds of others. `besides`: the
    mail asks for something to be done, and a sentence that does so is no question.
    """
    text = fold(words.both[:_MAX_TEXT])
    found: dict[QuestionKind, None] = {}
    if _says(QuestionKind.COMPLAINT, text, rules.vocabulary):
        found[QuestionKind.COMPLAINT] = None
    for sentence in asking_sentences(text, rules):
        if besides and request_in(sentence, rules) is not Request.NONE:
            continue
        kinds = tuple(_kinds(sentence, rules.vocabulary))
        if not kinds and len(sentence) <= _VAGUE:
            kinds = tuple(_kinds(text, rules.vocabulary))
        found |= dict.fromkeys(kinds or (QuestionKind.UNKNOWN,))
    return tuple(found)


def _kinds(text: str, vocabulary: Vocabulary) -> Iterator[QuestionKind]:
    return (kind for kind in _TOPICS if _says(kind, text, vocabulary))


def _says(kind: QuestionKind, text: str, vocabulary: Vocabulary) -> bool:
    return bool(any_of(vocabulary.words(f"question_{kind.value}_patterns")).search(text))
