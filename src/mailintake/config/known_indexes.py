"""Examples as they were put in order (`stages.words.kept_index`), kept for this account's eyes: they hold words of the
operator's files."""

from collections.abc import Mapping
from typing import Any

from mailintake.config.kept import DIGITS, program, recall, remember


class KnownIndexes:
    """Those of this program."""

    def recall(self, key: str) -> Mapping[str, Any] | None:
        """The index of that key."""
        return recall(self._name(key))

    def remember(self, key: str, kept: Mapping[str, Any]) -> None:
        """Keep it."""
        remember(self._name(key), kept, private=True)

    def _name(self, key: str) -> str:
        return f"index-{program()[: DIGITS // 2]}{key[: DIGITS // 2]}"
