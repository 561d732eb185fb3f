"""Who may do what only one may do at a time: read a mailbox, send letters, run the clock of reminders.

A lease ends by its time, not with its holder: nobody has to judge whether a silent worker is dead or slow. Whoever
works longer renews it in between; whoever finds that he lost it stops. On SQLite only one instance works (store.lock):
there every task is its own, and nothing is written.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta

from mailintake.store.port import Unit
from mailintake.store.reads_log import LogReads

LEASE_OF_TASK = timedelta(minutes=15)  # longer than any single step: the wait for a mail server's last word is ten
_MOST = timedelta(hours=1)  # one that ends later was taken by a clock that ran ahead, and binds nobody


class Leases(LogReads):
    """Part of the store. Leases are rows of program_values: "lease:sending" → "holder until"."""

    _name: str
    _is_postgres: bool

    def begin(self) -> AbstractContextManager[Unit]:
        """The store's own."""
        raise NotImplementedError

    def take_lease(self, task: str, now: datetime, lasting: timedelta = LEASE_OF_TASK) -> bool:
        """Take or renew it; False while somebody else has it."""
        if not self._is_postgres:
            return True
        if self._is_held(task, now):  # asked without the lock of a unit: most askers go away with this
            return False
        with self.begin() as unit:
            if self._is_held(task, now):
                return False
            unit.set_value(_key(task), f"{self._name} {(now + lasting).isoformat()}")
        return True

    def drop_lease(self, task: str) -> None:
        """Give it back, where it is still ours."""
        if not self._is_postgres:
            return
        with self.begin() as unit:
            if self._lease(task)[0] == self._name:
                unit.set_value(_key(task), "")  # no time: for a clock that is set back it would not be over yet

    @contextmanager
    def leased(self, task: str, now: datetime, lasting: timedelta = LEASE_OF_TASK) -> Iterator[bool]:
        """Take it, give it back at the end; the value says whether it was to be had."""
        mine = self.take_lease(task, now, lasting)
        try:
            yield mine
        finally:
            if mine:
                self.drop_lease(task)

    def _is_held(self, task: str, now: datetime) -> bool:
        holder, until = self._lease(task)
        return holder not in ("", self._name) and until is not None and now < until < now + _MOST

    def _lease(self, task: str) -> tuple[str, datetime | None]:
        holder, _, until = (self.value(_key(task)) or "").partition(" ")
        return holder, datetime.fromisoformat(until) if until else None


def _key(task: str) -> str:
    return f"lease:{task}"
