"""Reasons why a letter is not written, or waits for a clerk: own addresses, once a day, limits, bounces."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Protocol

from mailintake.model.letter import INTERNAL, UNSENT, Letter, LetterKind, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage
from mailintake.model.understanding import LetterOrder, StaffNotice
from mailintake.model.zone import SHANGHAI, local_day
from mailintake.stages.decide.letter import somebody_reads
from mailintake.stages.decide.orders import detailed
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import own_words
from mailintake.store.port import LetterWhere, Unit
from mailintake.worker.outbox.bounces import open_bounces
from mailintake.worker.shells import Shells, log_event

_ONCE_A_DAY = frozenset({LetterKind.RECEIVED})
_SAYS_THE_SAME = frozenset(
    {LetterKind.TO_STAFF, LetterKind.RECEIVED, LetterKind.CARD_OR_PASSPORT, LetterKind.NEW_OR_RENEW}
)
_NEVER_SEEN = (OutboxState.SUPERSEDED, OutboxState.REJECTED, OutboxState.FAILED)
_SEEN = tuple(state for state in OutboxState if state not in _NEVER_SEEN)
_COUNTED = tuple(state for state in OutboxState if state not in (*_NEVER_SEEN, OutboxState.SHADOWED))
_DAY = timedelta(days=1)
_SAID_ELSEWHERE = ("nobody_to_write_to", "told_already")  # there is a line for staff about it
_TO_APPLICANTS = tuple(kind for kind in LetterKind if kind not in INTERNAL)
_REMEMBERED = 8  # letters of one kind to one address whose mails a new one is held against
_NO_WORDS = re.compile(r"[\W\d_]+")
_TEXT = 500  # characters of a notice


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


def told_today(shells: Shells, order: LetterOrder, occasion: Moment) -> bool:
    """Did one of them get such a letter within a day? Receipts once, and the answer to the same questions; that a
    person will look at it once, too, unless it is about a case or the mail brings something new. How a matter stands
    once a working day."""
    now = occasion.now
    if order.letter is LetterKind.PROGRESS:
        return _stands_told(shells, order, now)
    if order.letter is LetterKind.PROCEDURE_SHEET:
        return _answered_today(shells, order, now)
    asked: LetterWhere = {"kinds": (order.letter,), "reaching": order.to, "queued_since": now - _DAY}
    if order.letter in _ONCE_A_DAY:
        return shells.store.count_letters(_SEEN, **asked) > 0
    if order.letter is not LetterKind.TO_STAFF or order.case:
        return False
    asked["cases"] = ("",)
    told = shells.store.outbox(_SEEN, **asked)
    return bool(told) and not _brings_news(shells, order, occasion.message, told)


def _answered_today(shells: Shells, order: LetterOrder, now: datetime) -> bool:
    """Was all of it answered within a day? Somebody who asks something else gets an answer to that."""
    for entry in shells.store.outbox(_SEEN, kinds=(order.letter,), reaching=order.to, queued_since=now - _DAY):
        decided = shells.store.decision(entry.in_answer_to)
        if decided is None or decided.understanding is None:
            return True
        told = detailed(replace(order, questions=(), procedures=()), decided.understanding)
        same = not order.procedures or set(order.procedures) <= set(told.procedures)
        if same and set(order.questions) <= set(told.questions):
            return True
    return False


def _stands_told(shells: Shells, order: LetterOrder, now: datetime) -> bool:
    """Was one of them told how that matter stands since the working day began that this is, or that was the last?"""
    day, calendar = local_day(now), shells.rules.calendar
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    since = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    told = shells.store.outbox(_SEEN, kinds=(order.letter,), cases=(order.case,), reaching=order.to, queued_since=since)
    return bool(told)


def told_already(shells: Shells, order: LetterOrder, message: InboundMessage | None) -> bool:
    """Was the last letter to one of them about this case the same, one that only says that a person will look or ask,
    and is a line about it still open for staff? A machine that answers every letter would else get one each time; who
    brings something new hears that it came."""
    if order.letter not in _SAYS_THE_SAME:
        return False
    told = shells.store.outbox(_SEEN, cases=(order.case,), reaching=order.to)
    if not told or told[-1].letter is not order.letter or _brings_news(shells, order, message, told):
        return False
    return shells.store.is_noticed(case=order.case, message=told[-1].in_answer_to)


def _brings_news(
    shells: Shells, order: LetterOrder, message: InboundMessage | None, told: Sequence[OutboxEntry]
) -> bool:
    """Does the mail bring a paper, or words that ask or tell something, that none of the mails brought to which these
    letters were the answer? Numbers do not make words new: a machine counts its answers. What is not sent yet answers
    both, where no case takes it back."""
    if message is None or (not order.case and told[-1].state in UNSENT):
        return False
    shas = dict.fromkeys(entry.in_answer_to for entry in told[-_REMEMBERED:] if entry.in_answer_to)
    earlier = [mail for sha in shas if (mail := shells.store.reading(sha)) is not None]
    held = {paper.sha256 for mail in earlier for paper in mail.documents}
    if any(paper.sha256 not in held for paper in message.documents):
        return True
    said = _words_of(message, shells)
    return order.speaks and bool(said) and all(said != _words_of(mail, shells) for mail in earlier)


def _words_of(message: InboundMessage, shells: Shells) -> str:
    return _NO_WORDS.sub("", fold(own_words(message, shells.rules).text))


def reason_to_hold(shells: Shells, order: LetterOrder, now: datetime) -> str:
    """Why a clerk must see it first, or the empty string."""
    policy, day_ago = shells.configuration.letters, now - _DAY
    if any(shells.store.letters_to(to, day_ago) >= policy.per_address_per_day for to in order.to):
        return "address_limit"
    letters = shells.store.count_letters(_COUNTED, kinds=_TO_APPLICANTS, queued_since=day_ago)
    if letters >= policy.global_per_day:
        return "global_limit"
    return "address_bounces" if open_bounces(shells, (order.case, *order.related), order.to) else ""


def withheld(shells: Shells, unit: Unit, order: LetterOrder, occasion: Moment, why: str) -> None:
    """Say so: to staff where a person must now do something, at most once while the line is open."""
    message = occasion.message.sha256 if occasion.message else ""
    now, letter = occasion.now, order.letter.value
    log_event(unit, now, "letter.withheld", case=order.case, message=message, letter=letter, why=why)
    if why in _SAID_ELSEWHERE or order.letter is LetterKind.PROGRESS:
        return
    text = f"{', '.join(order.to) if why != 'global_limit' else ''} {why}".strip()
    unit.add_notice_once(StaffNotice("letter.withheld", text, case=order.case, message=message), now)


def contradicts_itself(unit: Unit, letter: Letter, now: datetime) -> None:
    """A finished letter says two things that cannot both be true: it never goes out without a person."""
    log_event(unit, now, "letter.withheld", case=letter.case, message=letter.in_answer_to, letter=letter.kind.value)
    text = "; ".join(letter.faults)[:_TEXT]
    unit.add_notice_once(StaffNotice("letter.contradiction", text, letter.case, letter.in_answer_to), now)
