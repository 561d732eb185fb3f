"""Our letters in the mailbox itself: drafts for a clerk, copies in Sent, and what a copy there proves."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from mailintake.config.settings import SentCopy
from mailintake.errors import MailboxLoginRefused, MailboxUnavailable
from mailintake.mailbox.port import Mailbox
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.store.port import Unit
from mailintake.worker.shells import Shells, log_event

_WANTED = "sent_copy:wanted"  # outbox numbers whose copy is still to be seen to
_NOT_BEFORE = "letter_box:not_before"
_PROVIDER_NEEDS = timedelta(minutes=2)  # until its own copy lies in Sent
_AFTER_FAULT = timedelta(minutes=30)
_GIVE_UP = timedelta(days=1)
_ABSENT = (MailboxUnavailable, MailboxLoginRefused)


def want_copy(shells: Shells, unit: Unit, entry: OutboxEntry) -> None:
    """Remember, before the letter goes out, that its copy must be seen to."""
    if shells.configuration.settings.sent_copy is not SentCopy.NEVER:
        unit.set_value(_WANTED, _text((*_wanted(shells), entry.id)))


def settle_copies(shells: Shells, mailbox: Mailbox) -> None:
    """Put letters into Sent that went out and are not there: at once, or, where the provider may do it, a while later.

    A mailbox that does not take them is left alone for half an hour; after a day a copy is given up.
    """
    now, wanted = shells.clock(), _wanted(shells)
    if not wanted or left_alone(shells):
        return
    patience = timedelta(0) if shells.configuration.settings.sent_copy is SentCopy.APPEND else _PROVIDER_NEEDS
    for number in wanted:
        entry = shells.store.outbox_entry(number)
        if entry is None or _over(entry, now):
            _seen_to(shells, number)
        elif entry.state is OutboxState.SENT and entry.sent_at and entry.sent_at + patience <= now:
            try:
                _copy(shells, mailbox, entry)
            except _ABSENT:
                _leave_alone(shells)
                return
            _seen_to(shells, number)


def left_alone(shells: Shells) -> bool:
    """Did the mailbox not take a letter a short while ago?"""
    not_before = shells.store.value(_NOT_BEFORE)
    return not_before is not None and datetime.fromisoformat(not_before) > shells.clock()


def _leave_alone(shells: Shells) -> None:
    with shells.store.begin() as unit:
        unit.set_value(_NOT_BEFORE, (shells.clock() + _AFTER_FAULT).isoformat())


def _copy(shells: Shells, mailbox: Mailbox, entry: OutboxEntry) -> None:
    mailbox.open()
    if not mailbox.has_message_id("Sent", entry.message_id):
        mailbox.append("Sent", shells.store.files.path(entry.sha256).read_bytes())


def _over(entry: OutboxEntry, now: datetime) -> bool:
    failed = entry.state in (OutboxState.FAILED, OutboxState.REJECTED, OutboxState.SUPERSEDED)
    return failed or (entry.sent_at is not None and now - entry.sent_at > _GIVE_UP)


def _seen_to(shells: Shells, number: int) -> None:
    with shells.store.begin() as unit:
        unit.set_value(_WANTED, _text(n for n in _wanted(shells) if n != number))


def _wanted(shells: Shells) -> tuple[int, ...]:
    return tuple(int(n) for n in (shells.store.value(_WANTED) or "").split())


def _text(numbers: Iterable[int]) -> str:
    return " ".join(str(n) for n in dict.fromkeys(numbers))


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
    if left_alone(shells):
        return False
    try:
        mailbox.open()
        if not mailbox.has_message_id("Drafts", entry.message_id):  # a crash may have come between the two
            mailbox.append("Drafts", shells.store.files.path(entry.sha256).read_bytes())
    except _ABSENT:
        _leave_alone(shells)
        return False
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.DRAFTED, now, answer="in the drafts folder")
        log_event(unit, now, "letter.drafted", case=entry.case, letter=entry.letter.value)
    return True
