"""A letter that waited: written anew when its dates or its facts have moved, taken back when it is no longer true."""

from dataclasses import dataclass
from datetime import datetime

from mailintake.model.case import Case, DeadlineKind, State
from mailintake.model.letter import LetterKind, OutboxEntry, OutboxState
from mailintake.model.understanding import LetterOrder, StaffNotice
from mailintake.model.zone import local_day
from mailintake.stages.deadline import FULL_NOTICES, running, working_days_between
from mailintake.stages.decide.letter import letter_for
from mailintake.worker.outbox.consolidation import also_about
from mailintake.worker.outbox.queueing import Occasion, make_letter, rendered_day
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells, log_event

_AS_WRITTEN = (LetterKind.DIGEST, LetterKind.RESULT, LetterKind.ANSWER, LetterKind.PROCEDURE_SHEET, LetterKind.RECEIVED)
_ENDED = (State.WITHDRAWN, State.CLOSED, State.REFUSED, State.DUPLICATE, State.CANCELLED)
_ONLY_IN = {LetterKind.REMINDER: State.AWAITING_CORRECTION, LetterKind.OVERDUE: State.CORRECTION_OVERDUE}


@dataclass(frozen=True)
class _Subject:
    """What a waiting letter is about, as it stands now."""

    cases: tuple[Case, ...]
    changed: bool  # mail came in since the letter was written


def freshened(shells: Shells, entry: OutboxEntry) -> OutboxEntry | None:
    """The letter as it may go out today; None when it may not, which the outbox then says.

    Only before its first try: a letter that may be in somebody's hands never changes. TemplateBroken as in rendering.
    """
    if entry.attempts or entry.letter in _AS_WRITTEN:
        return entry
    now = shells.clock()
    subject = _subject(shells, entry)
    if why := _untrue(shells, entry, subject):
        _take_back(shells, entry, why)
        return None
    if rendered_day(entry.rendered_for, now) and not subject.changed:
        return entry
    message = shells.store.reading(entry.in_answer_to) if entry.in_answer_to else None
    numbers = tuple(case.number for case in subject.cases)
    order = LetterOrder(
        entry.letter, entry.to, entry.case, numbers[1:], cc=entry.cc, days_left=_days_left(shells, entry, subject, now)
    )
    known = {case.number: case for case in subject.cases}
    letter = make_letter(shells, order, known, Occasion(message, now), message_id=entry.message_id)
    with shells.store.begin() as unit:
        unit.replace_letter(entry.id, letter)
        log_event(unit, now, "letter.rewritten", case=entry.case, letter=entry.letter.value)
    return shells.store.outbox_entry(entry.id)


def _subject(shells: Shells, entry: OutboxEntry) -> _Subject:
    found = (shells.store.case(number) for number in also_about(shells, entry))
    cases = tuple(case for case in found if case is not None)
    return _Subject(cases, any(case.last_received_at > entry.queued_at for case in cases))


def _untrue(shells: Shells, entry: OutboxEntry, subject: _Subject) -> str:
    """Why it must not go out any more, or the empty string."""
    if not subject.cases:
        return ""
    main = subject.cases[0]
    if main.state in _ENDED:
        return "the case has ended"
    if main.state is not _ONLY_IN.get(entry.letter, main.state):
        return "no correction is awaited any more"
    if subject.changed and entry.letter in FULL_NOTICES:
        message = shells.store.reading(entry.in_answer_to)
        if message is not None and letter_for(subject.cases, message, shells.rules) is not entry.letter:
            return "what it says has changed since"
    return ""


def _take_back(shells: Shells, entry: OutboxEntry, why: str) -> None:
    """Superseded; staff hear of it where nobody was told anything in its place."""
    now = shells.clock()
    told_since = shells.store.count_letters(cases=(entry.case,), after=entry.id)
    with shells.store.begin() as unit:
        taken_back = moved(unit, entry, OutboxState.SUPERSEDED, now, last_answer=why)
        if taken_back and not told_since and entry.letter in FULL_NOTICES:
            text = f"{', '.join(entry.to)} {why}"
            unit.add_notice(StaffNotice("letter.withheld", text, entry.case, entry.in_answer_to), now)


def _days_left(shells: Shells, entry: OutboxEntry, subject: _Subject, now: datetime) -> int | None:
    if entry.letter is not LetterKind.REMINDER or not subject.cases:
        return None
    period = running(subject.cases[0], DeadlineKind.CORRECTION)
    return None if period is None else working_days_between(local_day(now), period.due, shells.rules.calendar)
