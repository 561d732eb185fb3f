"""A letter that waited: written anew when its dates or its facts have moved, taken back when it is no longer true."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from mailintake.errors import TemplateBroken
from mailintake.letters.said import said_in
from mailintake.model.case import Case, DeadlineKind, SentLetter, State
from mailintake.model.letter import Letter, LetterKind, OutboxEntry, OutboxState
from mailintake.model.understanding import LetterOrder, StaffNotice
from mailintake.model.zone import local_day
from mailintake.stages.deadline import FULL_NOTICES, running, working_days_between
from mailintake.stages.decide.letter import letter_for
from mailintake.stages.decide.orders import detailed
from mailintake.stages.decide.progress import asked_besides, said_besides
from mailintake.store.port import LetterNote, Unit
from mailintake.worker.offices import for_entry
from mailintake.worker.outbox.consolidation import also_about, taken_back
from mailintake.worker.outbox.queueing import Occasion, make_letter, rendered_day
from mailintake.worker.outbox.table import moved
from mailintake.worker.outbox.withholding import contradicts_itself
from mailintake.worker.shells import Shells, log_event

_log = logging.getLogger(__name__)
_AS_WRITTEN = (
    *(LetterKind.DIGEST, LetterKind.LOGIN, LetterKind.RESULT, LetterKind.ANSWER),
    *(LetterKind.PROCEDURE_SHEET, LetterKind.RECEIVED),
)
_ENDED = (State.WITHDRAWN, State.CLOSED, State.REFUSED, State.DUPLICATE, State.CANCELLED)


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
    letter = _written(shells, entry, subject, entry.words)
    if not _rewritten(shells, entry, letter):
        return entry  # it says today what it said then: these are the bytes that somebody may have approved
    held = bool(entry.approved_by or letter.faults)
    return None if held else shells.store.outbox_entry(entry.id)


def rewritten(shells: Shells, entry: OutboxEntry) -> bool:
    """Write a letter anew by the rules of these shells, before its first try; does it say something else now? One that
    was approved waits for approval again. False, too, for one that only a person can write. TemplateBroken as above."""
    if entry.attempts or entry.letter in _AS_WRITTEN:
        return False
    mine = for_entry(shells, entry)
    return _rewritten(mine, entry, _written(mine, entry, _subject(mine, entry), entry.words))


def _rewritten(shells: Shells, entry: OutboxEntry, letter: Letter) -> bool:
    now = shells.clock()
    if said_in(letter.raw) == said_in(shells.store.files.path(entry.sha256).read_bytes()):
        return False
    with shells.store.begin() as unit:
        unit.replace_letter(entry.id, letter)
        log_event(unit, now, "letter.rewritten", case=entry.case, letter=entry.letter.value)
        if letter.faults:
            contradicts_itself(unit, letter, now)
        if entry.approved_by or (letter.faults and entry.state is OutboxState.READY):
            _back_to(unit, entry, now)
    return True


def _back_to(unit: Unit, entry: OutboxEntry, now: datetime) -> None:
    """What was approved is what goes out; this is something else by now, and whoever approved it looks once more."""
    freed = LetterNote(last_answer="changed after its approval", approved_by="", approved_sha256="")
    if moved(unit, entry, OutboxState.WAITING, now, **freed):
        text = f"{entry.approved_by}: {entry.subject}"
        unit.add_notice(StaffNotice("letter.changed", text, entry.case, entry.in_answer_to), now)


def reworded(shells: Shells, entry: OutboxEntry, words: str) -> Letter:
    """The letter as it is today with these words of a person in it. TemplateBroken as in rendering."""
    return _written(shells, entry, _subject(shells, entry), words)


def freshened_safely(shells: Shells, entry: OutboxEntry) -> bool:
    """One that cannot be written today keeps back no other; it says so when somebody wants to approve it."""
    try:
        return freshened(shells, entry) != entry
    except (TemplateBroken, LookupError, ValueError) as fault:
        _log.warning("letter %s: %s", entry.id, type(fault).__name__)
        return False


def _written(shells: Shells, entry: OutboxEntry, subject: _Subject, words: str) -> Letter:
    now = shells.clock()
    message = shells.store.reading(entry.in_answer_to) if entry.in_answer_to else None
    numbers = tuple(case.number for case in subject.cases)
    days = _days_left(shells, entry, subject, now)
    order = LetterOrder(entry.letter, entry.to, entry.case, numbers[1:], cc=entry.cc, days_left=days, text=words)
    known = {case.number: case for case in subject.cases}
    decided = shells.store.decision(entry.in_answer_to) if entry.in_answer_to else None
    if decided is not None and decided.understanding is not None:
        order = detailed(order, decided.understanding)
    if message is not None and entry.letter is LetterKind.PROGRESS:
        before = tuple(replace(c, letters=_without(c, entry)) for c in subject.cases)
        order = replace(order, questions=said_besides(before, message, shells.rules))
        if decided is not None and (seen := decided.understanding) is not None:
            asked = (*order.questions, *asked_besides(seen))
            order = replace(order, questions=asked, unanswered=seen.classification.unanswered)
    return make_letter(shells, order, known, Occasion(message, now), message_id=entry.message_id)


def _without(case: Case, entry: OutboxEntry) -> tuple[SentLetter, ...]:
    """The letters of a case but this one."""
    return tuple(letter for letter in case.letters if letter.message_id != entry.message_id)


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
    awaited = running(main, DeadlineKind.CORRECTION) is not None and main.state is not State.COMPLETE
    if entry.letter is LetterKind.REMINDER and not awaited:
        return "no correction is awaited any more"
    if entry.letter is LetterKind.OVERDUE and main.state is not State.CORRECTION_OVERDUE:
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
        if taken_back(unit, entry, now, why) and not told_since and entry.letter in FULL_NOTICES:
            text = f"{', '.join(entry.to)} {why}"
            unit.add_notice(StaffNotice("letter.withheld", text, entry.case, entry.in_answer_to), now)


def _days_left(shells: Shells, entry: OutboxEntry, subject: _Subject, now: datetime) -> int | None:
    if entry.letter is not LetterKind.REMINDER or not subject.cases:
        return None
    period = running(subject.cases[0], DeadlineKind.CORRECTION)
    return None if period is None else working_days_between(local_day(now), period.due, shells.rules.calendar)
