"""Countries named in a text: APEC economies as ISO 3166 alpha-3, others by the name that stands there."""

import re
from collections.abc import Mapping
from functools import lru_cache

from mailintake.model.value import value
from mailintake.stages.interpret.words import Words, alternatives, squash

_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")


@value
class Named:
    """Codes of economies and names of other countries, each in alphabetical order."""

    economies: tuple[str, ...]
    others: tuple[str, ...]


@value
class _Countries:
    """How economies (with their codes) and other countries are written, squashed, and all of it as one pattern."""

    codes: Mapping[str, str]
    ignored: frozenset[str]
    written: re.Pattern[str]


def countries_named(text: str, words: Words) -> Named:
    """Of names inside each other the longest counts: Indonesia is not India, nor the north of Korea its south."""
    known = _countries(words)
    found = {squash(m[0]) for m in known.written.finditer(text.lower())} - known.ignored
    economies = sorted({known.codes[name] for name in found if name in known.codes})
    return Named(tuple(economies), tuple(sorted(found - known.codes.keys())))


@lru_cache(maxsize=4)
def _countries(words: Words) -> _Countries:
    codes = {squash(name): key for key in words.keys("economy") for name in words.words(f"economy_{key}")}
    others = {squash(name) for name in words.words("country_other")}
    ignored = frozenset(squash(name) for name in words.words("country_ignored"))
    return _Countries(codes, ignored, alternatives((*codes, *others, *ignored)))


def economies_by_code(text: str, words: Words) -> tuple[str, ...]:
    """Codes printed as such, as on the back of a card, in their order."""
    known = set(words.keys("economy"))
    return tuple(dict.fromkeys(code for code in _CODE.findall(text) if code in known))
