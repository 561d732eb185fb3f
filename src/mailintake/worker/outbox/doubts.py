"""Letters of which nobody knows whether they arrived: our Message-ID in Sent settles it, else one resend."""

from datetime import datetime, timedelta

from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.worker.outbox.copies import in_sent_folder
from mailintake.worker.outbox.marks import failed, in_doubt
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells

_ASK_FOR = timedelta(hours=48)
_ASK_AGAIN = timedelta(minutes=10)


def settle_doubts(shells: Shells, sent_copy: Mailbox | None) -> None:
    """`sending` found here is what a crash left: in doubt from now on. What was in doubt long enough is looked up."""
    for entry in shells.store.outbox((OutboxState.SENDING,)):
        in_doubt(shells, entry, "the program ended while it was handed over")
    now = shells.clock()
    for entry in shells.store.outbox((OutboxState.IN_DOUBT,), due=now):
        _settle(shells, entry, in_sent_folder(sent_copy, entry), now)


def _settle(shells: Shells, entry: OutboxEntry, found: bool | None, now: datetime) -> None:
    since = entry.asked_since
    if found:
        from mailintake.worker.outbox.recording import record_sent  # seldom

        record_sent(shells, entry, "found in the Sent folder")
    elif found is None and (since is None or now - since < _ASK_FOR):
        _ask_again(shells, entry, now)
    elif entry.restored:
        _leave_to_a_clerk(shells, entry, now)
    elif found is None or entry.resent_at is not None:
        failed(shells, entry, "nobody knows whether it arrived; not sent a third time")
    else:
        with shells.store.begin() as unit:
            moved(unit, entry, OutboxState.READY, now, last_answer="in doubt: sent once more", resent_at=now)


def _ask_again(shells: Shells, entry: OutboxEntry, now: datetime) -> None:
    """The mailbox does not answer: sending again before it was asked would be the duplicate we can avoid."""
    with shells.store.begin() as unit:
        unit.note_letter(entry.id, asked_since=entry.asked_since or now, next_try_at=now + _ASK_AGAIN)


def _leave_to_a_clerk(shells: Shells, entry: OutboxEntry, now: datetime) -> None:
    """It may have gone out before a restore, and is not in Sent, or Sent cannot be asked: a clerk sees why it waits."""
    with shells.store.begin() as unit:
        moved(unit, entry, OutboxState.WAITING, now, last_answer="restored from a backup: not found in Sent")
