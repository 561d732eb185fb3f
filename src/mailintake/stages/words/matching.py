"""Does a text say this? Words and patterns of a rule against folded text, with what takes them back.

`unless` knows three forms. A plain word takes a hit back when it stands anywhere in the same sentence. "x…" takes it
back when x stands in front of the hit, "…x" when x stands behind it: in the same clause, at most six characters away,
and the sentence must not have turned in between (in "not A but B" the negation reaches A only: between it and B its
own last character comes again). "Isn't it so that …?" denies nothing: a "not so" before words that end in a question
affirms them.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from mailintake.model.rules import Rule
from mailintake.model.value import value
from mailintake.stages.words.fold import fold

__all__ = ["Hits", "find", "fold", "folded_words", "rule_fires", "word_pattern"]

_MAX_TEXT = 40_000  # characters looked at; nobody states his business later than that
_SENTENCE = re.compile(r"[!?;\n\u3002]")
_CLAUSE = re.compile(r"[!?;\n\u3002,\u3001]")
_ASKED = re.compile(r"(.)\u4e0d\1")  # "can or cannot" asks; nothing is denied by it
_NOT_SO = re.compile(r"\u4e0d\u662f")
_QUESTION = re.compile(r"[^!;\n\u3002?,\u3001]{0,20}?(?:[\u5417\u561b\u4e48](?=[,!;\n\u3002?]|$)|\?)")
_ELLIPSIS = "\u2026"
_REACH = 6
_NOTHING = re.compile(r"(?!)")


@value
class Hits:
    """What of a rule stands in a text: the words that count, and those that something near them takes back."""

    words: tuple[str, ...] = ()
    taken_back: tuple[str, ...] = ()


@value
class _Compiled:
    any_of: re.Pattern[str]
    all_of: tuple[re.Pattern[str], ...]
    anywhere: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]


def rule_fires(rule: Rule, text: str) -> bool:
    """True when the rule's words stand in the text and nothing takes them back. `text` is folded here."""
    return bool(find(rule, fold(text)).words)


def find(rule: Rule, folded: str) -> Hits:
    """The hits of a rule in a folded text; linear in the length of the text."""
    made = _compiled(rule.words, rule.all_words, rule.pattern, rule.unless)
    text = folded[:_MAX_TEXT]
    good: dict[str, None] = {}
    bad: dict[str, None] = {}
    if not all(_stands(pattern, made, text) for pattern in made.all_of):
        return Hits()
    for hit in made.any_of.finditer(text):
        (bad if _taken_back(hit, made, text) else good)[hit.group()] = None
    return Hits(tuple(good), tuple(bad))


def folded_words(words: Iterable[str]) -> tuple[str, ...]:
    """Words as they are compared: folded, longest first, each once. Lists of the configuration are asked for with every
    sentence, and folded once."""
    return _folded(tuple(words))


@lru_cache(maxsize=1024)
def _folded(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({fold(word) for word in words} - {""}, key=lambda word: (-len(word), word)))


def word_pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, longest first; Latin words only where no letter continues them."""
    return _any_word(tuple(words))


@lru_cache(maxsize=1024)
def _any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    options = [_bounded(word) for word in folded_words(words)]
    return re.compile("|".join(options)) if options else _NOTHING


@lru_cache(maxsize=4096)
def _compiled(words: tuple[str, ...], all_words: tuple[str, ...], pattern: str, unless: tuple[str, ...]) -> _Compiled:
    options = [_bounded(word) for word in folded_words(words)] + ([f"(?:{pattern})"] if pattern else [])
    required = tuple(word_pattern([word]) for word in all_words)
    return _Compiled(
        any_of=re.compile("|".join(options)) if options else (required[0] if required else _NOTHING),
        all_of=required,
        anywhere=word_pattern(word for word in unless if _ELLIPSIS not in word),
        before=_near(word.removesuffix(_ELLIPSIS) for word in unless if word.endswith(_ELLIPSIS)),
        after=_near(word.removeprefix(_ELLIPSIS) for word in unless if word.startswith(_ELLIPSIS)),
    )


def _near(words: Iterable[str]) -> re.Pattern[str]:
    options = [re.escape(word) for word in folded_words(words)]
    return re.compile("|".join(options)) if options else _NOTHING


def _bounded(word: str) -> str:
    start = "(?<![a-z])" if word[0].isascii() and word[0].isalnum() else ""
    end = "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
    return start + re.escape(word) + end


def _stands(pattern: re.Pattern[str], made: _Compiled, text: str) -> bool:
    return any(not _taken_back(hit, made, text) for hit in pattern.finditer(text))


def _taken_back(hit: re.Match[str], made: _Compiled, text: str) -> bool:
    start, end = hit.span()
    if made.anywhere is not _NOTHING and made.anywhere.search(_around(text, start, end)):
        return True
    if made.before is not _NOTHING:
        front = _ASKED.sub("", _CLAUSE.split(text[max(0, start - 24) : start])[-1])
        negators = [n for n in made.before.finditer(front) if _reaches(n.group(), front[n.end() :])]
        if negators and not (_NOT_SO.search(negators[-1].group()) and _QUESTION.match(text, end)):
            return True
    behind = _CLAUSE.split(text[end : end + 24], maxsplit=1)[0]
    return any(word.start() <= _REACH for word in made.after.finditer(behind))


def _around(text: str, start: int, end: int) -> str:
    """The sentence that holds the hit, cut at 200 characters each side so that a text without stops stays cheap."""
    front = _SENTENCE.split(text[max(0, start - 200) : start])[-1]
    return front + text[start:end] + _SENTENCE.split(text[end : end + 200], maxsplit=1)[0]


def _reaches(negator: str, gap: str) -> bool:
    return len(gap) <= _REACH and negator[-1] not in gap


def sentences(text: str) -> Iterator[str]:
    """The non-empty sentences of a folded text."""
    return (piece for piece in _SENTENCE.split(text) if piece.strip())
