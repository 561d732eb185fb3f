"""Sentences about rules that were found true once and hold whatever else changes: this pattern is quick, these examples
fire. A pattern costs milliseconds to prove, and there are hundreds."""

import hashlib

from mailintake.config.kept import program, recall, remember

_BYTES = 10  # of a hash
_MOST = 20_000  # sentences; beyond, only those of the last check are kept


class Proven:
    """Nothing is known to a new one, and nothing is kept."""

    def __init__(self) -> None:
        """Empty."""
        self._known: frozenset[str] = frozenset()
        self._held: set[str] = set()
        self._key = ""

    @classmethod
    def recalled(cls) -> "Proven":
        """With what this program found true before."""
        made = cls()
        made._key = f"proven-{program()}"
        kept = recall(made._key) or {}
        made._known = frozenset(str(one) for one in kept.get("sentences", ()))
        return made

    def holds(self, about: str, said: object) -> bool:
        """Was that found true before?"""
        key = _key(about, said)
        if key in self._known:
            self._held.add(key)
        return key in self._held

    def add(self, about: str, said: object) -> None:
        """It was found true now."""
        self._held.add(_key(about, said))

    def keep(self) -> None:
        """Write down what is new."""
        if self._key and not self._held <= self._known:
            both = self._held | self._known
            remember(self._key, {"sentences": sorted(both if len(both) <= _MOST else self._held)})


def _key(about: str, said: object) -> str:
    return hashlib.blake2b(f"{about}\0{said!r}".encode(), digest_size=_BYTES).hexdigest()
