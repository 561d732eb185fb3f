"""Acts on a mail: which case it belongs to, what it asks for, that nothing is to be done about it."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from mailintake.model.act import (
    Answered,
    IsSpam,
    LinkTo,
    MailAct,
    NoAction,
    NotSpam,
    OpenCase,
    Refused,
    Signed,
    Unlink,
    refused,
)
from mailintake.model.case import OPEN, Case, DeadlineKind, SentLetter
from mailintake.model.letter import LetterKind
from mailintake.model.rules import MessageClass
from mailintake.model.ruling import About, Ruling, with_ruling
from mailintake.model.situation import Situation
from mailintake.model.understanding import (
    Classification,
    Decision,
    Disposition,
    Intent,
    Link,
    LinkedBy,
    StaffNotice,
)
from mailintake.model.value import value
from mailintake.stages.acts.frame import Acted, Around, Fate, Settled
from mailintake.stages.acts.telling import told_anew
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.decide.cases import extended, opened
from mailintake.stages.decide.judging import judge
from mailintake.stages.decide.letter import letter_for
from mailintake.stages.decide.orders import ordered

BY_HAND = "by_hand"  # SentLetter.letter of an answer that no letter of ours was
_SURE = 10.0  # score of what a person has said


@value
class StoredMail:
    """A mail that was read before. `situation` is there for the acts that look into it; `case`, where the act names
    one; `anew` what is decided about it when nobody takes it for spam."""

    sha256: str
    disposition: Disposition | None
    cases: tuple[str, ...] = ()
    line: int = 0  # the line of the digest that was named in the place of a mail
    situation: Situation | None = None
    anew: Decision | None = None


def on_mail(mail: StoredMail, act: MailAct, signed: Signed, around: Around) -> Acted | Refused:
    """What follows from an act on a mail."""
    match act:
        case LinkTo():
            return _link(mail, act.case, around)
        case Unlink():
            return _unlink(mail, act.case, around)
        case OpenCase():
            return _open(mail, act, signed, around)
        case Answered():
            return _answered(mail, signed, around)
        case NoAction():
            return Acted(settled=(_lines(mail),))
        case IsSpam():
            if mail.cases:
                return refused("mail.linked", mail=mail.sha256[:12], cases=" ".join(mail.cases))
            fate = Fate(mail.sha256, Disposition.PARKED, MessageClass.SPAM)
            return Acted(settled=(_lines(mail),), fate=fate)
        case NotSpam():
            return _not_spam(mail)
        case _:
            assert_never(act)


def _lines(mail: StoredMail) -> Settled:
    return Settled(line=mail.line) if mail.line else Settled(message=mail.sha256)


def _link(mail: StoredMail, number: str, around: Around) -> Acted | Refused:
    case, at = around.others.get(number), mail.situation
    if case is None:
        return refused("case.unknown", number=number)
    if case.state not in OPEN:
        return refused("case.over", number=number, state=case.state.value)
    if number in mail.cases:
        return refused("case.same", number=number)
    if at is None:
        return refused("mail.unread", mail=mail.sha256[:12])
    people = replace(
        at.understood.people,
        documents=kinds_for(case.procedure, case.variant, at.understood.people.documents, around.rules),
    )
    understood = replace(at.understood, link=Link(LinkedBy.STAFF, case, verified=True), people=people)
    here = replace(at, understood=understood, now=around.now)
    joined = extended(case, here)
    kind = letter_for((joined,), at.message, around.rules)
    letters = () if kind is LetterKind.TO_STAFF else ordered(kind, here, (joined,))
    fate = Fate(mail.sha256, Disposition.CASE_EXTENDED)
    return Acted((joined,), letters=letters, settled=(_lines(mail),), fate=fate)


def _unlink(mail: StoredMail, number: str, around: Around) -> Acted | Refused:
    """Out of the case with what it brought. People whom nothing else speaks of go with it; what the case was told
    stays told."""
    case = around.others.get(number)
    if case is None or mail.sha256 not in case.messages:
        return refused("mail.elsewhere", mail=mail.sha256[:12], number=number)
    if case.messages == (mail.sha256,):
        return refused("mail.only", number=number)
    gone = [d for d in case.documents if d.message == mail.sha256]
    kept = tuple(d for d in case.documents if d.message != mail.sha256)
    theirs = {d.applicant for d in gone} - {d.applicant for d in kept}
    people = tuple(a for a in case.applicants if a.key not in theirs) or case.applicants
    left = replace(
        case, documents=kept, applicants=people, messages=tuple(m for m in case.messages if m != mail.sha256)
    )
    judged = judge(left, around.rules, around.now)
    others = tuple(n for n in mail.cases if n != number)
    fate = Fate(mail.sha256, Disposition.CASE_EXTENDED if others else Disposition.FOR_STAFF)
    notices = () if others else (StaffNotice("mail.unlinked", number, message=mail.sha256),)
    return Acted((judged,), letters=told_anew(judged, around), notices=notices, fate=fate)


def _open(mail: StoredMail, act: OpenCase, signed: Signed, around: Around) -> Acted | Refused:
    at = mail.situation
    if at is None:
        return refused("mail.unread", mail=mail.sha256[:12])
    declared = around.rules.procedure(act.procedure)
    if act.variant and all(v.id != act.variant for v in declared.variants):
        known = " ".join(v.id for v in declared.variants)
        return refused("variant.unknown", variant=act.variant, procedure=act.procedure.value, known=known)
    if any(case.procedure is act.procedure for case in around.others.values() if case.number in mail.cases):
        return refused("case.same", number=" ".join(mail.cases))
    intent = Intent(act.procedure, declared.variant(act.variant).id, _SURE, sure=True)
    read = at.understood.classification
    kind = Classification(MessageClass.APPLICATION, (intent,), sure=True, evidence=read.evidence)
    documents = kinds_for(act.procedure, intent.variant, at.understood.people.documents, around.rules)
    understood = replace(
        at.understood,
        link=Link(LinkedBy.STAFF, None, verified=True, related=mail.cases),
        classification=kind,
        people=replace(at.understood.people, documents=documents),
    )
    here = replace(at, understood=understood)
    read_as = tuple(i.procedure.value for i in read.intents if i.procedure != act.procedure)
    cases = tuple(_corrected(c, read_as, signed) for c in opened(intent, here, around.numbers))
    kind_of_letter = letter_for(cases[:1], at.message, around.rules)
    letters = () if kind_of_letter is LetterKind.TO_STAFF else ordered(kind_of_letter, here, cases[:1])
    fate = Fate(mail.sha256, Disposition.CASE_OPENED, MessageClass.APPLICATION)
    numbers = tuple(case.number for case in cases)
    return Acted(cases, opened=numbers, letters=letters, settled=(_lines(mail),), fate=fate)


def _corrected(case: Case, read_as: tuple[str, ...], signed: Signed) -> Case:
    """What the machine took the mail for is remembered: later mails will be called by the same wrong name."""
    said = f"{case.procedure.value}.{case.variant}"
    for wrong in read_as:
        ruling = Ruling(About.PROCEDURE, said, signed.by, signed.at, key=f"{wrong}.", reason=signed.reason)
        case = replace(case, rulings=with_ruling(case.rulings, ruling))
    return case


def _answered(mail: StoredMail, signed: Signed, around: Around) -> Acted | Refused:
    cases = tuple(
        with_answer(case, signed.by, mail.sha256, around.now)
        for case in around.others.values()
        if case.number in mail.cases
    )
    fate = None if mail.cases else Fate(mail.sha256, Disposition.ANSWERED)
    return Acted(cases, settled=(_lines(mail),), fate=fate)


def with_answer(case: Case, by: str, proof: str, now: datetime) -> Case:
    """The case remembers that somebody answered by hand: our first notice is met by it. `proof`: Message-ID of the
    answer where it was found, else the sha256 of the mail it answers."""
    letter = SentLetter(BY_HAND, proof, now, now, by=by)
    met = tuple(replace(d, met=True) if d.kind is DeadlineKind.FIRST_NOTICE else d for d in case.deadlines)
    return replace(case, letters=(*case.letters, letter), deadlines=met)


def _not_spam(mail: StoredMail) -> Acted | Refused:
    if mail.disposition is not Disposition.PARKED or mail.anew is None:
        return refused("mail.not_parked", mail=mail.sha256[:12])
    made = mail.anew
    settled = (_lines(mail),)
    if made.disposition is Disposition.PARKED:  # for the machine it is nothing still: then a person reads it
        notice = StaffNotice("message.not_understood", "", message=mail.sha256)
        return Acted(notices=(notice,), settled=settled, fate=Fate(mail.sha256, Disposition.FOR_STAFF))
    kind = made.understanding.classification.message_class if made.understanding else None
    fate = Fate(mail.sha256, made.disposition, kind)
    return Acted(made.cases, made.opened, made.letters, notices=made.notices, settled=settled, fate=fate)
