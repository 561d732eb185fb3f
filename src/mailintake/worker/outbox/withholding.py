"""Reasons why a letter is not written, or waits for a clerk: own addresses, once a day, limits, bounces."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from mailintake.model.letter import LetterKind, OutboxState
from mailintake.model.message import InboundMessage
from mailintake.model.understanding import LetterOrder, StaffNotice
from mailintake.stages.decide.letter import somebody_reads
from mailintake.store.port import Unit
from mailintake.worker.notices import notice_once
from mailintake.worker.outbox.bounces import open_bounces
from mailintake.worker.shells import Shells, log_event

_ONCE_A_DAY = frozenset({LetterKind.PROCEDURE_SHEET, LetterKind.RECEIVED})
_SAYS_THE_SAME = frozenset({LetterKind.TO_STAFF, LetterKind.RECEIVED, LetterKind.CARD_OR_PASSPORT})
_NEVER_SEEN = (OutboxState.SUPERSEDED, OutboxState.REJECTED, OutboxState.FAILED)
_COUNTED = tuple(state for state in OutboxState if state not in (*_NEVER_SEEN, OutboxState.SHADOWED))
_DAY = timedelta(days=1)
_MANY = 2000


class Moment(Protocol):
    """What is needed of the occasion of a letter."""

    @property
    def message(self) -> InboundMessage | None:
        """The mail it answers."""

    @property
    def now(self) -> datetime:
        """When."""


def addressed(shells: Shells, order: LetterOrder) -> LetterOrder:
    """The order without our own addresses and those that nobody reads."""
    own = shells.own_addresses
    read = (a for a in order.to if a and somebody_reads(a, shells.rules))
    to = tuple(dict.fromkeys(a for a in read if a.lower() not in own))
    return replace(order, to=to, cc=tuple(a for a in order.cc if a and a.lower() not in own))


def told_today(shells: Shells, order: LetterOrder, now: datetime) -> bool:
    """Did one of them get such a letter within a day? Sheets and receipts once; that a person will look at it once,
    too, unless it is about a case."""
    if order.letter not in _ONCE_A_DAY and (order.letter is not LetterKind.TO_STAFF or order.case):
        return False
    to = {address.lower() for address in order.to}
    states = tuple(state for state in OutboxState if state not in _NEVER_SEEN)
    return any(
        entry.letter is order.letter and entry.queued_at > now - _DAY and to & {a.lower() for a in entry.to}
        for entry in shells.store.outbox(states, limit=_MANY)
        if not entry.case or entry.letter in _ONCE_A_DAY
    )


def told_already(shells: Shells, order: LetterOrder) -> bool:
    """Was the last letter to one of them about this case the same, one that only says that a person will look or ask,
    and is a line about it still open for staff? A machine that answers every letter would else get one each time."""
    if order.letter not in _SAYS_THE_SAME:
        return False
    to = {address.lower() for address in order.to}
    states = tuple(state for state in OutboxState if state not in _NEVER_SEEN)
    entries = shells.store.outbox(states, limit=_MANY)
    last = next((e for e in reversed(entries) if e.case == order.case and to & {a.lower() for a in e.to}), None)
    if last is None or last.letter is not order.letter:
        return False
    about = {last.in_answer_to} - {""}
    rows = (row.notice for row in shells.store.notices())
    return any((order.case and n.case == order.case) or n.message in about for n in rows)


def reason_to_hold(shells: Shells, order: LetterOrder, now: datetime) -> str:
    """Why a clerk must see it first, or the empty string."""
    policy, day_ago = shells.configuration.letters, now - _DAY
    if any(shells.store.letters_to(to, day_ago) >= policy.per_address_per_day for to in order.to):
        return "address_limit"
    newest = shells.store.outbox(_COUNTED, limit=policy.global_per_day + 5)
    letters = [e for e in newest if e.letter is not LetterKind.DIGEST and e.queued_at > day_ago]
    if len(letters) >= policy.global_per_day:
        return "global_limit"
    return "address_bounces" if open_bounces(shells, (order.case, *order.related), order.to) else ""


def withheld(shells: Shells, unit: Unit, order: LetterOrder, occasion: Moment, why: str) -> None:
    """Say so: to staff where a person must now do something, at most once while the line is open."""
    message = occasion.message.sha256 if occasion.message else ""
    now, letter = occasion.now, order.letter.value
    log_event(unit, now, "letter.withheld", case=order.case, message=message, letter=letter, why=why)
    if why in ("nobody_to_write_to", "told_already"):  # there is a line for staff about it
        return
    text = f"{', '.join(order.to) if why != 'global_limit' else ''} {why}".strip()
    notice_once(shells, unit, StaffNotice("letter.withheld", text, case=order.case, message=message), now)
