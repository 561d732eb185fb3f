"""Whose turn it is: reading a mailbox, reminding and sending are done by one worker at a time (store.leases)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from mailintake.errors import MailintakeError
from mailintake.worker.shells import Shells

CLOCK, SENDING = "clock", "sending"
_RENEW_AFTER = timedelta(minutes=4)  # a lease lasts fifteen; the longest wait inside a task is ten


def mailbox(name: str) -> str:
    """The task of reading that mailbox."""
    return f"mailbox:{name}"


class Turns:
    """The tasks that are this worker's, kept from pass to pass: changing hands costs a login at the mail server."""

    def __init__(self, shells: Shells, stopping: Callable[[], bool]) -> None:
        self._shells, self._stopping = shells, stopping
        self._mine: dict[str, datetime] = {}  # task → when its lease was taken or renewed last

    def take(self, task: str) -> bool:
        """Is it this worker's turn? Renews a turn that it has already."""
        now = self._shells.clock()
        if self._shells.store.take_lease(task, now):
            self._mine[task] = now
            return True
        self._mine.pop(task, None)
        return False

    def over(self, task: str) -> Callable[[], bool]:
        """To be asked between two steps of a long task: must it end, because the program stops or the turn is lost?"""

        def ask() -> bool:
            if self._stopping():
                return True
            now, since = self._shells.clock(), self._mine.get(task)
            recent = since is not None and timedelta(0) <= now - since < _RENEW_AFTER
            return not recent and not self.take(task)

        return ask

    def give_back(self) -> None:
        """At a clean end: the others need not wait for the leases to run out."""
        held, self._mine = tuple(self._mine), {}
        with suppress(MailintakeError):  # else they end by their time
            for task in held:
                self._shells.store.drop_lease(task)
