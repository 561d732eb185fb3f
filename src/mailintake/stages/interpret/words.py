"""The configured words of documents, folded and compiled: width, case, blanks and traditional forms do not matter."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from mailintake.model.procedure import DocumentKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.interpret.readers import Kinds
from mailintake.stages.words.fold import LETTER, simplify
from mailintake.stages.words.names import name_words

_LATIN = re.compile(r"[a-z]")


def _longest_first(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a list, folded."""
    found = {simplify(word).lower() for word in texts}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


class Words:
    """Lists of config/words/documents.yaml by their name without the prefix `doc_`, and the kinds they speak of."""

    def __init__(self, vocabulary: Vocabulary, kinds: Mapping[str, DocumentKind]) -> None:
        self._vocabulary = vocabulary
        self.kinds = Kinds(kinds)
        self.names = name_words(vocabulary)
        self._keys: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, tuple[str, ...]] = {}
        self._squashed: dict[str, tuple[str, ...]] = {}
        self._patterns: dict[str, re.Pattern[str]] = {}

    def words(self, name: str) -> tuple[str, ...]:
        """The list of that name, folded, longest first. KeyError when the configuration lacks it."""
        if name not in self._words:
            self._words[name] = _longest_first(self._vocabulary.words(f"doc_{name}"))
        return self._words[name]

    def squashed(self, name: str) -> tuple[str, ...]:
        """The same without blanks in the words."""
        if name not in self._squashed:
            self._squashed[name] = tuple(map(squash, self.words(name)))
        return self._squashed[name]

    def raw(self, name: str) -> tuple[str, ...]:
        """The list of that name as configured, in its order."""
        return self._vocabulary.words(f"doc_{name}")

    def shared(self, name: str) -> re.Pattern[str]:
        """Any word of a list that mails are searched with as well."""
        return alternatives(tuple(simplify(word).lower() for word in self._vocabulary.words(name)))

    def pattern(self, name: str) -> re.Pattern[str]:
        """Any word of the list, blanks inside allowed."""
        if name not in self._patterns:
            self._patterns[name] = alternatives(self.words(name))
        return self._patterns[name]

    def has(self, name: str, text: str) -> bool:
        """True when a word of the list stands in the text."""
        return self.pattern(name).search(text) is not None

    def keys(self, prefix: str) -> tuple[str, ...]:
        """Names of the lists `doc_<prefix>_…` without the prefix: topics, economies, titles."""
        if prefix not in self._keys:
            start = f"doc_{prefix}_"
            named = (name for name in self._vocabulary.lists if name.startswith(start))
            self._keys[prefix] = tuple(name.removeprefix(start) for name in named)
        return self._keys[prefix]

    def labels(self, group: str, keys: tuple[str, ...]) -> Mapping[str, str]:
        """Folded label → field for the lists `doc_<group>_<field>`; labels of `other` stand for no field ("")."""
        found: dict[str, str] = {}
        for key in keys:
            for word in self.words(f"{group}_{key}"):
                found.setdefault(squash(word), key)
        other = f"{group}_other"
        for word in self.words(other) if f"doc_{other}" in self._vocabulary.lists else ():
            found.setdefault(squash(word), "")
        return found


@lru_cache(maxsize=4)
def words_of(rules: RuleSet) -> Words:
    """Of each rule set once."""
    return Words(rules.vocabulary, rules.kinds)


@lru_cache(maxsize=4096)
def squash(text: str) -> str:
    """Lower case without blanks: how labels are compared."""
    return "".join(text.lower().split())


@lru_cache(maxsize=512)
def alternatives(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled alternation, the longest first, blanks allowed between letters; Latin words end at letters' ends. Words
    that begin alike share their beginning: most places of a text are left behind at the first letter."""
    return re.compile(alternation(words), re.IGNORECASE)


def alternation(words: tuple[str, ...]) -> str:
    """The same as a part of a larger pattern, where case does not count."""
    return f"(?:{'|'.join(_by_first_letter(words))})" if words else r"(?!)"


def _by_first_letter(words: Iterable[str]) -> Iterator[str]:
    for letter, rests in _grouped("".join(word.split()) for word in words).items():
        before = rf"(?<!{LETTER})" if _LATIN.match(letter) else ""
        yield before + re.escape(letter) + _going_on(rests, letter)


def _going_on(rests: Sequence[str], last: str) -> str:
    """What may follow the letter `last`: one of the rests, or the word's end where one of them is empty."""
    end = rf"(?!{LETTER})" if _LATIN.match(last) else ""
    ways = [re.escape(letter) + _going_on(more, letter) for letter, more in _grouped(filter(None, rests)).items()]
    if not ways:
        return end
    on = rf"\s*{ways[0]}" if len(ways) == 1 else rf"\s*(?:{'|'.join(ways)})"
    return f"(?:{on}|{end})" if "" in rests else on


def _grouped(words: Iterable[str]) -> dict[str, list[str]]:
    """What follows each first letter."""
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[:1], []).append(word[1:])
    return found
