"""Examples that were put in order, kept from one process to the next: that takes a second of the processor, and they
change with the words of the configuration only.

A key is the hash of all words from which an index is made, the place (`keeper`) answers for the program, and what
cannot be read is made anew.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import accumulate
from typing import Any

from mailintake.stages.words.keeper import keeper
from mailintake.stages.words.nearest import Index, Voting

_WHOLE, _PART = "<i4", "<f8"
_BETWEEN = "\n"  # in no mark


def kept_index(name: str, made_of: tuple[tuple[str, ...], ...], make: Callable[[], Index]) -> Index:
    """The index of that name that `make` gives; it is made of these words, and of nothing else."""
    key = _key(name, made_of)
    known = keeper().recall(key)
    if known is not None:
        with suppress(KeyError, TypeError, ValueError):
            return _index(known)
    made = make()
    keeper().remember(key, _plain(made))
    return made


def _key(name: str, made_of: tuple[tuple[str, ...], ...]) -> str:
    told = hashlib.sha256(name.encode())
    for words in made_of:
        told.update(repr(words).encode())
    return told.hexdigest()


def _plain(index: Index) -> dict[str, Any]:
    counts = {mark: place.stop - place.start for mark, place in index.places.items()}
    rest = [mark for mark in index.weights if mark not in counts]  # they stand in too many examples
    voting = index.voting
    return {
        "kinds": [" ".join(kinds) for kinds in index.kinds],
        "marks": _BETWEEN.join((*counts, *rest)),
        "weights": _bytes([index.weights[mark] for mark in (*counts, *rest)], _PART),
        "counts": _bytes(list(counts.values()), _WHOLE),
        "examples": _bytes(index.examples, _WHOLE),
        "parts": _bytes(index.parts, _PART),
        "voting": [voting.voters, voting.nearer, voting.doubt, voting.common],
    }


def _index(kept: Mapping[str, Any]) -> Index:
    import numpy as np

    marks = kept["marks"].split(_BETWEEN)
    ends = list(accumulate(_numbers(kept["counts"], _WHOLE).tolist()))
    examples, parts = _numbers(kept["examples"], _WHOLE).astype(np.int64), _numbers(kept["parts"], _PART)
    kinds = tuple(tuple(names.split()) for names in kept["kinds"])
    if not len(examples) == len(parts) == (ends or [0])[-1] or not (examples < len(kinds)).all():
        raise ValueError("an index that was kept in part")
    weights = dict(zip(marks, _numbers(kept["weights"], _PART).tolist(), strict=True))
    places = {mark: slice(start, end) for mark, start, end in zip(marks, (0, *ends), ends, strict=False)}
    return Index(kinds, weights, places, examples, parts, Voting(*kept["voting"]))


def _bytes(numbers: Any, kind: str) -> str:
    import numpy as np

    return b64encode(np.asarray(numbers, dtype=kind).tobytes()).decode("ascii")


def _numbers(text: str, kind: str) -> Any:
    import numpy as np

    return np.frombuffer(b64decode(text, validate=True), dtype=kind)
