"""Letters in the drafts folder: a clerk sends them by hand, and the days count from then on."""

from datetime import datetime, timedelta

from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import OutboxState
from mailintake.worker.outbox.copies import in_sent_folder
from mailintake.worker.outbox.recording import record_sent
from mailintake.worker.shells import Shells

_ASKED = "drafts:asked_at"
_EVERY = timedelta(minutes=30)
_FOR = timedelta(days=30)  # a draft nobody sent in that time is looked for no more
_MANY = 500


def settle_drafts(shells: Shells, mailbox: Mailbox | None) -> int:
    """Look, every half hour, which drafts lie in Sent by now; gives how many. A web page that sends a draft under
    another Message-ID leaves no trace to find: for those there is `mailintake outbox sent`."""
    now, asked = shells.clock(), shells.store.value(_ASKED)
    if mailbox is None or (asked is not None and datetime.fromisoformat(asked) + _EVERY > now):
        return 0
    drafts = [e for e in shells.store.outbox((OutboxState.DRAFTED,), limit=_MANY) if e.queued_at + _FOR > now]
    found = 0
    for entry in drafts:
        there = in_sent_folder(mailbox, entry)
        if there is None:
            return found
        if there:
            record_sent(shells, entry, "found in the Sent folder")
            found += 1
    if drafts:
        with shells.store.begin() as unit:
            unit.set_value(_ASKED, now.isoformat())
    return found
