"""Settings and rules that were read and found good before, as plain JSON by the hash of the files they were made of.

Reading YAML and validating it takes half a second of the processor, this five thousandths. The bytes of the files are
hashed each time, so an edit is seen at once; the hash covers the program, so no other version's values are believed
(`kept`). What was told of with an error is not kept. Warnings are told by `check`, which reads everything anew.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from mailintake.config.kept import DIGITS, program, recall, remember
from mailintake.config.layers import SETTINGS, Layers
from mailintake.model.codec import decode, encode

T = TypeVar("T")


def remembered(cls: type[T], layers: Layers, make: Callable[[], T | None], sound: Callable[[], bool]) -> T | None:
    """The value of these layers as it was kept, or what `make` gives, kept where all is `sound` after it."""
    key = _key(cls, layers)
    known = recall(key)
    if known is not None:
        with suppress(ValueError, KeyError):
            return decode(cls, known["value"])
    made = make()
    if made is not None and sound():
        remember(key, {"value": encode(made)}, private=True)
    return made


def _key(cls: type, layers: Layers) -> str:
    """Names, labels (they are part of the values) and bytes: of all rules and templates, or of the settings alone."""
    of_settings = cls.__name__ == "Settings"
    digest = hashlib.sha256(f"{program()} {'' if of_settings else layers.version()}".encode())
    for name, parts in layers.parts.items():
        if (name == SETTINGS) == of_settings:
            for part in parts:
                told = f"{name} {part.layer} {part.file.label} {part.file.own} {len(part.raw)}\n"
                digest.update(told.encode() + part.raw)
    return f"{cls.__name__.lower()}-{digest.hexdigest()[:DIGITS]}"
