"""Where what takes long to make of words is kept from one process to the next; without a place it is made in each."""

from collections.abc import Mapping
from typing import Any, Protocol


class Keeper(Protocol):
    """Plain values by a key; the place answers for it that another program's are never given."""

    def recall(self, key: str) -> Mapping[str, Any] | None:
        """What lies there."""

    def remember(self, key: str, kept: Mapping[str, Any]) -> None:
        """Keep it, where that can be done."""


class _Nowhere:
    def recall(self, _key: str) -> None:
        return None

    def remember(self, _key: str, _kept: Mapping[str, Any]) -> None:
        return None


_keeper: list[Keeper] = [_Nowhere()]


def keep_in(keeper: Keeper) -> None:
    """From now on this process keeps them there."""
    _keeper[0] = keeper


def keeper() -> Keeper:
    """The place of this process."""
    return _keeper[0]
