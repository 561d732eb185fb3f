"""Orders and notices in the form that every branch of the decision needs."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.case import Case
from mailintake.model.letter import LetterKind
from mailintake.model.understanding import Decision, Disposition, LetterOrder, StaffNotice
from mailintake.stages.decide.cases import Situation
from mailintake.stages.decide.letter import recipients
from mailintake.stages.decide.notices import mail_notices


def ordered(letter: LetterKind, at: Situation, cases: Sequence[Case] = ()) -> tuple[LetterOrder, ...]:
    """The letter to the sender, about these cases: the first is the one it is filed under. Nobody to write to: none."""
    to = recipients(at.message, at.understood.link, at.rules)
    numbers = tuple(case.number for case in cases)
    return (LetterOrder(letter, to, next(iter(numbers), ""), numbers[1:]),) if to else ()


def notice(code: str, at: Situation, number: str = "", text: str = "") -> StaffNotice:
    """A line for staff about this mail, with its subject where there is nothing better to say."""
    link = at.understood.link
    known = number or (link.case.number if link.case else "")
    return StaffNotice(code, text or at.message.subject, case=known, message=at.message.sha256)


def to_staff(code: str, at: Situation, case: Case | None = None, text: str = "") -> Decision:
    """A person must read it; the sender hears that, and nothing else. A case that is given is stored."""
    cases = () if case is None else (case,)
    number = "" if case is None else case.number
    said = mail_notices(at.message, at.understood, cases)
    notices = (notice(code, at, number, text), *(n for n in said if n.code != code))
    letters = tuple(replace(order, related=()) for order in ordered(LetterKind.TO_STAFF, at, cases))
    return Decision(Disposition.FOR_STAFF, cases=cases, letters=letters, notices=notices)
