"""Our letters in the mailbox itself: drafts for a clerk, copies in Sent, and what a copy there proves."""

from datetime import datetime, timedelta

from mailintake.config.settings import SentCopy
from mailintake.errors import MailboxLoginRefused, MailboxUnavailable
from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells

_PROVIDER_NEEDS = timedelta(minutes=2)  # until its own copy lies in Sent
_AFTER_FAULT = timedelta(minutes=30)
_GIVE_UP = timedelta(days=1)
_ABSENT = (MailboxUnavailable, MailboxLoginRefused)


def copy_wanted(shells: Shells) -> bool:
    """Is it ours to see that sent letters lie in Sent?"""
    return shells.configuration.settings.sent_copy is not SentCopy.NEVER


def settle_copies(shells: Shells, mailbox: Mailbox) -> None:
    """Put letters into Sent that went out and are not there: at once, or, where the provider may do it, a while later.

    A mailbox that does not take them is left alone for half an hour; after a day a copy is given up.
    """
    now, wanted = shells.clock(), shells.store.outbox(copy_wanted=True)
    if not wanted or _left_alone(shells, mailbox):
        return
    patience = timedelta(0) if shells.configuration.settings.sent_copy is SentCopy.APPEND else _PROVIDER_NEEDS
    for entry in wanted:
        if _over(entry, now):
            _seen_to(shells, entry)
        elif entry.state is OutboxState.SENT and entry.sent_at and entry.sent_at + patience <= now:
            try:
                _copy(shells, mailbox, entry)
            except _ABSENT:
                _leave_alone(shells, mailbox)
                return
            _seen_to(shells, entry)


def _left_alone(shells: Shells, mailbox: Mailbox) -> bool:
    """Did it not take a letter a short while ago?"""
    not_before = shells.store.mailbox(mailbox.name).letters_not_before
    return not_before is not None and not_before > shells.clock()


def _leave_alone(shells: Shells, mailbox: Mailbox) -> None:
    with shells.store.begin() as unit:
        unit.note_mailbox(mailbox.name, letters_not_before=shells.clock() + _AFTER_FAULT)


def _copy(shells: Shells, mailbox: Mailbox, entry: OutboxEntry) -> None:
    mailbox.open()
    if not mailbox.has_message_id("Sent", entry.message_id):
        mailbox.append("Sent", shells.store.files.path(entry.sha256).read_bytes())


def _over(entry: OutboxEntry, now: datetime) -> bool:
    failed = entry.state in (OutboxState.FAILED, OutboxState.REJECTED, OutboxState.SUPERSEDED)
    return failed or (entry.sent_at is not None and now - entry.sent_at > _GIVE_UP)


def _seen_to(shells: Shells, entry: OutboxEntry) -> None:
    with shells.store.begin() as unit:
        unit.note_letter(entry.id, copy_wanted=False)


def in_sent_folder(mailbox: Mailbox | None, entry: OutboxEntry) -> bool | None:
    """Is the letter in Sent? None when the mailbox cannot be asked now."""
    if mailbox is None:
        return False
    try:
        mailbox.open()
        return mailbox.has_message_id("Sent", entry.message_id)
    except _ABSENT:
        return None


def draft(shells: Shells, entry: OutboxEntry, mailbox: Mailbox) -> bool:
    """Put the letter into Drafts for a clerk, once; False when the mailbox does not take it now."""
    if _left_alone(shells, mailbox):
        return False
    try:
        mailbox.open()
        if not mailbox.has_message_id("Drafts", entry.message_id):  # a crash may have come between the two
            mailbox.append("Drafts", shells.store.files.path(entry.sha256).read_bytes())
    except _ABSENT:
        _leave_alone(shells, mailbox)
        return False
    with shells.store.begin() as unit:
        moved(unit, entry, OutboxState.DRAFTED, shells.clock(), last_answer="in the drafts folder")
    return True
