"""A week whose page says of each command how long it took."""

import time

import time_machine
from tests.measure.week import Week


class Timed(Week):
    """The clock of the machine stands at the office's time while a command runs."""

    seconds = 0.0  # that the commands took so far

    def do(self, *words: object, code: int = 0, shown: int = 40) -> str:
        """As in a week, with the seconds that it took."""
        begun = time.perf_counter()
        with time_machine.travel(self.now, tick=False):
            found = super().do(*words, code=code, shown=shown)
        took = time.perf_counter() - begun
        self.seconds += took
        self.page.append(f"（{took:.1f} 秒）")
        return found
