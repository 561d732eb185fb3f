"""From letter orders to outbox rows: rendered and composed before the commit, consolidated inside the quiet period."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mailintake.letters.compose import compose, make_message_id
from mailintake.letters.contradictions import contradictions
from mailintake.letters.view import letter_view
from mailintake.model.case import Case, SentLetter
from mailintake.model.letter import Addressee, Letter, LetterView, Mode, OutboxState, ThreadingHeaders
from mailintake.model.message import InboundMessage
from mailintake.model.senders import from_elsewhere, from_finance, is_for_payer
from mailintake.model.understanding import LetterOrder
from mailintake.model.zone import SHANGHAI
from mailintake.stages.assign.addressee import addressee
from mailintake.stages.deadline import FULL_NOTICES, add_working_days
from mailintake.store.port import Unit
from mailintake.worker.outbox.consolidation import supersede
from mailintake.worker.outbox.withholding import (
    addressed,
    contradicts_itself,
    reason_to_hold,
    told_already,
    told_today,
    withheld,
)
from mailintake.worker.past import late_in
from mailintake.worker.restored import may_have_gone_out
from mailintake.worker.shells import Shells, log_event

__all__ = ["SHANGHAI", "Occasion", "Queued", "make_letter", "queue_orders", "remembered", "with_letter"]
_START = {Mode.SHADOW: OutboxState.SHADOWED, Mode.APPROVE: OutboxState.WAITING}
_QUIET = (Mode.AUTO, Mode.DRAFT)


@dataclass(frozen=True)
class Queued:
    """A letter that was queued: what was ordered, the finished letter, and where it starts."""

    order: LetterOrder
    letter: Letter
    state: OutboxState


@dataclass(frozen=True)
class Occasion:
    """What a letter answers: the mail (None for reminders), when, and a number that keeps Message-IDs apart. `by`: the
    person who ordered it; nothing follows that they would have to wait for. `for_approval`: it waits for a clerk,
    whatever its mode."""

    message: InboundMessage | None
    now: datetime
    sequence: int = 0
    by: str = ""
    for_approval: bool = False


def queue_orders(
    shells: Shells, unit: Unit, orders: tuple[LetterOrder, ...], cases: Mapping[str, Case], occasion: Occasion
) -> tuple[Queued, ...]:
    """Render and queue every order that its mode, the limits and "once a day" let through.

    TemplateBroken when one cannot be rendered: then nothing of the unit may be committed.
    """
    queued, own = [], set[int]()
    for number, wanted in enumerate(orders):
        order = addressed(shells, wanted)
        mode = shells.configuration.letters.mode(order.letter)
        if mode is Mode.OFF and not occasion.for_approval:
            continue
        if not order.to:
            withheld(shells, unit, wanted, occasion, "nobody_to_write_to")
            continue
        if told_today(shells, order, occasion):
            withheld(shells, unit, order, occasion, "once_a_day")
            continue
        if told_already(shells, order, occasion.message):
            withheld(shells, unit, order, occasion, "told_already")
            continue
        own_words = order.text
        order, known = supersede(shells, unit, order, cases, occasion.now, own)
        letter = make_letter(shells, order, known, occasion, number)
        if letter.faults:
            contradicts_itself(unit, letter, occasion.now)
        edited = order.text != own_words  # a person's paragraph of the letter before: somebody looks at it once more
        state = OutboxState.WAITING if edited else _state(shells, unit, order, letter, occasion)
        own.add(unit.queue_letter(letter, state, occasion.now, occasion.now + _quiet(shells, mode, occasion)))
        told = {"letter": order.letter.value, "state": state.value}
        log_event(unit, occasion.now, "letter.queued", case=order.case, message=letter.in_answer_to, **told)
        queued.append(Queued(order, letter, state))
    return tuple(queued)


def _quiet(shells: Shells, mode: Mode, occasion: Occasion) -> timedelta:
    """How long an answer waits for further mails of the same sender. Nobody waits for what a person has ordered."""
    waits = occasion.message is not None and not occasion.by and mode in _QUIET
    return timedelta(seconds=shells.configuration.letters.quiet_seconds if waits else 0)


def _state(shells: Shells, unit: Unit, order: LetterOrder, letter: Letter, occasion: Occasion) -> OutboxState:
    """Where it starts; a letter that there is a reason to hold waits for a clerk instead of going out."""
    mode = letter.mode
    state = _START.get(mode, OutboxState.READY)
    if occasion.for_approval or (letter.faults and mode is not Mode.SHADOW):
        return OutboxState.WAITING
    if mode is not Mode.SHADOW and not occasion.by and may_have_gone_out(shells, occasion.message):
        return OutboxState.IN_DOUBT
    reason = reason_to_hold(shells, order, occasion.now) if state is OutboxState.READY else ""
    if reason:
        withheld(shells, unit, order, occasion, reason)
        return OutboxState.WAITING
    return state


def make_letter(
    shells: Shells,
    order: LetterOrder,
    cases: Mapping[str, Case],
    occasion: Occasion,
    number: int = 0,
    message_id: str = "",
) -> Letter:
    """One finished letter, under its own Message-ID or the one given. TemplateBroken when it cannot be rendered."""
    today = occasion.now.astimezone(SHANGHAI).date()
    answered = _answered(shells, order, cases, occasion)
    view = letter_view(
        order,
        cases,
        occasion.message,
        shells.rules,
        today,
        addressee=_reader(shells, order, answered),
        answer_by=_answer_by(shells, today),
    )
    origin = occasion.message.sha256 if occasion.message else order.case
    what = f"{order.letter.value}.{order.case}"
    domain = shells.sender.addr.rpartition("@")[2]
    own_id = message_id or make_message_id(origin, what, occasion.sequence * 10 + number, domain)
    headers = threading(answered) if occasion.message is not None else ThreadingHeaders()
    return _compose(shells, order, view, own_id, occasion, headers)


def _answered(
    shells: Shells, order: LetterOrder, cases: Mapping[str, Case], occasion: Occasion
) -> InboundMessage | None:
    """The reader's own mail that a letter answers: the one at hand, or, for a reminder and for what another's slip has
    completed, the last one of the case by one of those written to."""
    case = cases.get(order.case)
    given = occasion.message
    own = is_for_payer((case,), given, order.to) or not from_finance((case,), given) if case is not None else True
    if case is None or (given is not None and own and not from_elsewhere((case,), given)):
        return given
    known = (shells.store.reading(sha256) for sha256 in reversed(case.messages))
    return next((m for m in known if m is not None and m.sender is not None and m.sender.addr in order.to), None)


def _reader(shells: Shells, order: LetterOrder, answered: InboundMessage | None) -> Addressee:
    """Whom the letter greets, in which language. A letter to several greets nobody by name."""
    reader = addressee(answered, shells.rules)
    return reader if len(order.to) == 1 else replace(reader, name="")


def _answer_by(shells: Shells, today: date) -> date | None:
    """The day by which a person answers, where the office promises one."""
    days = shells.configuration.letters.answer_within_days
    return None if days is None else add_working_days(today, days, shells.rules.calendar)[0]


def _compose(
    shells: Shells, order: LetterOrder, view: LetterView, message_id: str, occasion: Occasion, headers: ThreadingHeaders
) -> Letter:
    rendered = shells.renderer.letter(view)
    faults = contradictions(rendered, view, shells.renderer.phrases)
    raw = compose(
        rendered,
        kind=order.letter,
        sender=shells.sender,
        to=order.to,
        cc=order.cc,
        message_id=message_id,
        threading=headers,
        date=occasion.now.astimezone(SHANGHAI),
    )
    return Letter(
        order.letter,
        shells.configuration.letters.mode(order.letter),
        order.to,
        order.cc,
        rendered.subject,
        message_id,
        raw,
        order.case,
        occasion.message.sha256 if occasion.message else "",
        view.today,
        view,
        order.text,
        tuple(f"{fault.row}: {fault.words}" for fault in faults),
    )


def threading(message: InboundMessage | None) -> ThreadingHeaders:
    """In-Reply-To and References of an answer (RFC 5322 3.6.4)."""
    if message is None or not message.message_id:
        return ThreadingHeaders()
    earlier = message.references or message.in_reply_to[:1]
    return ThreadingHeaders(message.message_id, (*earlier, message.message_id))


def with_letter(
    case: Case, letter: Letter, now: datetime, also: tuple[str, ...] = (), late: tuple[str, ...] = ()
) -> Case:
    """The case with that letter in its memory, what the letter asked of it, and the cases it speaks of as well. `late`:
    what could have been asked before."""
    matters = letter.view.matters if letter.view else ()
    items = [item for matter in matters if matter.case.number == case.number for item in matter.todo]
    asked = tuple(f"{item.code}|{person}" for item in items for person in (item.people or ("",)))
    sent = SentLetter(letter.kind.value, letter.message_id, now, None, asked, also, late)
    return replace(case, letters=(*case.letters, sent))


def remembered(shells: Shells, case: Case, queued: tuple[Queued, ...], now: datetime) -> Case:
    """The case with every letter that speaks of it, be it filed under this case or another of the same mail."""
    for one in queued:
        about = (one.order.case, *one.order.related)
        if case.number in about:
            late = late_in(shells, case) if one.letter.kind in FULL_NOTICES else ()
            case = with_letter(case, one.letter, now, about if len(about) > 1 else (), late)
    return case


def rendered_day(day: date | None, now: datetime) -> bool:
    """Were the dates of a letter counted from today?"""
    return day == now.astimezone(SHANGHAI).date()
