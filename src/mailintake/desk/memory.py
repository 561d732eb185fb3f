"""What was worked out once and stays true: kept by its key, the oldest forgotten."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """At most `most` answers. The key names everything an answer depends on, so that none is ever wrong."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: dict[Hashable, T] = {}
        self._lock = threading.Lock()

    def of(self, key: Hashable, asked: Callable[[], T]) -> T:
        """The answer kept for that key, else what `asked` gives, kept from now on."""
        with self._lock:
            if key in self._kept:
                return self._kept[key]
        made = asked()
        with self._lock:
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = made
        return made
