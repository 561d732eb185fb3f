"""The digest: made when its hour has come on a working day, once, and caught up after a sleep."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from mailintake.letters.compose import Attached, compose, make_message_id
from mailintake.model.digest import Digest, Health
from mailintake.model.letter import Letter, LetterKind, Mode, OutboxState, ThreadingHeaders
from mailintake.model.staff import MAY_ACT, Role
from mailintake.model.zone import SHANGHAI
from mailintake.stages.deadline import add_working_days
from mailintake.stages.digest import BROKEN, FOR_A_CLERK, Brief, Found, digest, news_since
from mailintake.store.port import MailboxState, for_good
from mailintake.worker.outbox.pausing import paused_until
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells, log_event

_log = logging.getLogger(__name__)
_WORDS = 60  # characters of a mail that the digest shows
_ON_THE_WAY = (OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT)


def make_digest(shells: Shells, sequence: int) -> Digest:
    """Today's digest from the database as it is now."""
    now = shells.clock().astimezone(SHANGHAI)
    at = shells.configuration.settings.digest.time
    next_day, _ = add_working_days(now.date(), 1, shells.rules.calendar)
    next_at = datetime.combine(next_day, at, SHANGHAI)
    link = shells.configuration.settings.digest.desk
    found = _found(shells, now)
    return digest(found, health(shells), shells.rules, sequence=sequence, now=now, next_at=next_at, link=link)


def _found(shells: Shells, now: datetime) -> Found:
    store = shells.store
    lines = store.notices()
    return Found(
        cases=store.summaries(),
        mails={sha256: brief for row in lines if (sha256 := row.notice.message) and (brief := _brief(shells, sha256))},
        waiting_for=frozenset(entry.case for entry in store.outbox(FOR_A_CLERK) if entry.case),
        heads=tuple(one.name for one in store.staff() if one.role is Role.HEAD),
        notices=lines,
        broken=store.outbox(tuple(BROKEN)),
        sent=store.letters_by_kind((OutboxState.SENT,), sent_since=news_since(now, shells.rules.calendar)),
        waiting=store.letters_by_kind(FOR_A_CLERK),
        counts=store.counts((now - timedelta(days=7)).date(), now.date()),
    )


def _brief(shells: Shells, sha256: str) -> Brief | None:
    """A mail in a few words, for whoever must decide about it."""
    row = shells.store.message(sha256)
    message = shells.store.reading(sha256) if row is not None else None
    if row is None:
        return None
    decided = shells.store.decision(sha256)
    people = decided.understanding.people.applicants if decided and decided.understanding else ()
    names = tuple(name for one in people for name in (one.name, one.name_pinyin) if name)
    words = " ".join(message.new_text.split())[:_WORDS] if message is not None else ""
    return Brief(row.id, row.sender, row.subject, words, names)


def recipients_of(shells: Shells, made: Digest | None = None) -> tuple[str, ...]:
    """Who reads it: those of the settings, else the office's staff, else everybody who works on cases. What is overdue
    is read by the heads, too."""
    staff = [one for one in shells.store.staff() if one.role in MAY_ACT and one.mail]
    named = shells.configuration.settings.digest.recipients or shells.rules.office.staff_addresses
    heads = [one.mail for one in staff if one.role is Role.HEAD] if made is not None and made.overdue else []
    return tuple(dict.fromkeys((*(named or (one.mail for one in staff)), *heads)))


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
        log_mark=shells.store.log_mark(),
    )


def _problems(shells: Shells, boxes: list[MailboxState]) -> tuple[tuple[str, str], ...]:
    until = paused_until(shells)
    paused = []
    if until is not None:
        ends = not for_good(until, shells.clock())
        told = f"{until.astimezone(SHANGHAI):%m-%d %H:%M}"
        paused = [("sending.paused", told) if ends else ("sending.stopped", "")]
    nobody = [] if recipients_of(shells) else [("digest.nobody", "")]
    return (*paused, *nobody, *(("mailbox.fault", f"{box.name}: {box.fault}") for box in boxes if box.fault))


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
    recipients = recipients_of(shells, made)
    mail = _mail(shells, made, recipients, now) if recipients else None
    if mail is None:
        _log.warning("the digest has no recipient")
    if publish is not None:
        publish(made)
    with shells.store.begin() as unit:
        unit.add_digest(made)
        if mail is not None:
            for entry in shells.store.outbox((OutboxState.READY,), kinds=(LetterKind.DIGEST,)):
                moved(unit, entry, OutboxState.SUPERSEDED, now, last_answer="a newer digest")
            unit.queue_letter(mail, OutboxState.READY, now, now)
        log_event(unit, now, "digest.made", sequence=str(sequence))
    return made


def _mail(shells: Shells, made: Digest, recipients: tuple[str, ...], now: datetime) -> Letter:
    office = shells.rules.office
    from mailintake.reports.workbook import workbook_bytes  # once a day

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
        attached=(Attached(f"{made.day.isoformat()}.xlsx", workbook_bytes(made, shells.renderer)),),
    )
    return Letter(LetterKind.DIGEST, Mode.AUTO, recipients, (), rendered.subject, message_id, raw)
