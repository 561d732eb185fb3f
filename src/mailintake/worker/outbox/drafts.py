"""Letters in the drafts folder: a clerk sends them by hand, and the days count from then on."""

from datetime import timedelta

from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import OutboxState
from mailintake.worker.outbox.copies import in_sent_folder
from mailintake.worker.shells import Shells

_EVERY = timedelta(minutes=30)
_FOR = timedelta(days=30)  # a draft nobody sent in that time is looked for no more


def settle_drafts(shells: Shells, mailbox: Mailbox | None) -> int:
    """Look, every half hour, which drafts lie in Sent by now; gives how many. A web page that sends a draft under
    another Message-ID leaves no trace to find: for those there is `mailintake letter sent`."""
    if mailbox is None:
        return 0
    now, asked = shells.clock(), shells.store.mailbox(mailbox.name).drafts_asked_at
    if asked is not None and asked + _EVERY > now:
        return 0
    drafts = shells.store.outbox((OutboxState.DRAFTED,), queued_since=now - _FOR)
    found = 0
    for entry in drafts:
        there = in_sent_folder(mailbox, entry)
        if there is None:
            return found
        if there:
            from mailintake.worker.outbox.recording import record_sent  # seldom

            found += record_sent(shells, entry, "found in the Sent folder")
    if drafts:
        with shells.store.begin() as unit:
            unit.note_mailbox(mailbox.name, drafts_asked_at=now)
    return found
