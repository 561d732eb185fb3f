"""The outbox: two-mark sending, the provider's limits, and what each answer means."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from mailintake.errors import MailerInDoubt, MailerPaused, MailerRefused, MailerUnavailable, TemplateBroken
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.limits import next_slot
from mailintake.model.letter import Mode, OutboxEntry, OutboxState
from mailintake.worker.offices import for_entry
from mailintake.worker.outbox.copies import copy_wanted, draft, settle_copies
from mailintake.worker.outbox.doubts import settle_doubts
from mailintake.worker.outbox.drafts import settle_drafts
from mailintake.worker.outbox.marks import broken, failed, in_doubt, later, partly_refused
from mailintake.worker.outbox.pausing import pause, paused_until, worked
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells, never
from mailintake.worker.story import tell_letter


@dataclass(frozen=True)
class SentCount:
    """What one round of sending did."""

    sent: int = 0
    drafted: int = 0
    waiting: int = 0
    failed: int = 0


def send_due(shells: Shells, sent_copy: Mailbox | None = None, stop: Callable[[], bool] = never) -> SentCount:
    """Send what is ready, as fast as the provider's limits allow; settle what a crash left in doubt first."""
    settle_doubts(shells, sent_copy)
    settle_drafts(shells, sent_copy)
    drafted = _drafts(shells, sent_copy)
    due = [entry for entry in _due(shells) if entry.mode is not Mode.DRAFT]
    if paused_until(shells) is not None:
        return SentCount(drafted=drafted, waiting=len(due))
    sent = refused = 0
    for position, entry in enumerate(due):
        if stop() or not _slot_free(shells):
            return SentCount(sent, drafted, len(due) - position, refused)
        outcome = _send(shells, entry)
        sent, refused = sent + (outcome is OutboxState.SENT), refused + (outcome is OutboxState.FAILED)
        if outcome is OutboxState.SENT and sent_copy is not None:
            settle_copies(shells, sent_copy)
        if outcome in (OutboxState.READY, OutboxState.IN_DOUBT):  # the server has no ear now
            return SentCount(sent, drafted, len(due) - position, refused)
    if sent_copy is not None:
        settle_copies(shells, sent_copy)
    return SentCount(sent, drafted, 0, refused)


def may_send_now(shells: Shells) -> bool:
    """Is there a letter whose time has come, and does nothing forbid to send it this moment?"""
    due = shells.store.count_letters((OutboxState.READY,), due=shells.clock())
    return bool(due) and paused_until(shells) is None and _slot_free(shells)


def _due(shells: Shells) -> list[OutboxEntry]:
    return [*shells.store.outbox((OutboxState.READY,), due=shells.clock())]


def _drafts(shells: Shells, mailbox: Mailbox | None) -> int:
    """Drafts need no mailer and know no pause. The first that the mailbox does not take ends the round."""
    done = 0
    for entry in _due(shells):
        if entry.mode is Mode.DRAFT and mailbox is not None:
            current = _current(shells, entry)
            if current is not None and not draft(shells, current, mailbox):
                break
            done += current is not None
    return done


def _slot_free(shells: Shells) -> bool:
    now, limits = shells.clock(), shells.configuration.settings.sending
    times = shells.store.sent_times(now - timedelta(days=1))
    return next_slot(times, now, limits.per_hour, limits.gap_seconds, limits.per_day) <= now


def _current(shells: Shells, entry: OutboxEntry) -> OutboxEntry | None:
    """The letter as it may go out now; None when it may not. A fault of one letter is no fault of the others."""
    from mailintake.worker.outbox.freshening import freshened  # loaded with the first letter

    try:
        return freshened(for_entry(shells, entry), entry)
    except (TemplateBroken, LookupError, ValueError) as fault:
        broken(shells, entry, f"{type(fault).__name__}: {fault}")
        return None


def _send(shells: Shells, entry: OutboxEntry) -> OutboxState | None:
    """One letter; gives what became of it, or None when it did not come to a try."""
    current = _current(shells, entry)
    if current is None:
        return None
    try:
        raw = shells.store.files.path(current.sha256).read_bytes()
    except KeyError:
        return failed(shells, current, "its bytes are missing")
    if hashlib.sha256(raw).hexdigest() != current.sha256:  # a broken disk, or somebody: nobody gets that
        return failed(shells, current, "its bytes were changed")
    under_way = _claimed(shells, current)
    if under_way is None:
        return None
    return _handed_over(shells, under_way, raw)


def _claimed(shells: Shells, entry: OutboxEntry) -> OutboxEntry | None:
    """The first mark, committed before a byte goes out. None when a clerk or another worker was quicker."""
    now, wanted = shells.clock(), copy_wanted(shells)
    with shells.store.begin() as unit:
        if not moved(
            unit, entry, OutboxState.SENDING, now, copy_wanted=wanted, first_tried_at=entry.first_tried_at or now
        ):
            return None
        return shells.store.outbox_entry(entry.id)


def _handed_over(shells: Shells, entry: OutboxEntry, raw: bytes) -> OutboxState:
    from mailintake.worker.outbox.recording import record_sent

    try:
        accepted = shells.mailer.send(raw, shells.sender.addr, (*entry.to, *entry.cc))
    except MailerInDoubt as doubt:
        return _told(entry, in_doubt(shells, entry, str(doubt)), str(doubt))
    except MailerRefused as refused:
        return _told(entry, failed(shells, entry, str(refused)), str(refused))
    except MailerPaused as halt:
        return _told(entry, pause(shells, entry, halt), str(halt))
    except MailerUnavailable as absent:
        return _told(entry, later(shells, entry, absent), str(absent))
    worked(shells)
    unreached = {address.lower() for address, _ in accepted.refused}
    if unreached.issuperset(address.lower() for address in entry.to):  # only a copy was taken
        answers = "; ".join(f"{address}: {answer}" for address, answer in accepted.refused)
        return _told(entry, failed(shells, entry, answers), answers)
    record_sent(shells, entry, accepted.answer)
    if accepted.refused:
        partly_refused(shells, entry, accepted.refused)
    return _told(entry, OutboxState.SENT, accepted.answer)


def _told(entry: OutboxEntry, outcome: OutboxState, answer: str) -> OutboxState:
    tell_letter(entry, outcome, answer)
    return outcome
