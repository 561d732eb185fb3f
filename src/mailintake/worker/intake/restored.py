"""After a restore: what was done between backup and restore is not in the database, but it was done.

Letters that had not gone out, and letters about mails that lay in the mailbox by then, are looked for in Sent under
their Message-ID, which is the same for the same occasion. Found there, they were sent; else a clerk decides.
"""

from datetime import datetime

from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage
from mailintake.store.backup import PENDING, RESTORED, doubted
from mailintake.store.port import Unit
from mailintake.worker.shells import Shells, log_event


def may_have_gone_out(shells: Shells, message: InboundMessage | None) -> bool:
    """May a letter on that occasion (None: no mail, a reminder) have been sent before the restore?"""
    told = shells.store.value(RESTORED)
    if told is None or told == PENDING or message is None:
        return told == PENDING
    row = shells.store.message(message.sha256)
    return row is not None and row.received_at <= datetime.fromisoformat(told)


def doubt(unit: Unit, entry_id: int) -> None:
    """Remember that a letter just queued in doubt is one of these."""
    unit.set_value(doubted(entry_id), "1")


def is_doubted(shells: Shells, entry: OutboxEntry) -> bool:
    """Is it one of these? Then it is never sent without a clerk."""
    return shells.store.value(doubted(entry.id)) is not None


def leave_to_a_clerk(shells: Shells, entry: OutboxEntry, now: datetime) -> None:
    """It is not in Sent, or Sent cannot be asked: it waits for a clerk, who sees why."""
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.WAITING, now, answer="restored from a backup: not found in Sent")
        log_event(unit, now, "letter.held", case=entry.case, letter=entry.letter.value, why="restored")


def caught_up(shells: Shells) -> None:
    """A whole pass without a fault is over: what comes from now on is new."""
    if shells.store.value(RESTORED) == PENDING:
        now = shells.clock()
        with shells.store.begin() as unit:
            unit.set_value(RESTORED, now.isoformat())
            log_event(unit, now, "store.restored")
