"""From letter orders to outbox rows: rendered and composed before the commit, consolidated inside the quiet period."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from mailintake.letters.compose import compose, make_message_id
from mailintake.letters.view import letter_view
from mailintake.model.case import Case, SentLetter
from mailintake.model.letter import Letter, LetterKind, LetterView, Mode, OutboxState, ThreadingHeaders
from mailintake.model.message import Address, InboundMessage
from mailintake.model.understanding import LetterOrder
from mailintake.stages.deadline import add_working_days
from mailintake.store.port import Unit
from mailintake.worker.shells import Shells, log_event

SHANGHAI = ZoneInfo("Asia/Shanghai")
_START = {Mode.SHADOW: OutboxState.SHADOWED, Mode.APPROVE: OutboxState.WAITING}
_ONCE_A_DAY = frozenset({LetterKind.PROCEDURE_SHEET, LetterKind.RECEIVED})


@dataclass(frozen=True)
class Occasion:
    """What a letter answers: the mail (None for reminders), when, and a number that keeps Message-IDs apart."""

    message: InboundMessage | None
    now: datetime
    sequence: int = 0


def queue_orders(
    shells: Shells, unit: Unit, orders: tuple[LetterOrder, ...], cases: Mapping[str, Case], occasion: Occasion
) -> tuple[tuple[LetterOrder, Letter, OutboxState], ...]:
    """Render and queue every order that its mode, the daily limits and "once a day" let through."""
    queued = []
    for number, order in enumerate(orders):
        letter = make_letter(shells, order, cases, occasion, number)
        if letter.mode is Mode.OFF:
            continue
        if _told_today(shells, order, occasion.now):
            log_event(
                unit, occasion.now, "letter.withheld", case=order.case, letter=order.letter.value, why="once_a_day"
            )
            continue
        state = _state(shells, unit, order, letter, occasion.now)
        _supersede(unit, order, occasion.now)
        send_after = _send_after(shells, letter.mode, occasion)
        unit.queue_letter(letter, state, occasion.now, send_after)
        log_event(unit, occasion.now, "letter.queued", case=order.case, letter=order.letter.value, state=state.value)
        queued.append((order, letter, state))
    return tuple(queued)


def make_letter(
    shells: Shells, order: LetterOrder, cases: Mapping[str, Case], occasion: Occasion, number: int = 0
) -> Letter:
    """One finished letter. TemplateBroken when its template cannot be rendered."""
    today = occasion.now.astimezone(SHANGHAI).date()
    answer_by = add_working_days(today, 1, shells.rules.calendar)[0]
    view = letter_view(order, cases, occasion.message, shells.rules, today, answer_by=answer_by)
    origin = occasion.message.sha256 if occasion.message else order.case
    office = shells.rules.office
    message_id = make_message_id(
        origin,
        f"{order.letter.value}.{order.case}",
        occasion.sequence * 10 + number,
        office.intake_address.rpartition("@")[2],
    )
    return _compose(shells, order, view, message_id, occasion)


def _compose(shells: Shells, order: LetterOrder, view: LetterView, message_id: str, occasion: Occasion) -> Letter:
    rendered = shells.renderer.letter(view)
    office = shells.rules.office
    raw = compose(
        rendered,
        kind=order.letter,
        sender=Address(office.name, office.intake_address),
        to=order.to,
        cc=order.cc,
        message_id=message_id,
        threading=threading(occasion.message),
        date=occasion.now.astimezone(SHANGHAI),
    )
    mode = shells.configuration.letters.mode(order.letter)
    return Letter(
        order.letter,
        mode,
        order.to,
        order.cc,
        rendered.subject,
        message_id,
        raw,
        order.case,
        occasion.message.sha256 if occasion.message else "",
        view.today,
        view,
    )


def threading(message: InboundMessage | None) -> ThreadingHeaders:
    """In-Reply-To and References of an answer (RFC 5322 3.6.4)."""
    if message is None or not message.message_id:
        return ThreadingHeaders()
    earlier = message.references or message.in_reply_to[:1]
    return ThreadingHeaders(message.message_id, (*earlier, message.message_id))


def with_letter(case: Case, letter: Letter, now: datetime) -> Case:
    """The case with that letter in its memory, and what the letter asked for."""
    asked = () if letter.view is None else tuple(f"{i.code}|{i.person}" for b in letter.view.blocks for i in b.todo)
    return replace(case, letters=(*case.letters, SentLetter(letter.kind.value, letter.message_id, now, None, asked)))


def _state(shells: Shells, unit: Unit, order: LetterOrder, letter: Letter, now: datetime) -> OutboxState:
    """Where it starts; a letter over a limit waits for a clerk instead of going out."""
    state = _START.get(letter.mode, OutboxState.READY)
    policy = shells.configuration.letters
    day_ago = now - timedelta(days=1)
    over = any(shells.store.letters_to(to, day_ago) >= policy.per_address_per_day for to in order.to)
    if state is OutboxState.READY and over:
        log_event(unit, now, "letter.limited", case=order.case, letter=order.letter.value)
        return OutboxState.WAITING
    return state


def _told_today(shells: Shells, order: LetterOrder, now: datetime) -> bool:
    if order.letter not in _ONCE_A_DAY:
        return False
    since = now - timedelta(days=1)
    recent = [e for e in shells.store.outbox() if e.queued_at > since and e.letter is order.letter]
    return any(set(e.to) & set(order.to) for e in recent)


def _supersede(unit: Unit, order: LetterOrder, now: datetime) -> None:
    if order.case:
        for entry in unit.supersede_unsent(order.case, order.to, now):
            unit.set_outbox(entry.id, OutboxState.SUPERSEDED, now, answer="a later letter says it all")


def _send_after(shells: Shells, mode: Mode, occasion: Occasion) -> datetime:
    quiet = shells.configuration.letters.quiet_seconds if occasion.message is not None and mode is Mode.AUTO else 0
    return occasion.now + timedelta(seconds=quiet)


def own_address(address: str, shells: Shells) -> bool:
    """Is it one of ours? Such an address is never written to."""
    office = shells.rules.office
    return parseaddr(address)[1].lower() in {office.intake_address, *office.own_addresses}


def rendered_day(day: date | None, now: datetime) -> bool:
    """Were the dates of a letter counted from today?"""
    return day == now.astimezone(SHANGHAI).date()
