"""The digest: made when its hour has come on a working day, once, and caught up after a sleep."""

from collections.abc import Callable
from datetime import datetime, timedelta

from mailintake.letters.compose import compose, make_message_id
from mailintake.model.digest import Digest, Health
from mailintake.model.letter import Letter, LetterKind, Mode, OutboxState, ThreadingHeaders
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import add_working_days
from mailintake.stages.digest import digest
from mailintake.worker.outbox.pausing import UNTIL, is_paused
from mailintake.worker.shells import Shells, log_event

_LAST = "digest:last_day"
_SEQUENCE = "digest:sequence"
_MANY = 5000


def digest_due(shells: Shells) -> bool:
    """Has today's hour come, is today a working day, and was none made today? Read from the database."""
    now = shells.clock().astimezone(SHANGHAI)
    at = shells.configuration.settings.digest.time
    last = shells.store.value(_LAST)
    return now.time() >= at and shells.rules.calendar.is_working_day(now.date()) and last != now.date().isoformat()


def make_digest(shells: Shells, sequence: int) -> Digest:
    """Today's digest from the database as it is now."""
    now = shells.clock().astimezone(SHANGHAI)
    at = shells.configuration.settings.digest.time
    next_day, _ = add_working_days(now.date(), 1, shells.rules.calendar)
    notices = tuple((row.id, row.at, row.notice) for row in shells.store.notices())
    counts = shells.store.counts((now - timedelta(days=7)).date(), now.date())
    return digest(
        shells.store.cases(open_only=True, limit=_MANY),
        notices,
        shells.store.outbox(limit=_MANY),
        counts,
        health(shells),
        shells.rules,
        sequence=sequence,
        now=now,
        next_at=datetime.combine(next_day, at, SHANGHAI),
    )


def health(shells: Shells) -> Health:
    """Does the program itself do what it should?"""
    polls = [v for name in shells.mailboxes if (v := shells.store.value(f"polled:{name}"))]
    reconciled = [v.split() for name in shells.mailboxes if (v := shells.store.value(f"reconciled:{name}"))]
    calendar = shells.rules.calendar
    today = shells.clock().astimezone(SHANGHAI).date()
    return Health(
        last_good_poll=min(map(datetime.fromisoformat, polls)) if len(polls) == len(shells.mailboxes) > 0 else None,
        on_server=sum(int(r[1]) for r in reconciled) if reconciled else None,
        recorded=sum(int(r[2]) for r in reconciled) if reconciled else None,
        waiting_to_send=len(shells.store.outbox((OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT))),
        quarantined=len(shells.store.messages("quarantined", limit=1000)),
        problems=_problems(shells),
        calendar_known_until=calendar.known_until,
        calendar_short=add_working_days(today, 40, calendar)[1],
        rule_version=shells.rules.version,
    )


def _problems(shells: Shells) -> tuple[tuple[str, str], ...]:
    found = []
    if is_paused(shells):
        found.append(("sending.paused", shells.store.value(UNTIL) or ""))
    for name in shells.mailboxes:
        if fault := shells.store.value(f"fault:{name}"):
            found.append(("mailbox.fault", f"{name}: {fault}"))
    return tuple(found)


def queue_digest(shells: Shells, publish: Callable[[Digest], object] | None = None) -> Digest:
    """Make, publish and queue the digest of today; the day counts as done with the queued mail, not before.

    A digest of an earlier day that still waits is superseded. What `publish` raises leaves the day undone.
    """
    now = shells.clock()
    sequence = int(shells.store.value(_SEQUENCE) or 0) + 1
    made = make_digest(shells, sequence)
    recipients = shells.configuration.settings.digest.recipients or shells.rules.office.staff_addresses
    mail = _mail(shells, made, recipients, now) if recipients else None
    if publish is not None:
        publish(made)
    with shells.store.begin() as unit:
        unit.set_value(_LAST, now.astimezone(SHANGHAI).date().isoformat())
        unit.set_value(_SEQUENCE, str(sequence))
        if mail is not None:
            for entry in shells.store.outbox((OutboxState.READY,), limit=_MANY):
                if entry.letter is LetterKind.DIGEST:
                    unit.set_outbox(entry.id, OutboxState.SUPERSEDED, now, answer="a newer digest")
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
