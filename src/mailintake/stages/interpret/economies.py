"""APEC economies named in a text, as ISO 3166 alpha-3."""

import re

from mailintake.stages.interpret.words import Words

_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")


def economies_named(text: str, words: Words) -> tuple[str, ...]:
    """Codes in alphabetical order."""
    return tuple(sorted(key for key in words.keys("economy") if words.has(f"economy_{key}", text)))


def economies_by_code(text: str, words: Words) -> tuple[str, ...]:
    """Codes printed as such, as on the back of a card, in their order."""
    known = set(words.keys("economy"))
    return tuple(dict.fromkeys(code for code in _CODE.findall(text) if code in known))
