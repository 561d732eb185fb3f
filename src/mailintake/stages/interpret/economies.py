"""Countries named in a text: APEC economies as ISO 3166 alpha-3, others by the name that stands there."""

import re

from mailintake.model.value import value
from mailintake.stages.interpret.words import Words, alternatives, squash

_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")


@value
class Named:
    """Codes of economies and names of other countries, each in alphabetical order."""

    economies: tuple[str, ...]
    others: tuple[str, ...]


def countries_named(text: str, words: Words) -> Named:
    """Of names inside each other the longest counts: Indonesia is not India, nor the north of Korea its south."""
    codes = {squash(name): key for key in words.keys("economy") for name in words.words(f"economy_{key}")}
    others = {squash(name) for name in words.words("country_other")}
    ignored = {squash(name) for name in words.words("country_ignored")}
    found = {squash(m[0]) for m in alternatives((*codes, *others, *ignored)).finditer(text.lower())} - ignored
    return Named(tuple(sorted({codes[name] for name in found if name in codes})), tuple(sorted(found - codes.keys())))


def economies_by_code(text: str, words: Words) -> tuple[str, ...]:
    """Codes printed as such, as on the back of a card, in their order."""
    known = set(words.keys("economy"))
    return tuple(dict.fromkeys(code for code in _CODE.findall(text) if code in known))
