"""Who asks is answered by the guide where the guide knows it; everything else a person answers."""

from dataclasses import replace

from mailintake.model.letter import LetterKind
from mailintake.model.question import QuestionKind
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Decision, Disposition
from mailintake.stages.decide.cases import Situation
from mailintake.stages.decide.notices import COMPLAINT, QUESTION, mail_notices
from mailintake.stages.decide.orders import notice, ordered, to_staff

Q = QuestionKind
_FOR_A_PERSON = frozenset({Q.COMPLAINT, Q.OTHER_SERVICE, Q.PROGRESS, Q.UNKNOWN})  # the guide does not answer these
_MAY_COMPLAIN = (MessageClass.ENQUIRY, MessageClass.CHASE, MessageClass.UNKNOWN)


def is_complaint(at: Situation) -> bool:
    """Is somebody dissatisfied who brings nothing else? Beside an application it is a line for staff."""
    found = at.understood.classification
    return QuestionKind.COMPLAINT in found.questions and found.message_class in _MAY_COMPLAIN


def complaint(at: Situation) -> Decision:
    """A person answers it (guide 1.4: advice and complaints have a telephone number of their own)."""
    case = at.understood.link.case if at.understood.link.verified else None
    return to_staff(COMPLAINT, at, case)


def enquiry(at: Situation) -> Decision:
    """The guide's sheets for what was asked about. How a case stands, what is asked with somebody's papers or numbers,
    and what the guide does not answer, only a person can say."""
    case = at.understood.link.case
    asked = tuple(dict.fromkeys(i.procedure for i in at.understood.classification.intents))
    if case is not None and (not asked or case.procedure in asked):
        return to_staff(QUESTION, at, case)
    questions = at.understood.classification.questions
    known = [kind for kind in questions if kind not in _FOR_A_PERSON]
    elsewhere = Q.OTHER_SERVICE in questions and not asked
    if _brings_somebody(at) or elsewhere or not (known or (asked and not questions)):
        return to_staff(QUESTION, at)
    letters = tuple(replace(order, procedures=asked) for order in ordered(LetterKind.PROCEDURE_SHEET, at))
    notices = mail_notices(at.message, at.understood, ())
    if len(known) < len(questions):
        notices = (notice(QUESTION, at), *notices)
    return Decision(Disposition.ANSWERED, letters=letters, notices=notices)


def _brings_somebody(at: Situation) -> bool:
    """Somebody's number or papers come with the question."""
    people = at.understood.people
    told = any(a.passport_no or a.card_no for a in people.applicants)
    return told or any(document.kind for document in people.documents)
