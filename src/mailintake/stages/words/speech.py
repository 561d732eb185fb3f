"""Who wants what of whom: does a sentence ask for an answer in words, or for something to be done?"""

import re
from enum import StrEnum
from functools import lru_cache

from mailintake.model.question import Language
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.understanding import People
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords

_SENTENCE = re.compile(r"[^!?;\n\u3002]+[!?;\n\u3002]*")
_STOP = " !;\n\u3002"
_MAX_TEXT = 8000  # characters of a mail
_MAX_LETTER = 6000
_LATIN_WORD = re.compile(r"[a-z]{2,}")
_OF_THE_CARD = frozenset({"apec", "abtc"})
_HAN = re.compile(r"[\u3400-\u9fff]")


class Request(StrEnum):
    """How a mail asks for something to be done."""

    PLAIN = "plain"  # told, suggested, or asked of the office itself: "please", "then cancel it", "could you …"
    ASKED = "asked"  # only as a question whether it is possible: "can it be issued early?"
    NONE = "none"


def request_in(text: str, rules: RuleSet) -> Request:
    """The strongest form in which the sentences of a text ask for an act of the office."""
    found = Request.NONE
    plain = any_of(rules.vocabulary.words("request_plain_patterns"))
    asked = any_of(rules.vocabulary.words("request_asked_patterns"))
    idle = any_of(rules.vocabulary.words("request_not_patterns"))
    for sentence in sentences_of(fold(text[:_MAX_TEXT])):
        if idle.search(sentence):
            continue
        if plain.search(sentence):
            return Request.PLAIN
        if asked.search(sentence):
            found = Request.ASKED
    return found


def asking_sentences(folded: str, rules: RuleSet, *, besides: bool = False) -> tuple[str, ...]:
    """The sentences of a folded text that ask for an answer in words, with their marks. Who only says what he would
    like to have asks how, too; but not where the mail itself is an application (`besides`)."""
    return tuple(s for s in sentences_of(folded) if asks(s, rules.vocabulary, besides=besides))


def asks(folded: str, vocabulary: Vocabulary, *, besides: bool = False) -> bool:
    """Does a folded sentence, or a clause, ask by itself? Words of asking that ask nothing are taken out."""
    left = any_of(vocabulary.words("question_asks_not_patterns")).sub("", folded)
    if any_of(vocabulary.words("question_asks_patterns")).search(left):
        return True
    return not besides and any_of(vocabulary.words("question_wish_patterns")).search(left) is not None


def sentences_of(folded: str) -> tuple[str, ...]:
    """The sentences of a folded text; a question keeps its mark."""
    return tuple(s for hit in _SENTENCE.finditer(folded) if (s := hit.group().strip(_STOP)))


def language_of(words: OwnWords) -> Language:
    """English where a mail has more Latin words than Chinese characters; its text counts before its subject. The card's
    own name is no language."""
    for text in (words.text, words.subject):
        folded = fold(text[:_MAX_TEXT])
        chinese, latin = (
            len(_HAN.findall(folded)),
            sum(word not in _OF_THE_CARD for word in _LATIN_WORD.findall(folded)),
        )
        if chinese or latin:
            return Language.EN if latin > chinese else Language.ZH
    return Language.ZH


def official_text(people: People) -> str:
    """What the official letters and requests among the documents say."""
    texts = (
        d.facts.text.text[:_MAX_LETTER]
        for d in people.documents
        if d.facts and d.facts.text and is_official_letter(d.kind)
    )
    return "\n".join(texts)


def is_official_letter(kind: str | None) -> bool:
    """An official letter or request, by its kind."""
    return bool(kind) and str(kind).endswith(("_letter", "_request"))


@lru_cache(maxsize=128)
def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One compiled pattern for any of these; compiled once."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)")
