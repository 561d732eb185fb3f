"""Orders and notices in the form that every branch of the decision needs."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.case import Case
from mailintake.model.facts import announced
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.question import QuestionKind as Q
from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.told import Told
from mailintake.model.understanding import (
    Classification,
    Decision,
    Disposition,
    LetterOrder,
    StaffNotice,
    Understanding,
)
from mailintake.stages.decide.letter import recipients
from mailintake.stages.decide.notices import BRING, first_words, mail_notices

_ANSWERS = (LetterKind.PROCEDURE_SHEET, LetterKind.TO_STAFF)
_OF_CASES = (LetterKind.ACKNOWLEDGEMENT, LetterKind.CORRECTION, LetterKind.TOLERATED, LetterKind.PAYMENT_REMINDER)
# What such a letter says by itself: what lacks, what it must look like, what may come later, and how the matter goes
# that it is about.
_SAID_ANYWAY = frozenset({Q.PAPERS, Q.PROGRESS, Q.HOW_LONG, Q.FEE, Q.WHERE, Q.MAIL_TO, Q.COMPLAINT, Q.TOLERANCE}) | {
    Q.LOST,
    Q.DAMAGED,
    Q.ADD_ECONOMIES,
    Q.LEFT,
    Q.EARLY,
    Q.NEW_PASSPORT,
}
_WITH_PLACE = frozenset({ProcedureKey.NEW, ProcedureKey.RENEW, ProcedureKey.REPLACE})  # whose letters name the office
# What the guide says of these holds for what a first card, or a renewal, asks for (1.1, 2.1).
_OF_A_FIRST_CARD = frozenset(
    {Q.TOLERANCE, Q.CERTIFICATE, Q.INSURANCE, Q.PROFILE, Q.COMPANY_PAPERS, Q.AGAIN, Q.PHOTO, Q.PASSPORT}
) | {
    Q.WHEN_RENEW,
    Q.MEANWHILE,
}
_WITH_FEE = _WITH_PLACE | {ProcedureKey.PASSPORT_CHANGE}  # whose letters name the sums, or that there are none
_ABOUT = {  # what only the letter about such a matter says
    Q.LOST: ProcedureKey.REPLACE,
    Q.DAMAGED: ProcedureKey.REPLACE,
    Q.ADD_ECONOMIES: ProcedureKey.REPLACE,
    Q.LEFT: ProcedureKey.CANCEL,
    Q.EARLY: ProcedureKey.EARLY_ISSUE,
}
_NEW_PASSPORT = "new_passport"  # the variant of a replacement
_SAID = ("subject", "new_text")
PAID = "paid"  # of LetterOrder.topics
CORRECTED = "corrected"  # likewise: the mail puts right what an earlier one said
WITHDRAWN, KNOWN = "withdrawn", "known"  # likewise: what is withdrawn is no one of several; whoever complains has one
_BESIDE = (*_OF_CASES, LetterKind.TO_STAFF, LetterKind.UNREADABLE)  # letters that answer what is asked beside papers
_PICTURED = frozenset({ProcedureKey.NEW, ProcedureKey.RENEW})  # matters whose list has photo and signature


def ordered(letter: LetterKind, at: Situation, cases: Sequence[Case] = ()) -> tuple[LetterOrder, ...]:
    """The letter to the sender, about these cases: the first is the one it is filed under. Nobody to write to: none."""
    to = recipients(at.message, at.understood.link, at.rules)
    numbers = tuple(case.number for case in cases)
    speaks = at.understood.classification.message_class is not MessageClass.UNKNOWN
    order = LetterOrder(letter, to, next(iter(numbers), ""), numbers[1:], speaks=speaks)
    return (detailed(order, at.understood),) if to else ()


def detailed(order: LetterOrder, understood: Understanding) -> LetterOrder:
    """The order with what its letter says of the mail itself: questions and the procedures they are about, and which
    part of an application it is. Also for whoever writes the letter once more."""
    found = understood.classification
    if order.letter in _ANSWERS and found.message_class is MessageClass.ENQUIRY:
        passed = {ProcedureKey.EARLY_ISSUE} if Q.ADD_ECONOMIES in found.questions else set()  # it was issued early
        about = [intent for intent in found.intents if intent.procedure not in passed]
        procedures = tuple(dict.fromkeys(intent.procedure for intent in about))
        variant = about[0].variant if about else ""
        return replace(
            order,
            procedures=procedures,
            variant=variant,
            questions=found.questions,
            topics=found.topics,
            unanswered=found.asked if order.letter is LetterKind.TO_STAFF else found.unanswered,
            doubted=found.doubted,
            card=found.card,
            later=found.later,
            people=announced(understood.people.fields),
        )
    if order.letter in _BESIDE and found.message_class in BRING:
        asked = _beside(understood)
        return replace(
            order,
            questions=asked,
            topics=(*_called_otherwise(understood), *_corrected(found), *found.topics),
            unanswered=found.unanswered if asked else (),
            later=found.later,
            anyway=tuple(kind for kind in found.questions if kind not in asked),
        )
    if order.letter is LetterKind.TO_STAFF and found.message_class is MessageClass.WITHDRAWAL:
        asked = (Q.UNKNOWN,) if found.unanswered else ()
        return replace(order, topics=(WITHDRAWN,), questions=asked, unanswered=found.unanswered)
    if order.letter is LetterKind.COMPLAINT:
        known = (KNOWN,) if understood.link.case is not None else ()
        return replace(order, topics=known, unanswered=found.unanswered)
    if order.letter is LetterKind.RECEIVED and order.case:
        return replace(order, part=understood.part)
    return order


def _corrected(found: Classification) -> tuple[str, ...]:
    """Does the mail put right what an earlier one said? Then its letter calls it so."""
    return (CORRECTED,) if found.message_class is MessageClass.CORRECTION else ()


def _called_otherwise(understood: Understanding) -> tuple[str, ...]:
    """Is a replacement wanted, which is paid for (guide 3.1\u2460\u2463\u2464), and called a change of passport, which
    is free (4)? Then the letter says why."""
    found = understood.classification
    replaced = any(i.procedure is ProcedureKey.REPLACE and i.variant == _NEW_PASSPORT for i in found.intents)
    called = any(
        e.fired and e.score > 0 and e.rule.startswith(f"{ProcedureKey.PASSPORT_CHANGE.value}.") and e.where in _SAID
        for e in found.evidence
    )
    return (PAID,) if replaced and called else ()


def _beside(understood: Understanding) -> tuple[Q, ...]:
    """What is said of the questions of a mail that brings papers: nothing that its letter says anyway, and of what only
    a first card or a renewal asks for nothing beside another matter; a person answers what is left then."""
    asked = _in_its_own_matter(understood)
    left = tuple(kind for kind in asked if not _told_anyway(kind, understood))
    if _matters(understood) & _PICTURED or not _matters(understood):
        return left
    kept = tuple(kind for kind in left if kind not in _OF_A_FIRST_CARD)
    return kept if kept or not left else (Q.UNKNOWN,)


def _in_its_own_matter(understood: Understanding) -> tuple[Q, ...]:
    """The questions; what only a renewal is asked about means something else beside another matter: the end of a
    passport, or what a person has to read."""
    asked, matters = understood.classification.questions, _matters(understood)
    if not matters or ProcedureKey.RENEW in matters:
        return asked
    ends = any(one.told is Told.PASSPORT_LEFT for one in understood.told)
    other = Q.PASSPORT if ends else Q.UNKNOWN
    return tuple(dict.fromkeys(other if kind is Q.WHEN_RENEW else kind for kind in asked))


def _matters(understood: Understanding) -> set[ProcedureKey]:
    matters = {intent.procedure for intent in understood.classification.intents}
    return matters | ({understood.link.case.procedure} if understood.link.case else set())


def _told_anyway(kind: Q, understood: Understanding) -> bool:
    """Does the letter about a matter say it in any case? A photo that came is judged there, one that lacks is asked for
    with its size."""
    matters = _matters(understood)
    if kind is Q.WHERE and matters and not matters & _WITH_PLACE:
        return False
    if kind is Q.FEE and matters and not matters & _WITH_FEE:
        return False
    if kind in _ABOUT and matters and _ABOUT[kind] not in matters:
        return kind is Q.LOST and any(one.told is Told.CARD_LOST for one in understood.told)
    if kind is Q.TOLERANCE and understood.classification.later:
        return False
    return kind in _SAID_ANYWAY or (kind is Q.PHOTO and bool(matters & _PICTURED))


def notice(code: str, at: Situation, number: str = "", text: str = "") -> StaffNotice:
    """A line for staff about this mail, with its subject, or its first words, where there is nothing better to say."""
    link = at.understood.link
    known = number or (link.case.number if link.case else "")
    said = text or at.message.subject.strip() or first_words(at.message)
    return StaffNotice(code, said, case=known, message=at.message.sha256)


def to_staff(code: str, at: Situation, case: Case | None = None, text: str = "") -> Decision:
    """A person must read it; the sender hears that, and nothing else. A case that is given is stored."""
    cases = () if case is None else (case,)
    number = "" if case is None else case.number
    said = mail_notices(at.message, at.understood, cases)
    notices = (notice(code, at, number, text), *(n for n in said if n.code != code))
    letters = tuple(replace(order, related=()) for order in ordered(LetterKind.TO_STAFF, at, cases))
    return Decision(Disposition.FOR_STAFF, cases=cases, letters=letters, notices=notices)
