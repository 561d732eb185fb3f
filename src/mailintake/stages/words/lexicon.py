"""How likely a run of characters is a word, and how likely a personal name: what a name is told from a word by.

The words and their frequencies are jieba's dictionary (350,000 entries), of which only the file is read. The names come
from the same file: the characters and pairs that its personal names are made of, as natural logarithms of their shares.
"""

import importlib.util
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from mailintake.model.value import value

_LONGEST_WORD = 6
_OFTEN = 8_000  # how often a word of the configured lists is held to stand in the dictionary
_SMOOTH, _CHARACTERS = 0.3, 6_000  # a character never seen in a name, and how many there are
_PAIRS, _SINGLE, _DOUBLE = 0.45, 0.22, 0.02  # shares: of given names seen whole; of one character; of two surnames
_TRANSLITERATED, _COMMON, _HARDLY = 0.4, 2e-3, -2.0
_SURNAME, _SHORT_NAME, _WHOLE_NAME = 4.0, 2.5, 8.0  # 木婉清 is in the dictionary for who bears that name in a book
_PLACE_OFTEN = 200  # how often a place is held to stand in the dictionary, which has it as a person
_PLACE = 3  # characters of a place that is nobody
_PLACE_END = re.compile(r"[\u5e02\u5dde\u7701\u53bf\u6e7e\u6e2f]\Z")  # city, prefecture, province, county, bay, port
_MODERN = 40  # how often a character of recent fashion is held to stand in names
_PLAIN_NAME = -19.0  # an entry of the dictionary this likely as a name is one, not a word


@value
class Lexicon:
    """Shares as natural logarithms."""

    words: dict[str, float]
    never: float  # of a character the dictionary does not know
    surnames: dict[str, float]
    compound: frozenset[str]
    first: dict[str, float]
    second: dict[str, float]
    single: dict[str, float]
    pairs: dict[str, float]
    foreign: dict[str, float]  # characters that foreign and minority names are written with
    rare: float
    places: frozenset[str]  # names of places that could be personal names by their characters

    def word(self, text: str) -> float | None:
        """Share of a word among words; None: no word. Every character alone is one."""
        known = self.words.get(text)
        return self.never if known is None and len(text) == 1 else known

    def given(self, text: str) -> float:
        """Share of a given name of one or two characters among given names."""
        if len(text) == 1:
            return math.log(_SINGLE) + self.single.get(text, self.rare)
        apart = self.first.get(text[0], self.rare) + self.second.get(text[1], self.rare)
        whole = math.exp(apart) * (1 - _PAIRS) + math.exp(self.pairs.get(text, -99.0)) * _PAIRS
        return math.log(1 - _SINGLE) + math.log(whole)

    def name(self, text: str) -> float | None:
        """Share of a whole name among names: the likeliest cut; None where it cannot be one."""
        return max(self._cuts(text), default=None)

    def _cuts(self, text: str) -> Iterator[float]:
        if text[0] in self.surnames and len(text) in (2, 3):
            yield self.surnames[text[0]] + self.given(text[1:])
        if text[:2] in self.compound and len(text) in (3, 4):
            yield self.surnames[text[:2]] + self.given(text[2:])
        both = text[0] in self.surnames and len(text) == 4 and text[1] in self.surnames
        if both and text[:2] not in self.words:  # no two surnames make the word for "about"
            yield math.log(_DOUBLE) + self.surnames[text[0]] + self.surnames[text[1]] + self.given(text[2:])

    def transliterated(self, text: str) -> float:
        """Share of a name such as Mehmet written in characters."""
        return sum(self.foreign.get(char, self.rare) for char in text)


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
    entries = _entries()
    one, two = frozenset(name for name in surnames if len(name) == 1), frozenset(compound)
    counts = _Counts()
    for word, _, tag in entries:
        counts.add(word, tag, one, two)
    for char in characters.modern:
        counts.first[char] += _MODERN
        counts.second[char] += _MODERN
    total = sum(frequency for _, frequency, _ in entries)
    of_pairs = sum(counts.pairs.values())
    made = Lexicon(
        words={},
        never=math.log(0.5 / total),
        surnames=counts.surnames(one, two),
        compound=two,
        first=_shares(counts.first),
        second=_shares(counts.second),
        single=_shares(counts.alone()),
        pairs={pair: math.log(n / of_pairs) for pair, n in counts.pairs.items() if n > 1},
        foreign=_flat(counts, entries, total, characters.minority),
        rare=math.log(_SMOOTH / (len(entries) // 4 + _SMOOTH * _CHARACTERS)),
        places=frozenset(_places(entries)) | frozenset(places),
    )
    for word, frequency, tag in entries:
        if len(word) <= _LONGEST_WORD and not (tag.startswith("nr") and _is_plain_name(word, made)):
            made.words[word] = math.log(frequency / total) - _of_names(word, tag)
    for word in plain:
        made.words[word] = max(made.words.get(word, -99.0), math.log(_OFTEN / total))
    for place in made.places:
        made.words[place] = max(made.words.get(place, -99.0), math.log(_PLACE_OFTEN / total))
    for char in (*characters.never, *(word for word in plain if len(word) == 1)):
        for shares in (made.first, made.second, made.single):
            shares[char] = made.rare + _HARDLY
    return made


class _Entry(NamedTuple):
    word: str
    times: int  # how often it stands in what the dictionary was made from
    tag: str  # part of speech


def _places(entries: Iterable[_Entry]) -> Iterator[str]:
    """Places of three characters and more, and what remains of one without "city" or "bay": the dictionary holds the
    city of 马尼拉 to be a person, and that city with its suffix a place. A place of two characters may be anybody."""
    for word, _, tag in entries:
        if tag == "ns" and len(word) >= _PLACE:
            yield word
        if len(word) > _PLACE and _PLACE_END.search(word):
            yield word[:-1]


def _is_plain_name(word: str, lexicon_: Lexicon) -> bool:
    if len(word) < 3:
        return False
    share = lexicon_.name(word)
    return share is not None and share > _PLAIN_NAME


def _of_names(word: str, tag: str) -> float:
    """By how much an entry stands in the dictionary because of people of that name."""
    if not tag.startswith("nr"):
        return 0.0
    return _SURNAME if len(word) == 1 else _SHORT_NAME if len(word) == 2 else _WHOLE_NAME if len(word) == 3 else 0.0


class _Counts:
    """What the personal names of the dictionary are made of."""

    def __init__(self) -> None:
        self.first: Counter[str] = Counter()
        self.second: Counter[str] = Counter()
        self.single: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self.foreign: Counter[str] = Counter()
        self._surnames: Counter[str] = Counter()

    def add(self, word: str, tag: str, one: frozenset[str], two: frozenset[str]) -> None:
        if tag == "nrt":
            self.foreign.update(word)
        if not tag.startswith("nr"):
            return
        cut = 2 if word[:2] in two else 1
        if cut == 1 and word[0] not in one:
            return
        given = word[cut:]
        if len(given) == 1:
            self.single[given] += 1
        elif len(given) == 2:
            self.first[given[0]] += 1
            self.second[given[1]] += 1
            self.pairs[given] += 1
            self._surnames[word[:cut]] += 1

    def alone(self) -> Counter[str]:
        """A single character as a given name is much like the last of two."""
        scale = sum(self.single.values()) / max(1, sum(self.second.values()))
        return self.single + Counter({char: round(n * scale) for char, n in self.second.items() if n * scale >= 1})

    def surnames(self, one: frozenset[str], two: frozenset[str]) -> dict[str, float]:
        total = sum(self._surnames.values()) + len(one) + len(two)
        return {name: math.log((self._surnames[name] + 1) / total) for name in (*one, *two)}


def _flat(counts: _Counts, entries: Iterable[_Entry], total: int, more: str) -> dict[str, float]:
    """Which characters write foreign names; how often each does differs from people to people. Never the commonest
    words of the language."""
    common = {word for word, n, _ in entries if len(word) == 1 and n / total > _COMMON}
    seen = {char for char, n in counts.foreign.items() if n > 2} | {char for char, n in counts.second.items() if n > 9}
    return dict.fromkeys((seen - common) | set(more), math.log(1 / len(seen)) + _TRANSLITERATED)


def _shares(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values()) + _SMOOTH * _CHARACTERS
    return {char: math.log((n + _SMOOTH) / total) for char, n in counts.items()}


@lru_cache(maxsize=1)
def _entries() -> tuple[_Entry, ...]:
    """Every line. The package itself is not imported: it sets up logging."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.loader is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("jieba")
    data: bytes = spec.loader.get_data(f"{spec.submodule_search_locations[0]}/dict.txt")  # type: ignore[attr-defined]
    parts = data.decode("utf-8").split()
    return tuple(map(_Entry, parts[0::3], map(int, parts[1::3]), parts[2::3]))
