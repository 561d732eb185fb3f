"""What the applicant is told after a person has changed how a case is judged: what is not out yet is written anew."""

from collections.abc import Iterable

from mailintake.model.case import OFFICE_STEPS, Case
from mailintake.model.letter import LetterKind, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage
from mailintake.model.understanding import LetterOrder
from mailintake.stages.acts.frame import Around, participants
from mailintake.stages.deadline import FULL_NOTICES
from mailintake.stages.decide.letter import letter_for

_UNSENT = (OutboxState.WAITING, OutboxState.READY)
_WITHOUT_MAIL = InboundMessage("", 0, "", None)
_REPLACED = (*FULL_NOTICES, LetterKind.TO_STAFF)


def told_anew(case: Case, around: Around) -> tuple[LetterOrder, ...]:
    """The letter about the case as it is now, where one is due: one that waits is replaced, somebody who never had a
    full notice gets theirs, and where nothing lacks any more that is said. What changed after a full notice went out is
    asked for by `request` only, so that nobody is told things in pieces by every click."""
    kind = letter_for((case,), around.message or _WITHOUT_MAIL, around.rules)
    to = participants(case)
    replaced = bool(waiting_notices(around.letters))
    if kind is LetterKind.TO_STAFF or not to or (case.state in OFFICE_STEPS and not replaced):
        return ()
    told = [letter.letter for letter in case.letters if letter.letter in FULL_NOTICES or letter.by]
    now_complete = kind is LetterKind.ACKNOWLEDGEMENT and told[-1:] != [LetterKind.ACKNOWLEDGEMENT.value]
    if replaced or not told or now_complete:
        return (LetterOrder(kind, to, case.number),)
    return ()


def full_notice(case: Case, around: Around) -> LetterOrder | None:
    """Everything that is open, once more, whoever was told what before; None where nobody can be written to or only a
    person could say what."""
    kind = letter_for((case,), around.message or _WITHOUT_MAIL, around.rules)
    to = participants(case)
    return LetterOrder(kind, to, case.number) if to and kind is not LetterKind.TO_STAFF else None


def on_its_way(letters: Iterable[OutboxEntry]) -> bool:
    """Has somebody a full notice in hand, or will they, unless a clerk says no?"""
    never = (OutboxState.REJECTED, OutboxState.SUPERSEDED, OutboxState.FAILED, OutboxState.SHADOWED)
    return any(entry.letter in FULL_NOTICES and entry.state not in never for entry in letters)


def waiting_notices(letters: Iterable[OutboxEntry]) -> tuple[OutboxEntry, ...]:
    """Notices about the state of the papers that nobody has in hand yet."""
    return tuple(e for e in letters if e.state in _UNSENT and not e.attempts and e.letter in _REPLACED)
