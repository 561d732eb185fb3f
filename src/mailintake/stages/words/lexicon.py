"""How likely a run of characters is a word, and how likely a personal name: what a name is told from a word by.

The words and their frequencies are jieba's dictionary (350,000 entries), of which only the file is read. The names come
from the same file: the characters and pairs that its personal names are made of, as natural logarithms of their shares.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from mailintake.model.value import value
from mailintake.stages.words.dictionary import TRANSLITERATED, Dictionary, dictionary

_LONGEST_WORD = 6
_OFTEN = 8_000  # how often a word of the configured lists is held to stand in the dictionary
_SMOOTH, _CHARACTERS = 0.3, 6_000  # a character never seen in a name, and how many there are
_PAIRS, _SINGLE, _DOUBLE = 0.45, 0.22, 0.02  # shares: of given names seen whole; of one character; of two surnames
_TRANSLITERATED, _COMMON, _HARDLY = 0.4, 2e-3, -2.0
_OF_NAMES = {1: 4.0, 2: 2.5, 3: 8.0}  # by how much a personal name of so many characters stands in it because of its
# bearers: a surname, a short name, a whole one (木婉清 is there for who bears that name in a book)
_PLACE_OFTEN = 200  # how often a place is held to stand in the dictionary, which has it as a person
_MODERN = 40  # how often a character of recent fashion is held to stand in names
_PLAIN_NAME = -19.0  # an entry of the dictionary this likely as a name is one, not a word


@value
class Names:
    """What personal names are made of; shares as natural logarithms."""

    surnames: Mapping[str, float]
    compound: frozenset[str]
    first: dict[str, float]
    second: dict[str, float]
    single: dict[str, float]
    pairs: Mapping[str, float]
    rare: float

    def given(self, text: str) -> float:
        """Share of a given name of one or two characters among given names."""
        if len(text) == 1:
            return math.log(_SINGLE) + self.single.get(text, self.rare)
        apart = self.first.get(text[0], self.rare) + self.second.get(text[1], self.rare)
        whole = math.exp(apart) * (1 - _PAIRS) + math.exp(self.pairs.get(text, -99.0)) * _PAIRS
        return math.log(1 - _SINGLE) + math.log(whole)

    def whole(self, text: str, words: "Words") -> float | None:
        """Share of a whole name among names: the likeliest cut; None where it cannot be one."""
        return max(self._cuts(text, words), default=None)

    def _cuts(self, text: str, words: "Words") -> Iterator[float]:
        if text[0] in self.surnames and len(text) in (2, 3):
            yield self.surnames[text[0]] + self.given(text[1:])
        if text[:2] in self.compound and len(text) in (3, 4):
            yield self.surnames[text[:2]] + self.given(text[2:])
        both = text[0] in self.surnames and len(text) == 4 and text[1] in self.surnames
        if both and words.get(text[:2]) is None:  # no two surnames make the word for "about"
            yield math.log(_DOUBLE) + self.surnames[text[0]] + self.surnames[text[1]] + self.given(text[2:])

    def hardly(self, chars: str) -> "Names":
        """The same, where these characters hardly ever stand in given names."""
        less = dict.fromkeys(chars, self.rare + _HARDLY)
        return replace(self, first=self.first | less, second=self.second | less, single=self.single | less)


@value
class Words:
    """Shares of words among words, as natural logarithms."""

    _known: Dictionary
    _names: Names  # by which an entry of the dictionary is told to be one
    _raised: Mapping[str, float]  # what stands in running text at least so often, whatever the dictionary says

    def get(self, text: str) -> float | None:
        """None: no word."""
        least = self._raised.get(text)
        if text not in self._known or (share := self._in_dictionary(text)) is None:
            return least
        return share if least is None else max(share, least)

    def _in_dictionary(self, text: str) -> float | None:
        if len(text) > _LONGEST_WORD:
            return None
        share = math.log(self._known.share(text))
        if text not in self._known.people:
            return share
        name = self._names.whole(text, self) if len(text) > 2 else None
        return None if name is not None and name > _PLAIN_NAME else share - _OF_NAMES.get(len(text), 0.0)


@value
class Lexicon:
    """Words, names, and places. Shares as natural logarithms."""

    words: Words
    names: Names
    never: float  # of a character the dictionary does not know
    foreign: Mapping[str, float]  # characters that foreign and minority names are written with
    places: frozenset[str]  # names of places that could be personal names by their characters

    @property
    def compound(self) -> frozenset[str]:
        """Surnames of two characters."""
        return self.names.compound

    def word(self, text: str) -> float | None:
        """Share of a word among words; None: no word. Every character alone is one."""
        known = self.words.get(text)
        return self.never if known is None and len(text) == 1 else known

    def name(self, text: str) -> float | None:
        """Share of a whole name among names: the likeliest cut; None where it cannot be one."""
        return self.names.whole(text, self.words)

    def transliterated(self, text: str) -> float:
        """Share of a name such as Mehmet written in characters."""
        return sum(self.foreign.get(char, self.names.rare) for char in text)


@value
class Characters:
    """Characters that the dictionary knows too little of: `never` hardly ever stand in given names, `minority` further
    ones do in names with dots, `modern` are those of given names that it is too old for."""

    never: str
    minority: str
    modern: str


@lru_cache(maxsize=4)
def lexicon(
    surnames: tuple[str, ...],
    compound: tuple[str, ...],
    plain: tuple[str, ...],
    places: tuple[str, ...],
    characters: Characters,
) -> Lexicon:
    """The dictionary as seen with these surnames; `plain` are words of the field that it lacks or holds to be rare,
    `places` join its own."""
    known = dictionary()
    everywhere = known.places | frozenset(places)
    raised = dict.fromkeys(everywhere, math.log(_PLACE_OFTEN / known.total))
    raised |= dict.fromkeys(plain, math.log(_OFTEN / known.total))
    counts = _Counts(known, frozenset(name for name in surnames if len(name) == 1), frozenset(compound))
    counts.modern(characters.modern)
    names = counts.names()
    return Lexicon(
        Words(known, names, raised),
        names.hardly("".join((*characters.never, *(word for word in plain if len(word) == 1)))),
        math.log(0.5 / known.total),
        counts.foreign(known, characters.minority),
        everywhere,
    )


class _Counts:
    """What the personal names of the dictionary are made of."""

    def __init__(self, known: Dictionary, one: frozenset[str], two: frozenset[str]) -> None:
        people = [(name, 2 if name[:2] in two else 1) for name in known.people]
        cut = [(name[:at], name[at:]) for name, at in people if at == 2 or name[0] in one]
        pairs = [given for _, given in cut if len(given) == 2]
        self._one, self._two, self._size = one, two, len(known)
        self._surnames = Counter(surname for surname, given in cut if len(given) == 2)
        self._single = Counter(given for _, given in cut if len(given) == 1)
        self._pairs = Counter(pairs)
        self._first, self._second = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
        self._foreign = Counter("".join(name for name, tag in known.people.items() if tag == TRANSLITERATED))

    def modern(self, chars: str) -> None:
        """Characters of given names that are younger than the dictionary."""
        for char in chars:
            self._first[char] += _MODERN
            self._second[char] += _MODERN

    def names(self) -> Names:
        """As shares."""
        total = sum(self._surnames.values()) + len(self._one) + len(self._two)
        of_pairs = sum(self._pairs.values())
        return Names(
            surnames={name: math.log((self._surnames[name] + 1) / total) for name in (*self._one, *self._two)},
            compound=self._two,
            first=_shares(self._first),
            second=_shares(self._second),
            single=_shares(self._alone()),
            pairs={pair: math.log(n / of_pairs) for pair, n in self._pairs.items() if n > 1},
            rare=math.log(_SMOOTH / (self._size // 4 + _SMOOTH * _CHARACTERS)),
        )

    def _alone(self) -> Counter[str]:
        """A single character as a given name is much like the last of two."""
        scale = sum(self._single.values()) / max(1, sum(self._second.values()))
        return self._single + Counter({c: round(n * scale) for c, n in self._second.items() if n * scale >= 1})

    def foreign(self, known: Dictionary, more: str) -> dict[str, float]:
        """Which characters write foreign names; how often each does differs from people to people. Never the commonest
        words of the language."""
        seen = {c for c, n in self._foreign.items() if n > 2} | {c for c, n in self._second.items() if n > 9}
        common = {char for char in seen if char in known and known.share(char) > _COMMON}
        return dict.fromkeys((seen - common) | set(more), math.log(1 / len(seen)) + _TRANSLITERATED)


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values()) + _SMOOTH * _CHARACTERS
    return {char: math.log((n + _SMOOTH) / total) for char, n in counts.items()}
