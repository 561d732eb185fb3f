"""The fate of one mail: which cases change, which letter goes out, what staff must look at."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from mailintake.model.assessment import Flag
from mailintake.model.case import Case, State
from mailintake.model.letter import LetterKind, LetterPolicy
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.understanding import (
    Candidates,
    Decision,
    Disposition,
    Intent,
    LetterOrder,
    LinkedBy,
    StaffNotice,
    Understanding,
)
from mailintake.stages.decide_cases import (
    WITHDRAWAL,
    Situation,
    brings_nothing,
    companions_of,
    extended,
    opened,
    resent,
)
from mailintake.stages.decide_letter import letter_for, recipients
from mailintake.stages.decide_notices import flag_notices, mail_notices, unverified
from mailintake.stages.flow import transition

M = MessageClass
_PARKED = frozenset(
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
_SUPPLEMENTS = (M.SUPPLEMENT, M.PAYMENT_SLIP, M.CORRECTION)
_FINE = LetterKind.ACKNOWLEDGEMENT
_PASSPORT_OR_CARD = "passport_or_card"  # the classification's word for: the sender may mean the other procedure


def decide(  # noqa: PLR0913, PLR0917 -- everything a decision may depend on, and nothing else
    message: InboundMessage,
    understanding: Understanding,
    candidates: Candidates,
    rules: RuleSet,
    policy: LetterPolicy,
    now: datetime,
    numbers: Iterator[str],
) -> Decision:
    """What becomes of one mail. Pure but for `numbers`, of which one is taken for every case that is opened.

    `policy` says how letters go out, which the worker applies; here it changes nothing. `now` is when the mail came.
    """
    at = Situation(message, understanding, candidates, rules, now)
    decision = _fate(at, numbers)
    return replace(decision, understanding=understanding, decided_at=now)


def _fate(at: Situation, numbers: Iterator[str]) -> Decision:
    kind = at.understood.classification.message_class
    link = at.understood.link
    if at.understood.screening.parked or kind in _PARKED:
        return Decision(Disposition.PARKED, notices=_bounced(at))
    if kind is M.CHASE:
        return Decision(Disposition.FOR_STAFF, notices=(_notice("message.chase", at),))
    if _about_a_case_of_others(at):
        # Whoever asks about a case without being of it learns that the mail arrived, and nothing else.
        return Decision(
            Disposition.FOR_STAFF,
            letters=_order(LetterKind.RECEIVED, at),
            notices=(unverified(at.message, at.understood), *_mail_notices(at, ())),
        )
    if kind is M.ENQUIRY:
        return _enquiry(at)
    if kind is M.WITHDRAWAL:
        return _withdrawal(at)
    if link.case is not None and link.verified:
        return _follow_up(link.case, at, numbers)
    return _new_matter(at, numbers)


def _about_a_case_of_others(at: Situation) -> bool:
    """Does somebody who may not speak for a case write about it? An application of his own is another matter."""
    link = at.understood.link
    if link.verified or link.by is LinkedBy.NEW:
        return False
    if link.case is not None or at.candidates.by_number or at.candidates.by_token:
        return True
    return bool(link.guesses) and not _own_application(at)


def _own_application(at: Situation) -> bool:
    kind = at.understood.classification
    guessed = {g.case for g in at.understood.link.guesses}
    near = {c.procedure for c in at.candidates.by_person if c.number in guessed}
    applies = kind.message_class is M.APPLICATION and kind.sure and bool(kind.intents)
    return applies and not any(intent.procedure in near for intent in kind.intents)


def _bounced(at: Situation) -> tuple[StaffNotice, ...]:
    """A bounce that names a letter of ours: its case has an address that cannot be reached."""
    if at.understood.classification.message_class is not M.BOUNCE:
        return ()
    numbers = dict.fromkeys(sent.case for sent in at.candidates.by_token)
    text = at.message.subject
    return tuple(StaffNotice("letter.bounced", text, case=number, message=at.message.sha256) for number in numbers)


def _enquiry(at: Situation) -> Decision:
    """The guide's sheets for what was asked about; all six where the question names none."""
    case = at.understood.link.case
    asked = tuple(dict.fromkeys(i.procedure for i in at.understood.classification.intents))
    if case is not None and (not asked or case.procedure in asked):
        return _to_staff("message.question", at, case)
    letters = tuple(replace(o, procedures=asked) for o in _order(LetterKind.PROCEDURE_SHEET, at))
    return Decision(Disposition.ANSWERED, letters=letters, notices=_mail_notices(at, ()))


def _withdrawal(at: Situation) -> Decision:
    """A wish to withdraw is confirmed by a person; until then the case only remembers it."""
    case = at.understood.link.case
    if case is None:
        return _to_staff(WITHDRAWAL, at)
    asked = Flag(WITHDRAWAL, at.message.sha256)
    messages = tuple(dict.fromkeys((*case.messages, at.message.sha256)))
    return _to_staff(WITHDRAWAL, at, replace(case, flags=(*case.flags, asked), messages=messages))


def _follow_up(case: Case, at: Situation, numbers: Iterator[str]) -> Decision:
    others = _other_matters(case, at)
    if others and len(others) == len(at.understood.classification.intents):
        return _new_matter(at, numbers)
    if not others and brings_nothing(case, at):
        return _nothing_new(case, at)
    changed = extended(case, at)
    along = tuple(extended(c, at) for c in companions_of(case, at))
    fresh = tuple(c for intent in others for c in opened(intent, at, numbers))
    return _decided(Disposition.CASE_EXTENDED, (changed, *fresh, *along), at, before=(case,), fresh=fresh)


def _other_matters(case: Case, at: Situation) -> tuple[Intent, ...]:
    """Intents of an application that are not this case's procedure: a new matter in an old thread."""
    kind = at.understood.classification
    if kind.message_class not in (M.APPLICATION, M.CITY_FORWARD) or not kind.sure:
        return ()
    return tuple(i for i in kind.intents if i.sure and i.procedure is not case.procedure)


def _nothing_new(case: Case, at: Situation) -> Decision:
    """The same files again are a duplicate; words that bring no fact are for a person to read."""
    if not at.understood.people.documents:
        return _to_staff("message.nothing_new", at, case)
    messages = tuple(dict.fromkeys((*case.messages, at.message.sha256)))
    return Decision(Disposition.DUPLICATE, cases=(replace(case, messages=messages),))


def _new_matter(at: Situation, numbers: Iterator[str]) -> Decision:
    people = at.understood.people
    kind = at.understood.classification
    intents = kind.intents
    if kind.message_class in _SUPPLEMENTS and not kind.sure:
        return _to_staff("message.without_case", at)
    if not intents or not (people.applicants or people.documents or at.message.cloud_links):
        return _to_staff("message.not_understood", at)
    if (again := resent(at)) is not None:
        messages = tuple(dict.fromkeys((*again.messages, at.message.sha256)))
        return Decision(Disposition.DUPLICATE, cases=(replace(again, messages=messages),))
    cases = tuple(case for intent in intents for case in opened(intent, at, numbers))
    return _decided(Disposition.CASE_OPENED, _linked(cases, intents), at, before=(), fresh=cases)


def _linked(cases: tuple[Case, ...], intents: Sequence[Intent]) -> tuple[Case, ...]:
    """Cases of one mail know of each other."""
    if len(intents) == 1:
        return cases
    numbers = tuple(case.number for case in cases)
    others = {n: tuple(o for o in numbers if o != n) for n in numbers}
    return tuple(replace(c, related=tuple(dict.fromkeys((*c.related, *others[c.number])))) for c in cases)


def _decided(
    disposition: Disposition,
    cases: tuple[Case, ...],
    at: Situation,
    *,
    before: tuple[Case, ...],
    fresh: tuple[Case, ...],
) -> Decision:
    """Cases with their one letter."""
    told = _told(cases, at)
    cases = tuple(case if case in told else _for_staff(case) for case in cases)
    letter = letter_for(told, at.message, at.rules)
    if letter is LetterKind.TO_STAFF and at.understood.classification.conflict == _PASSPORT_OR_CARD:
        letter = LetterKind.CARD_OR_PASSPORT
    orders = tuple(
        replace(o, case=told[0].number, related=tuple(c.number for c in told[1:])) for o in _order(letter, at)
    )
    known = {case.number: case for case in before}
    notices = [n for case in cases for n in flag_notices(known.get(case.number), case)]
    return Decision(
        disposition,
        cases=cases,
        opened=tuple(case.number for case in fresh),
        letters=orders,
        notices=(*_mail_notices(at, cases), *notices),
    )


def _told(cases: tuple[Case, ...], at: Situation) -> tuple[Case, ...]:
    """The cases the letter speaks of. A companion joins only when nothing is open in it: what it lacks (the dates of a
    card that is lost) staff know better than the sender."""
    main = cases[0]
    companion = at.rules.procedure(main.procedure).variant(main.variant).companion
    others = [c for c in cases[1:] if c.procedure is not companion or letter_for((c,), at.message, at.rules) is _FINE]
    return (main, *others)


def _for_staff(case: Case) -> Case:
    """A case whose open items are not asked for by mail waits for a person."""
    return transition(case, State.NEEDS_TRIAGE) if case.state is State.AWAITING_CORRECTION else case


def _to_staff(code: str, at: Situation, case: Case | None = None) -> Decision:
    """A person must read it; the sender hears that, and nothing else."""
    number = case.number if case else ""
    letters = tuple(replace(o, case=number) for o in _order(LetterKind.TO_STAFF, at))
    cases = (case,) if case else ()
    notices = (_notice(code, at, number), *_mail_notices(at, cases))
    return Decision(Disposition.FOR_STAFF, cases=cases, letters=letters, notices=notices)


def _notice(code: str, at: Situation, number: str = "") -> StaffNotice:
    link = at.understood.link
    known = number or (link.case.number if link.case else "")
    return StaffNotice(code, at.message.subject, case=known, message=at.message.sha256)


def _mail_notices(at: Situation, cases: Sequence[Case]) -> tuple[StaffNotice, ...]:
    return mail_notices(at.message, at.understood, cases)


def _order(letter: LetterKind, at: Situation) -> tuple[LetterOrder, ...]:
    to = recipients(at.message, at.understood.link, at.rules)
    return (LetterOrder(letter, to),) if to else ()
