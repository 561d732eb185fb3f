"""After a restore: what was done between backup and restore is not in the database, but it was done.

Letters that had not gone out, and letters about mails that lay in the mailbox by then, are looked for in Sent under
their Message-ID, which is the same for the same occasion. Found there, they were sent; else a clerk decides
(outbox.doubts).
"""

from mailintake.model.message import InboundMessage
from mailintake.worker.shells import Shells, log_event


def may_have_gone_out(shells: Shells, message: InboundMessage | None) -> bool:
    """May a letter on that occasion (None: no mail, a reminder) have been sent before the restore?"""
    restored = shells.store.restored()
    if restored is None:
        return False
    if restored.caught_up_at is None:
        return True
    row = shells.store.message(message.sha256) if message is not None else None
    return row is not None and row.received_at <= restored.caught_up_at


def caught_up(shells: Shells) -> None:
    """A whole pass without a fault is over: what comes from now on is new."""
    restored = shells.store.restored()
    if restored is not None and restored.caught_up_at is None:
        now = shells.clock()
        with shells.store.begin() as unit:
            unit.mark_caught_up(now)
            log_event(unit, now, "store.restored")
