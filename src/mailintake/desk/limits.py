"""How often somebody may try: counted in memory per key, forgotten after the window."""

from collections import deque
from collections.abc import Callable


class Limit:
    """At most `times` in `seconds` for one key; `clock` gives seconds that never go back."""

    def __init__(self, times: int, seconds: float, clock: Callable[[], float]) -> None:
        self._times, self._seconds, self._clock = times, seconds, clock
        self._tries: dict[str, deque[float]] = {}

    def allows(self, key: str) -> bool:
        """Count one more try and say whether it is within the limit."""
        now = self._clock()
        for old in [k for k, tries in self._tries.items() if not tries or tries[-1] < now - self._seconds]:
            del self._tries[old]
        tries = self._tries.setdefault(key, deque(maxlen=self._times + 1))
        while tries and tries[0] < now - self._seconds:
            tries.popleft()
        tries.append(now)
        return len(tries) <= self._times
