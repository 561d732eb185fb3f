"""Acts on a case. The office side is moved by people only; every one of its steps has its writer here."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import assert_never

from mailintake.model.act import (
    Accept,
    AcceptWithGaps,
    Assign,
    CaseAct,
    Close,
    Erase,
    Extend,
    Merge,
    Note,
    PhoneCall,
    PutBack,
    Read,
    Refuse,
    Refused,
    Relate,
    Reopen,
    SetCity,
    SetCompany,
    SetProcedure,
    Signed,
    Split,
    Step,
    Withdraw,
    refused,
)
from mailintake.model.case import (
    MAIL_SIDE_OPEN,
    OFFICE_STEPS,
    TRANSITIONS,
    Case,
    DeadlineKind,
    State,
)
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.ruling import Proposal
from mailintake.model.understanding import LetterOrder
from mailintake.model.zone import local_day
from mailintake.stages.acts.correcting import set_city, set_company, set_procedure
from mailintake.stages.acts.erasing import erase
from mailintake.stages.acts.frame import Acted, Around, Settled, participants, taken_back
from mailintake.stages.acts.parting import merge, relate, split
from mailintake.stages.acts.telling import full_notice, on_its_way, told_anew
from mailintake.stages.assess.open_items import open_items
from mailintake.stages.deadline import extended, from_acceptance, over, running
from mailintake.stages.decide.judging import judge
from mailintake.stages.flow import allowed, transition

S = State
SECOND_PERSON = "second_person"
_ENDED = (S.WITHDRAWN, S.CLOSED, S.REFUSED, S.CANCELLED, S.DUPLICATE)
_JUDGED = (S.COMPLETE, S.NEEDS_TRIAGE, S.AWAITING_CORRECTION)
_LIMIT_MET = OFFICE_STEPS[OFFICE_STEPS.index(S.PROVINCE_APPROVED) :]  # the guide's limit is that of the province
_STEPS = (*OFFICE_STEPS[1:], S.CANCELLED)


def _pairs(targets: tuple[State, ...]) -> frozenset[tuple[State, State]]:
    return frozenset((b, a) for b, afters in TRANSITIONS.items() for a in afters if a in targets)


# Which steps of the table each act takes: all that staff may do and the program may not.
WRITERS: Mapping[str, frozenset[tuple[State, State]]] = MappingProxyType(
    {
        Accept.name: frozenset(p for p in _pairs((S.ACCEPTED,)) if p[0] in MAIL_SIDE_OPEN),
        AcceptWithGaps.name: frozenset(
            p for p in _pairs((S.ACCEPTED,)) if p[0] in MAIL_SIDE_OPEN and p[0] is not S.COMPLETE
        ),
        Step.name: frozenset(p for p in _pairs((S.ACCEPTED, *_STEPS)) if p[0] not in MAIL_SIDE_OPEN),
        Refuse.name: _pairs((S.REFUSED,)),
        Withdraw.name: _pairs((S.WITHDRAWN,)),
        Close.name: _pairs((S.CLOSED,)),
        Merge.name: _pairs((S.DUPLICATE,)),
        Erase.name: _pairs((S.ERASED,)),
        Reopen.name: frozenset(p for p in _pairs((S.NEEDS_TRIAGE,)) if p[0] in _ENDED),
        PutBack.name: frozenset(p for p in _pairs(_JUDGED) if p[0] in OFFICE_STEPS),
    }
)


Moving = Accept | AcceptWithGaps | Step | Refuse | Withdraw | Close | Reopen | PutBack
Correcting = SetProcedure | SetCompany | SetCity | Split | Merge | Relate
Noting = Assign | Note | PhoneCall | Extend | Read


def on_case(case: Case, act: CaseAct, signed: Signed, around: Around) -> Acted | Refused:
    """What follows from an act on a case. Nothing is changed here."""
    match act:
        case Accept() | AcceptWithGaps() | Step() | Refuse() | Withdraw() | Close() | Reopen() | PutBack():
            return _moved(case, act, signed, around)
        case SetProcedure() | SetCompany() | SetCity() | Split() | Merge() | Relate():
            return _corrected(case, act, signed, around)
        case Assign() | Note() | PhoneCall() | Extend() | Read():
            return _noted(case, act, around)
        case Erase():
            return erase(case, act, signed, around)
        case _:
            assert_never(act)


def _moved(case: Case, act: Moving, signed: Signed, around: Around) -> Acted | Refused:
    match act:
        case Accept() | AcceptWithGaps():
            return _accept(case, around, gaps=isinstance(act, AcceptWithGaps))
        case Step():
            return _step(case, act.state, around)
        case Refuse():
            return _refuse(case, act, signed, around)
        case Withdraw():
            return _ended(case, S.WITHDRAWN, around)
        case Close():
            return _ended(case, S.CLOSED, around)
        case Reopen():
            return _reopen(case)
        case PutBack():
            return _put_back(case, around)
        case _:
            assert_never(act)


def _corrected(case: Case, act: Correcting, signed: Signed, around: Around) -> Acted | Refused:
    match act:
        case SetProcedure():
            return set_procedure(case, act, signed, around)
        case SetCompany():
            return set_company(case, act.company, around)
        case SetCity():
            return set_city(case, act.city, around)
        case Split():
            return split(case, act.people, around)
        case Merge():
            return merge(case, act.other, around)
        case Relate():
            return relate(case, act.other, around)
        case _:
            assert_never(act)


def _noted(case: Case, act: Noting, around: Around) -> Acted | Refused:
    match act:
        case Assign():
            return _assign(case, act.to, around)
        case Note() | PhoneCall():
            return Acted(cases=(case,), text=act.text) if act.text.strip() else refused("text.missing")
        case Extend():
            return _extend(case, act, around)
        case Read():
            return Acted(cases=(case,), settled=(Settled(case.number),))
        case _:
            assert_never(act)


def _cannot(case: Case, after: State) -> Refused:
    return refused("case.state", number=case.number, state=case.state.value, after=after.value)


def _accept(case: Case, around: Around, *, gaps: bool) -> Acted | Refused:
    if case.state not in MAIL_SIDE_OPEN or not allowed(case.state, S.ACCEPTED):
        return _cannot(case, S.ACCEPTED)
    items = open_items(case, around.rules)
    if items and not gaps:
        may_follow = all(item.tolerable for item in items)
        return refused("case.gaps" if may_follow else "case.incomplete", number=case.number, count=len(items))
    if gaps and not items:
        return refused("case.no_gaps", number=case.number)
    if any(not item.tolerable for item in items):
        firm = sum(not item.tolerable for item in items)
        return refused("case.not_tolerable", number=case.number, count=firm)
    accepted = transition(case, S.ACCEPTED)
    accepted = replace(accepted, proposal=None, deadlines=from_acceptance(accepted, around.rules, around.now))
    order = full_notice(accepted, around) if gaps and not _asked(case, around) else None
    return Acted((accepted,), letters=() if order is None else (order,), settled=(Settled(case.number),))


def _asked(case: Case, around: Around) -> bool:
    """Does the applicant know what may follow, or will they once a letter goes out?"""
    return running(case, DeadlineKind.CORRECTION) is not None or on_its_way(around.letters)


def _step(case: Case, after: State, around: Around) -> Acted | Refused:
    if (case.state, after) not in WRITERS[Step.name]:
        return _cannot(case, after)
    if after is S.CANCELLED and case.state is S.ACCEPTED and case.procedure is not ProcedureKey.CANCEL:
        return _cannot(case, after)
    moved = transition(case, after)
    if after is S.CANCELLED:
        return Acted((replace(moved, deadlines=over(moved)),), settled=(Settled(case.number),))
    met = after in _LIMIT_MET
    limits = tuple(replace(d, met=met) if d.kind is DeadlineKind.TIME_LIMIT else d for d in moved.deadlines)
    return Acted((replace(moved, deadlines=limits),))


def _refuse(case: Case, act: Refuse, signed: Signed, around: Around) -> Acted | Refused:
    """The first person proposes; another one decides. Only then is the letter prepared, and it waits for approval."""
    if not allowed(case.state, S.REFUSED):
        return _cannot(case, S.REFUSED)
    proposed = case.proposal
    if proposed is None or proposed.act != Refuse.name:
        proposal = Proposal(Refuse.name, signed.by, around.now, signed.reason, act.clause)
        return Acted((replace(case, proposal=proposal),), waits_for=SECOND_PERSON)
    if proposed.by == signed.by:
        return refused("case.second_person", number=case.number, name=signed.by)
    ended = transition(case, S.REFUSED)
    ended = replace(ended, proposal=None, deadlines=over(ended))
    told = "\n".join(part for part in (act.clause or proposed.clause, proposed.reason or signed.reason) if part)
    to = participants(case)
    letters = (LetterOrder(LetterKind.RESULT, to, case.number, text=told),) if to else ()
    return Acted(
        (ended,),
        letters=letters,
        moves=taken_back(around.letters, "the case has ended"),
        settled=(Settled(case.number),),
        for_approval=True,
    )


def _ended(case: Case, after: State, around: Around) -> Acted | Refused:
    if case.state is after or not allowed(case.state, after):
        return _cannot(case, after)
    ended = transition(case, after)
    ended = replace(ended, proposal=None, deadlines=over(ended))
    moves = taken_back(around.letters, "the case has ended")
    results = {e.id for e in around.letters if e.letter is LetterKind.RESULT}
    return Acted((ended,), moves=tuple(m for m in moves if m.entry not in results), settled=(Settled(case.number),))


def _reopen(case: Case) -> Acted | Refused:
    if (case.state, S.NEEDS_TRIAGE) not in WRITERS[Reopen.name]:
        return _cannot(case, S.NEEDS_TRIAGE)
    return Acted((transition(case, S.NEEDS_TRIAGE),))


def _put_back(case: Case, around: Around) -> Acted | Refused:
    if not any((case.state, after) in WRITERS[PutBack.name] for after in _JUDGED):
        return _cannot(case, S.NEEDS_TRIAGE)
    back = judge(transition(case, S.NEEDS_TRIAGE), around.rules, around.now)
    return Acted((back,), letters=told_anew(back, around))


def _assign(case: Case, to: str, around: Around) -> Acted | Refused:
    if to and all(one.name != to for one in around.staff):
        return refused("by.unknown", name=to)
    return Acted((replace(case, assigned=to),))


def _extend(case: Case, act: Extend, around: Around) -> Acted | Refused:
    calendar = around.rules.calendar
    found = next((d for d in case.deadlines if d.kind is act.kind and not d.met), None)
    if found is None:
        return refused("deadline.absent", number=case.number, kind=act.kind.value)
    if act.due <= max(found.due, local_day(around.now)) or not calendar.is_working_day(act.due):
        return refused("deadline.day", due=act.due.isoformat(), now=found.due.isoformat())
    later = extended(found, act.due, around.rules)
    changed = replace(case, deadlines=tuple(later if d is found else d for d in case.deadlines))
    if case.state is S.CORRECTION_OVERDUE and act.kind is DeadlineKind.CORRECTION:
        changed = transition(changed, S.AWAITING_CORRECTION)
    return Acted((changed,), settled=(Settled(case.number, codes=("correction.overdue",)),))
