"""jieba's dictionary: 350,000 words with how often each stands in what it was made from, and its part of speech.

Only the file is read. It is split, and what is not asked for stays text: a worker that starts waits for it.
"""

import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from mailintake.model.value import value

_NOUN, PERSON, TRANSLITERATED, _PLACE = (
    "n",
    "nr",
    "nrt",
    "ns",
)  # parts of speech; all that begin with the first are of people
_PLACE_ENDS = frozenset(map(chr, (0x5E02, 0x5DDE, 0x7701, 0x53BF, 0x6E7E, 0x6E2F)))  # city, prefecture, province …
_SHORTEST_PLACE = 3  # characters of a place that is nobody


@value
class Dictionary:
    """Its lines, by word."""

    _times: Mapping[str, str]
    people: Mapping[str, str]  # every personal name with its part of speech
    places: frozenset[str]  # of three characters and more: one of two may be anybody
    total: int

    def __len__(self) -> int:
        """How many words."""
        return len(self._times)

    def __contains__(self, word: str) -> bool:
        """Is it one of them?"""
        return word in self._times

    def share(self, word: str) -> float:
        """Of all words in running text. KeyError for what is none."""
        return int(self._times[word]) / self.total


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """Read whole. The package itself is not imported: it sets up logging."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.loader is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("jieba")
    data: bytes = spec.loader.get_data(f"{spec.submodule_search_locations[0]}/dict.txt")  # type: ignore[attr-defined]
    parts = data.decode("utf-8").split()
    words, times, tags = parts[0::3], parts[1::3], parts[2::3]
    nouns = [(word, tag) for word, tag in zip(words, tags, strict=True) if tag[0] == _NOUN]
    named = [(word, tag) for word, tag in nouns if tag[:2] in (PERSON, _PLACE)]
    people = {word: tag for word, tag in named if tag != _PLACE}
    places = frozenset(word for word, tag in named if tag == _PLACE and len(word) >= _SHORTEST_PLACE)
    return Dictionary(
        dict(zip(words, times, strict=True)), people, places | frozenset(_without_end(words)), sum(map(int, times))
    )


def _without_end(words: Iterable[str]) -> Iterator[str]:
    """What remains of places without "city" or "bay": the dictionary holds the city of 马尼拉 to be a person, and that
    city with its suffix a place."""
    return (word[:-1] for word in words if word[-1] in _PLACE_ENDS and len(word) > _SHORTEST_PLACE)
