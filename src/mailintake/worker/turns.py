"""Whose turn it is: reading a mailbox, reminding and sending are done by one worker at a time (store.turns)."""

from collections.abc import Callable
from contextlib import suppress

from mailintake.errors import MailintakeError
from mailintake.worker.shells import Shells

CLOCK, SENDING = "clock", "sending"


def mailbox(name: str) -> str:
    """The task of reading that mailbox."""
    return f"mailbox:{name}"


class Turns:
    """The tasks that are this worker's, kept from pass to pass: changing hands costs a login at the mail server."""

    def __init__(self, shells: Shells, stopping: Callable[[], bool]) -> None:
        self._shells, self._stopping = shells, stopping
        self._mine: set[str] = set()

    def take(self, task: str) -> bool:
        """Is it this worker's turn?"""
        mine = self._shells.store.take_turn(task)
        (self._mine.add if mine else self._mine.discard)(task)
        return mine

    def over(self, task: str) -> Callable[[], bool]:
        """To be asked between two steps of a long task: must it end, because the program stops or the turn is lost?"""
        return lambda: self._stopping() or not self.take(task)

    def give_back(self) -> None:
        """At a clean end: the others need not wait until this program has ended."""
        held, self._mine = tuple(self._mine), set()
        with suppress(MailintakeError):  # else they end with the connection
            for task in held:
                self._shells.store.drop_turn(task)
