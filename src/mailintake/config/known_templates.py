"""Templates that were found good before, piece by piece: after a change only the letters are tried that use it."""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from mailintake.config.kept import program, recall, remember

_STATES = 4  # of a piece that are kept: going back to the last one is quick, too
_NAMES = "*"  # stands for which templates there are
_BYTES = 10  # of a hash


class KnownTemplates:
    """What was found good, each piece with the hashes of the templates that it used. `letters.check` asks it."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        """`files`: name of a template → the file that counts."""
        self._hashes = {name: _hash(path.read_bytes()) for name, path in files.items()}
        self._hashes[_NAMES] = _hash("\n".join(sorted(files)).encode())
        self._whole = _hash("\n".join(f"{name} {told}" for name, told in sorted(self._hashes.items())).encode())
        self._key = f"templates-{program()}"
        kept = recall(self._key) or {}
        self._sets: list[str] = kept.get("sets", [])
        self._pieces: dict[str, list[dict[str, str]]] = kept.get("pieces", {})

    @property
    def complete(self) -> bool:
        """Was every piece of these very templates found good?"""
        return self._whole in self._sets

    def good(self, piece: str) -> bool:
        """Was that piece, with the templates that it uses as they are?"""
        states = self._pieces.get(piece, ())
        return any(all(self._hashes.get(name, "") == told for name, told in used.items()) for used in states)

    def found_good(self, piece: str, used: Iterable[str]) -> None:
        """It is now; that depends on these templates, and on which there are."""
        state = {name: self._hashes.get(name, "") for name in (_NAMES, *sorted(used))}
        self._pieces[piece] = [state, *self._pieces.get(piece, ())][:_STATES]

    def keep(self, *, whole: bool) -> None:
        """Write it down; `whole`: nothing was wrong with any piece."""
        if whole:
            self._sets = [self._whole, *self._sets][:_STATES]
        remember(self._key, {"sets": self._sets, "pieces": self._pieces})


def _hash(raw: bytes) -> str:
    return hashlib.blake2b(raw, digest_size=_BYTES).hexdigest()
