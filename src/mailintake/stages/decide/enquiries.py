"""Who asks is answered by the guide where the guide knows it; everything else a person answers."""

from dataclasses import replace

from mailintake.model.letter import LetterKind
from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.understanding import Decision, Disposition, StaffNotice
from mailintake.stages.decide.notices import COMPLAINT, FOREIGN, QUESTION, mail_notices
from mailintake.stages.decide.orders import notice, ordered, to_staff
from mailintake.stages.decide.progress import asks_progress, progress
from mailintake.stages.words.accounts import foreign_account
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of

Q = QuestionKind
_SAME_FOR_ANYBODY = frozenset(
    {Q.LOST, Q.DAMAGED, Q.ADD_ECONOMIES, Q.LEFT, Q.EARLY, Q.FEE, Q.INVOICE, Q.SLIP, Q.WHERE, Q.MAIL_TO, Q.PAPERS}
)
_MAY_COMPLAIN = (MessageClass.ENQUIRY, MessageClass.CHASE, MessageClass.UNKNOWN)


def is_complaint(at: Situation) -> bool:
    """Is somebody dissatisfied who brings nothing else? Beside an application it is a line for staff."""
    found = at.understood.classification
    return QuestionKind.COMPLAINT in found.questions and found.message_class in _MAY_COMPLAIN


def complaint(at: Situation) -> Decision:
    """A person answers it (guide 1.4: advice and complaints have a telephone number of their own)."""
    said = (n for n in mail_notices(at.message, at.understood, ()) if n.code != COMPLAINT)
    notices = (notice(COMPLAINT, at), *said)
    return Decision(Disposition.FOR_STAFF, letters=ordered(LetterKind.COMPLAINT, at), notices=notices)


def enquiry(at: Situation) -> Decision:
    """The guide's sentence for what was asked. How a case stands is told to whoever may hear it; what is asked with
    somebody's papers, or of his own numbers, and what the guide does not answer, only a person can say."""
    link, found = at.understood.link, at.understood.classification
    if _about_others(at):
        notices = (notice(QUESTION, at), *mail_notices(at.message, at.understood, ()))
        return Decision(Disposition.FOR_STAFF, letters=ordered(LetterKind.RECEIVED, at), notices=notices)
    if asks_progress(at):
        return progress(at)
    asked, questions = {i.procedure for i in found.intents}, found.questions
    known = [kind for kind in questions if kind not in BY_STAFF]
    own = link.case is not None and (not asked or link.case.procedure in asked)
    elsewhere = Q.OTHER_SERVICE in questions and not asked
    answered = bool(known or (asked and not questions and not own))
    account = account_notices(at)
    somebody = _brings_somebody(at)
    if elsewhere or not answered or (somebody and not _same_for_anybody(at)):
        asked_of_us = to_staff(QUESTION, at, link.case if own else None)
        return replace(asked_of_us, notices=(*account, *asked_of_us.notices))
    notices = mail_notices(at.message, at.understood, ())
    excluded = _asks_of_his_own(at)  # the guide's words are told; whether it is so, only a person can say
    if own or somebody or found.topics or found.doubted or len(known) < len(questions):
        notices = (notice(QUESTION, at), *notices)
    notices = (*account, *notices)
    return Decision(
        Disposition.FOR_STAFF if account or excluded or somebody else Disposition.ANSWERED,
        letters=ordered(LetterKind.PROCEDURE_SHEET, at),
        notices=notices,
    )


def _same_for_anybody(at: Situation) -> bool:
    """Does somebody with a number and no case here ask only what the guide says alike for whoever it is?"""
    asked = set(at.understood.classification.questions)
    papers = any(document.kind for document in at.understood.people.documents)
    return not papers and at.understood.link.case is None and asked - {Q.UNKNOWN} <= _SAME_FOR_ANYBODY


def _asks_of_his_own(at: Situation) -> bool:
    """Does somebody ask whether people of his own may apply whom the guide may exclude?"""
    said = fold(own_words(at.message, at.rules).both)
    words = at.rules.vocabulary.words
    mine = any_of(words("i_alone_patterns")).search(said) is not None or any(
        w in said for w in words("prohibition_own")
    )
    return bool(at.understood.classification.topics) and mine


def _about_others(at: Situation) -> bool:
    """Does a stranger want to know of somebody else's card? Nobody's card is a stranger's matter."""
    said = fold(own_words(at.message, at.rules).both)
    return (
        at.understood.link.case is None
        and any_of(at.rules.vocabulary.words("others_card_patterns")).search(said) is not None
    )


def account_notices(at: Situation) -> tuple[StaffNotice, ...]:
    """Somebody is told to pay elsewhere, and asks."""
    said = foreign_account(own_words(at.message, at.rules).both, at.rules)
    return (notice(FOREIGN, at, text=said),) if said else ()


def account_alone(at: Situation) -> tuple[StaffNotice, ...]:
    """The same of somebody with no case, paper or person who does not ask whether it is right: staff see it, and he
    gets no letter."""
    people = at.understood.people
    if at.understood.link.case is not None or people.documents or people.applicants:
        return ()
    said = fold(own_words(at.message, at.rules).both)
    doubts = any_of(at.rules.vocabulary.words("account_doubt_patterns")).search(said)
    return () if doubts else account_notices(at)


def _brings_somebody(at: Situation) -> bool:
    """Somebody's number or papers come with the question."""
    people = at.understood.people
    told = any(a.passport_no or a.card_no for a in people.applicants)
    return told or any(document.kind for document in people.documents)
