"""Letters of which nobody knows whether they arrived: our Message-ID in Sent settles it, else one resend."""

from datetime import datetime, timedelta

from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.worker.intake.restored import is_doubted, leave_to_a_clerk
from mailintake.worker.outbox.copies import in_sent_folder
from mailintake.worker.outbox.marks import failed, in_doubt
from mailintake.worker.outbox.recording import record_sent
from mailintake.worker.shells import Shells, log_event

_ASK_FOR = timedelta(hours=48)


def settle_doubts(shells: Shells, sent_copy: Mailbox | None) -> None:
    """`sending` found here is what a crash left: in doubt from now on. What was in doubt long enough is looked up."""
    for entry in shells.store.outbox((OutboxState.SENDING,)):
        in_doubt(shells, entry, "the program ended while it was handed over")
    now = shells.clock()
    for entry in shells.store.outbox((OutboxState.IN_DOUBT,)):
        if entry.next_try_at is None or entry.next_try_at <= now:
            _settle(shells, entry, in_sent_folder(sent_copy, entry), now)


def _settle(shells: Shells, entry: OutboxEntry, found: bool | None, now: datetime) -> None:
    since = shells.store.value(f"doubt:{entry.id}")
    if found:
        record_sent(shells, entry, "found in the Sent folder")
    elif found is None and (since is None or now - datetime.fromisoformat(since) < _ASK_FOR):
        _ask_again(shells, entry, since, now)
    elif is_doubted(shells, entry):
        leave_to_a_clerk(shells, entry, now)
    elif found is None or shells.store.value(f"resent:{entry.id}") is not None:
        failed(shells, entry, "nobody knows whether it arrived; not sent a third time")
    else:
        with shells.store.begin() as unit:
            unit.set_value(f"resent:{entry.id}", now.isoformat())
            unit.set_outbox(entry.id, OutboxState.READY, now, answer="in doubt: sent once more")
            log_event(unit, now, "letter.resent", case=entry.case, letter=entry.letter.value)


def _ask_again(shells: Shells, entry: OutboxEntry, since: str | None, now: datetime) -> None:
    """The mailbox does not answer: sending again before it was asked would be the duplicate we can avoid."""
    with shells.store.begin() as unit:
        if since is None:
            unit.set_value(f"doubt:{entry.id}", now.isoformat())
        unit.set_outbox(entry.id, OutboxState.IN_DOUBT, now, next_try_at=now + timedelta(minutes=10))
