"""The outbox: two-mark sending, the provider's limits, and what each answer means."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailintake.errors import (
    MailboxLoginRefused,
    MailboxUnavailable,
    MailerInDoubt,
    MailerPaused,
    MailerRefused,
    MailerUnavailable,
)
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.limits import next_slot
from mailintake.model.letter import Mode, OutboxEntry, OutboxState
from mailintake.model.understanding import LetterOrder, StaffNotice
from mailintake.stages.deadline import on_sent
from mailintake.worker.outgoing import Occasion, make_letter, rendered_day
from mailintake.worker.shells import Shells, log_event

_GIVE_UP = timedelta(hours=48)
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=4)
_PAUSED = "sending:paused_until"
_FOREVER = timedelta(days=3650)  # until an operator resumes


@dataclass(frozen=True)
class SentCount:
    """What one round of sending did."""

    sent: int = 0
    drafted: int = 0
    waiting: int = 0
    failed: int = 0


def send_due(shells: Shells, sent_copy: Mailbox | None = None) -> SentCount:
    """Send what is ready, as fast as the provider's limits allow; settle what a crash left in doubt first."""
    now = shells.clock()
    _settle_doubts(shells, sent_copy)
    if (until := shells.store.value(_PAUSED)) and datetime.fromisoformat(until) > now:
        return SentCount(waiting=len(shells.store.outbox((OutboxState.READY,))))
    due = [
        e for e in shells.store.outbox((OutboxState.READY,)) if e.send_after <= now and (e.next_try_at or now) <= now
    ]
    sent = drafted = failed = 0
    for position, entry in enumerate(due):
        if entry.mode is Mode.DRAFT:
            drafted += _draft(shells, entry, sent_copy)
            continue
        if not _slot_free(shells, now):
            return SentCount(sent, drafted, len(due) - position, failed)
        outcome = _send(shells, entry)
        sent, failed = sent + (outcome is OutboxState.SENT), failed + (outcome is OutboxState.FAILED)
        if outcome is None:
            return SentCount(sent, drafted, len(due) - position, failed)
    return SentCount(sent, drafted, 0, failed)


def _slot_free(shells: Shells, now: datetime) -> bool:
    limits = shells.configuration.settings.sending
    since = now - timedelta(days=1)
    times = [e.sent_at for e in shells.store.outbox((OutboxState.SENT,)) if e.sent_at and e.sent_at > since]
    return next_slot(times, now, limits.per_hour, limits.gap_seconds, limits.per_day) <= now


def _send(shells: Shells, entry: OutboxEntry) -> OutboxState | None:
    """One letter; None when sending as a whole must stop for now."""
    now = shells.clock()
    entry = _fresh(shells, entry, now)
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.SENDING, now, count_attempt=True)
    raw = shells.store.files.path(entry.sha256).read_bytes()
    try:
        accepted = shells.mailer.send(raw, shells.rules.office.intake_address, (*entry.to, *entry.cc))
    except MailerInDoubt as doubt:
        _set(shells, entry, OutboxState.IN_DOUBT, str(doubt), now + _FIRST_WAIT * 2)
        return OutboxState.IN_DOUBT
    except MailerRefused as refused:
        return _failed(shells, entry, str(refused))
    except MailerPaused as pause:
        wait = timedelta(seconds=pause.resume_after_seconds) if pause.resume_after_seconds else _FOREVER
        _pause(shells, entry, str(pause), now + wait)
        return None
    except MailerUnavailable as absent:
        return _later(shells, entry, absent, now)
    record_sent(shells, entry, accepted.answer)
    for address, answer in accepted.refused:
        _notice(shells, "letter.partly_refused", f"{address}: {answer}", entry)
    return OutboxState.SENT


def _fresh(shells: Shells, entry: OutboxEntry, now: datetime) -> OutboxEntry:
    """A letter whose dates were counted from another day is written anew, under the same Message-ID."""
    case = shells.store.case(entry.case) if entry.case else None
    if case is None or entry.attempts or rendered_day(entry.rendered_for, now):
        return entry
    order = LetterOrder(entry.letter, entry.to, entry.case, related=case.related, cc=entry.cc)
    message = shells.store.reading(entry.in_answer_to) if entry.in_answer_to else None
    known = {n: c for n in case.related if (c := shells.store.case(n)) is not None}
    letter = make_letter(shells, order, {case.number: case, **known}, Occasion(message, now))
    letter = replace(letter, message_id=entry.message_id, raw=_same_id(letter.raw, letter.message_id, entry.message_id))
    with shells.store.begin() as unit:
        unit.replace_letter(entry.id, letter)
    return shells.store.outbox_entry(entry.id) or entry


def _same_id(raw: bytes, made: str, kept: str) -> bytes:
    return raw.replace(made.encode(), kept.encode(), 1)


def record_sent(shells: Shells, entry: OutboxEntry, answer: str) -> None:
    """The 250 arrived: outbox row, case deadlines and event in one transaction."""
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.SENT, now, answer=answer)
        if case := shells.store.case(entry.case) if entry.case else None:
            letters = tuple(replace(s, sent_at=now) if s.message_id == entry.message_id else s for s in case.letters)
            unit.save_case(on_sent(replace(case, letters=letters), entry.letter, now, shells.rules))
        log_event(unit, now, "letter.sent", case=entry.case, letter=entry.letter.value)


def _later(shells: Shells, entry: OutboxEntry, absent: MailerUnavailable, now: datetime) -> OutboxState | None:
    if now - entry.queued_at > _GIVE_UP:
        return _failed(shells, entry, str(absent))
    wait = min(_FIRST_WAIT * 2**entry.attempts, _LONGEST_WAIT)
    wait = max(wait, timedelta(seconds=absent.retry_after_seconds))
    _set(shells, entry, OutboxState.READY, str(absent), now + wait)
    return None


def _failed(shells: Shells, entry: OutboxEntry, answer: str) -> OutboxState:
    _set(shells, entry, OutboxState.FAILED, answer, None)
    _notice(shells, "letter.failed", answer, entry)
    return OutboxState.FAILED


def _pause(shells: Shells, entry: OutboxEntry, why: str, until: datetime) -> None:
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.READY, now, answer=why)
        unit.set_value(_PAUSED, until.isoformat())
        unit.add_notice(StaffNotice("sending.paused", why), now)
        log_event(unit, now, "sending.paused")


def _set(shells: Shells, entry: OutboxEntry, state: OutboxState, answer: str, retry: datetime | None) -> None:
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, state, now, answer=answer, next_try_at=retry)
        log_event(unit, now, f"letter.{state.value}", case=entry.case, letter=entry.letter.value)


def _notice(shells: Shells, code: str, text: str, entry: OutboxEntry) -> None:
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.add_notice(StaffNotice(code, text, case=entry.case, message=entry.in_answer_to), now)


def _settle_doubts(shells: Shells, sent_copy: Mailbox | None) -> None:
    """`sending` at start and `in doubt` later: our Message-ID in Sent settles it, else one resend."""
    now = shells.clock()
    for entry in shells.store.outbox((OutboxState.SENDING, OutboxState.IN_DOUBT)):
        if entry.state is OutboxState.IN_DOUBT and entry.next_try_at and entry.next_try_at > now:
            continue
        if _in_sent_folder(sent_copy, entry):
            record_sent(shells, entry, "found in the Sent folder")
        elif entry.attempts > 1:
            _failed(shells, entry, "in doubt twice")
        else:
            _set(shells, entry, OutboxState.READY, "in doubt: sent once more", now)


def _in_sent_folder(sent_copy: Mailbox | None, entry: OutboxEntry) -> bool:
    if sent_copy is None:
        return False
    try:
        sent_copy.open()
        return sent_copy.has_message_id("Sent", entry.message_id)
    except (MailboxUnavailable, MailboxLoginRefused):
        return False


def _draft(shells: Shells, entry: OutboxEntry, mailbox: Mailbox | None) -> bool:
    """Put the letter into 草稿箱 for a clerk; a mailbox that does not answer leaves it ready."""
    if mailbox is None:
        return False
    try:
        mailbox.open()
        mailbox.append("Drafts", shells.store.files.path(entry.sha256).read_bytes())
    except (MailboxUnavailable, MailboxLoginRefused):
        return False
    _set(shells, entry, OutboxState.DRAFTED, "in the drafts folder", None)
    return True
