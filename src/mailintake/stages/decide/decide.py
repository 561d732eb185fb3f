"""The fate of one mail: which cases change, which letter goes out, what staff must look at."""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.identity import Trust, trust
from mailintake.model.letter import LetterKind
from mailintake.model.rules import MessageClass
from mailintake.model.situation import Situation
from mailintake.model.understanding import (
    Decision,
    Disposition,
    LinkedBy,
)
from mailintake.stages.decide.cases import WITHDRAWAL
from mailintake.stages.decide.elsewhere import with_paper_of_another
from mailintake.stages.decide.enquiries import (
    account_alone,
    complaint,
    enquiry,
    is_complaint,
)
from mailintake.stages.decide.letter import recipients
from mailintake.stages.decide.matters import follow_up, new_matter
from mailintake.stages.decide.notices import CONFLICT, first_words, mail_notices, unreachable, unverified
from mailintake.stages.decide.orders import ordered, to_staff
from mailintake.stages.decide.parked import not_answered, parked
from mailintake.stages.decide.progress import progress

M = MessageClass
_NEVER_ANSWERED = frozenset(
    {
        M.AUTO_REPLY,
        M.BOUNCE,
        M.RECALL_NOTICE,
        M.READ_RECEIPT,
        M.CALENDAR,
        M.PROVIDER_NOTICE,
        M.SPAM,
        M.OWN,
        M.FINANCE,
        M.THANKS,
    }
)


def decide(at: Situation, numbers: Iterator[str]) -> Decision:
    """What becomes of one mail that came at `at.now`. Pure but for `numbers`, of which one is taken for every case
    that is opened."""
    decision = _with_unreachable(_guarded(_fate(at, numbers), at), at)
    return replace(decision, understanding=at.understood, decided_at=at.now)


def _guarded(decision: Decision, at: Situation) -> Decision:
    """Whoever may not be the one in From learns that the mail arrived, and nothing else; staff are told why."""
    if not decision.letters or trust(at.message.authentication).answer is not Trust.FORGED:
        return decision
    return replace(decision, letters=ordered(LetterKind.RECEIVED, at))


def _with_unreachable(decision: Decision, at: Situation) -> Decision:
    """Where nobody can be written to, staff know it: by telephone they can."""
    over = decision.disposition in (Disposition.PARKED, Disposition.DUPLICATE)
    if over or at.understood.screening.silent or recipients(at.message, at.understood.link, at.rules):
        return decision
    number = next((case.number for case in decision.cases), "")
    return replace(decision, notices=(*decision.notices, replace(unreachable(at.message), case=number)))


def _fate(at: Situation, numbers: Iterator[str]) -> Decision:
    kind = at.understood.classification.message_class
    link = at.understood.link
    if at.understood.screening.parked or kind in _NEVER_ANSWERED:
        return parked(at)
    if (unanswered := _without_letter(at)) is not None:
        return unanswered
    if is_complaint(at) and (link.verified or link.case is None):
        return complaint(at)
    if kind is M.CHASE and not (link.case is not None and at.understood.people.documents):
        return progress(at)
    if not link.verified and (link.case is not None or link.by is LinkedBy.GUESS):
        return _strangers(at)
    if kind is M.ENQUIRY:
        return enquiry(at)
    if kind is M.WITHDRAWAL:
        return _withdrawal(at)
    if link.by is LinkedBy.GUESS:
        return to_staff("link.ambiguous", at, text=unverified(at.message, at.understood).text)
    if link.case is not None:
        return follow_up(link.case, at, numbers)
    return new_matter(at, numbers)


def _without_letter(at: Situation) -> Decision | None:
    """What staff see and nobody is answered on."""
    if at.understood.screening.silent:
        return not_answered(at)
    told = account_alone(at)
    return Decision(Disposition.FOR_STAFF, notices=told) if told else None


def _strangers(at: Situation) -> Decision:
    """Whoever writes about a case without being of it learns that the mail arrived, and nothing else."""
    said = mail_notices(at.message, at.understood, ())
    notices = (unverified(at.message, at.understood), *(n for n in said if n.code != CONFLICT))
    made = Decision(Disposition.FOR_STAFF, letters=ordered(LetterKind.RECEIVED, at), notices=notices)
    return with_paper_of_another(made, at)


def _withdrawal(at: Situation) -> Decision:
    """A wish to withdraw is confirmed by a person; until then the case only remembers it."""
    case = at.understood.link.case
    said = first_words(at.message)
    if case is None:
        return to_staff(WITHDRAWAL, at, text=said)
    asked = Flag(WITHDRAWAL, said or at.message.subject)
    messages = tuple(dict.fromkeys((*case.messages, at.message.sha256)))
    return to_staff(WITHDRAWAL, at, replace(case, flags=(*case.flags, asked), messages=messages), said)
