"""The digest: made when its hour has come on a working day, once, and caught up after a sleep."""

from collections.abc import Callable
from datetime import datetime, timedelta

from mailintake.letters.compose import compose, make_message_id
from mailintake.model.digest import Digest, Health
from mailintake.model.letter import Letter, LetterKind, Mode, OutboxState, ThreadingHeaders
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import add_working_days
from mailintake.stages.digest import BROKEN, FOR_A_CLERK, Found, digest, news_since
from mailintake.store.port import MailboxState
from mailintake.worker.outbox.pausing import paused_until
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells, log_event

_ON_THE_WAY = (OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT)


def digest_due(shells: Shells) -> bool:
    """Has today's hour come, is today a working day, and was none made today? Read from the database."""
    now = shells.clock().astimezone(SHANGHAI)
    if now.time() < shells.configuration.settings.digest.time or not shells.rules.calendar.is_working_day(now.date()):
        return False
    last = shells.store.last_digest()
    return last is None or last.day != now.date()


def make_digest(shells: Shells, sequence: int) -> Digest:
    """Today's digest from the database as it is now."""
    now = shells.clock().astimezone(SHANGHAI)
    at = shells.configuration.settings.digest.time
    next_day, _ = add_working_days(now.date(), 1, shells.rules.calendar)
    next_at = datetime.combine(next_day, at, SHANGHAI)
    return digest(_found(shells, now), health(shells), shells.rules, sequence=sequence, now=now, next_at=next_at)


def _found(shells: Shells, now: datetime) -> Found:
    store = shells.store
    return Found(
        cases=store.summaries(),
        notices=tuple((row.id, row.at, row.notice) for row in store.notices()),
        broken=store.outbox(tuple(BROKEN)),
        sent=store.letters_by_kind((OutboxState.SENT,), sent_since=news_since(now, shells.rules.calendar)),
        waiting=store.letters_by_kind(FOR_A_CLERK),
        counts=store.counts((now - timedelta(days=7)).date(), now.date()),
    )


def health(shells: Shells) -> Health:
    """Does the program itself do what it should?"""
    boxes = [shells.store.mailbox(name) for name in shells.mailboxes]
    polls = [box.polled_at for box in boxes if box.polled_at is not None]
    compared = [box for box in boxes if box.reconciled_at is not None]
    calendar = shells.rules.calendar
    today = shells.clock().astimezone(SHANGHAI).date()
    return Health(
        last_good_poll=min(polls) if len(polls) == len(boxes) > 0 else None,
        on_server=sum(box.on_server or 0 for box in compared) if compared else None,
        recorded=sum(box.recorded or 0 for box in compared) if compared else None,
        waiting_to_send=shells.store.count_letters(_ON_THE_WAY),
        quarantined=shells.store.count_messages("quarantined"),
        problems=_problems(shells, boxes),
        calendar_known_until=calendar.known_until,
        calendar_short=add_working_days(today, 40, calendar)[1],
        rule_version=shells.rules.version,
    )


def _problems(shells: Shells, boxes: list[MailboxState]) -> tuple[tuple[str, str], ...]:
    until = paused_until(shells)
    paused = [("sending.paused", until.isoformat())] if until is not None else []
    return (*paused, *(("mailbox.fault", f"{box.name}: {box.fault}") for box in boxes if box.fault))


def next_sequence(shells: Shells) -> int:
    """The number of the next digest."""
    last = shells.store.last_digest()
    return 1 if last is None else last.sequence + 1


def queue_digest(shells: Shells, publish: Callable[[Digest], object] | None = None) -> Digest:
    """Make, publish and queue the digest of today; the day counts as done with the queued mail, not before.

    A digest of an earlier day that still waits is superseded. What `publish` raises leaves the day undone.
    """
    now = shells.clock()
    sequence = next_sequence(shells)
    made = make_digest(shells, sequence)
    recipients = shells.configuration.settings.digest.recipients or shells.rules.office.staff_addresses
    mail = _mail(shells, made, recipients, now) if recipients else None
    if publish is not None:
        publish(made)
    with shells.store.begin() as unit:
        unit.add_digest(sequence, now.astimezone(SHANGHAI).date(), now)
        if mail is not None:
            for entry in shells.store.outbox((OutboxState.READY,), kinds=(LetterKind.DIGEST,)):
                moved(unit, entry, OutboxState.SUPERSEDED, now, last_answer="a newer digest")
            unit.queue_letter(mail, OutboxState.READY, now, now)
        log_event(unit, now, "digest.made", sequence=str(sequence))
    return made


def _mail(shells: Shells, made: Digest, recipients: tuple[str, ...], now: datetime) -> Letter:
    office = shells.rules.office
    rendered = shells.renderer.digest(made, office)
    domain = shells.sender.addr.rpartition("@")[2]
    message_id = make_message_id(f"digest-{made.day.isoformat()}", "digest", made.sequence, domain)
    raw = compose(
        rendered,
        kind=LetterKind.DIGEST,
        sender=shells.sender,
        to=recipients,
        cc=(),
        message_id=message_id,
        threading=ThreadingHeaders(),
        date=now.astimezone(SHANGHAI),
    )
    return Letter(LetterKind.DIGEST, Mode.AUTO, recipients, (), rendered.subject, message_id, raw)
