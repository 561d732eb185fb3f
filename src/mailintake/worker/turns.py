"""Whose turn it is: reading a mailbox, reminding and sending are done by one worker at a time (store.turns). A turn is
kept from pass to pass: changing hands costs a login at the mail server."""

from collections.abc import Callable

from mailintake.store.port import Store

CLOCK, SENDING = "clock", "sending"


def mailbox(name: str) -> str:
    """The task of reading that mailbox."""
    return f"mailbox:{name}"


def over(store: Store, task: str, stopping: Callable[[], bool]) -> Callable[[], bool]:
    """To be asked between two steps of a long task: must it end, because the program stops or the turn is lost?"""
    return lambda: stopping() or not store.take_turn(task)
