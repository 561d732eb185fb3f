"""One letter says it all: unsent letters about the same cases to the same people are superseded by a later one."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from mailintake.model.case import Case, State
from mailintake.model.letter import UNSENT, LetterKind, OutboxEntry, OutboxState
from mailintake.model.understanding import LetterOrder, StaffNotice
from mailintake.stages.deadline import FULL_NOTICES
from mailintake.store.port import Unit
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells

# What a person wrote is never taken back by the machine.
_BY_STAFF = (LetterKind.RESULT, LetterKind.ANSWER, LetterKind.DIGEST, LetterKind.LOGIN)


def supersede(
    shells: Shells, unit: Unit, order: LetterOrder, cases: Mapping[str, Case], now: datetime, own: Collection[int]
) -> tuple[LetterOrder, dict[str, Case]]:
    """Take back what the new letter says anew; `own` letters belong to the same answer, and stay. What a letter taken
    back said of further cases the new one says too: gives the order with these, and the cases it needs."""
    known = dict(cases)
    if not order.case:
        return order, known
    about, words = list(dict.fromkeys((order.case, *order.related))), order.text
    for number in about:  # grows: a letter taken back may speak of more
        for entry in shells.store.outbox(UNSENT, cases=(number,), untried=True):
            if entry.id not in own and _replaces(order, entry, known):
                taken_back(unit, entry, now, "a later letter says it all")
                words = words or entry.words  # what a person added is not lost
                about += [n for n in also_about(shells, entry) if n not in about]
    for number in about:
        if number not in known and (case := shells.store.case(number)) is not None:
            known[number] = case
    return replace(order, related=tuple(n for n in about if n != order.case and n in known), text=words), known


def taken_back(unit: Unit, entry: OutboxEntry, now: datetime, why: str) -> bool:
    """By the machine; whoever had approved it is told. False: it has moved since."""
    if not moved(unit, entry, OutboxState.SUPERSEDED, now, last_answer=why):
        return False
    if entry.approved_by:
        text = f"{entry.approved_by}: {entry.subject}"
        unit.add_notice(StaffNotice("letter.taken_back", text, entry.case, entry.in_answer_to), now)
    return True


def _replaces(order: LetterOrder, entry: OutboxEntry, cases: Mapping[str, Case]) -> bool:
    """It went to nobody else. A full notice replaces what the machine wrote before; so does "a person looks at it"
    where the case itself waits for one now. Any other letter replaces its own kind only: a correction must not get
    lost behind a small answer."""
    reached = {address.lower() for address in order.to}
    if entry.letter in _BY_STAFF or not reached.issuperset(address.lower() for address in entry.to):
        return False
    case = cases.get(order.case)
    waits = order.letter is LetterKind.TO_STAFF and case is not None and case.state is State.NEEDS_TRIAGE
    return order.letter in FULL_NOTICES or waits or entry.letter is order.letter


def also_about(shells: Shells, entry: OutboxEntry) -> tuple[str, ...]:
    """Every case that letter speaks of, as the case it is filed under remembers."""
    case = shells.store.case(entry.case) if entry.case else None
    if case is None:
        return ()
    found = (letter.also for letter in case.letters if letter.message_id == entry.message_id)
    return next(found, ()) or (case.number,)
