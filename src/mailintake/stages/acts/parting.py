"""Cases taken apart, put together, and tied to each other."""

from collections.abc import Iterable
from dataclasses import replace

from mailintake.model.act import Refused, refused
from mailintake.model.case import OPEN, Applicant, Case, State
from mailintake.model.ruling import About, Ruling, is_of
from mailintake.stages.acts.frame import Acted, Around, Settled
from mailintake.stages.acts.telling import told_anew
from mailintake.stages.deadline import over
from mailintake.stages.decide.judging import judge
from mailintake.stages.decide.people import Merged, merge_people
from mailintake.stages.flow import allowed, transition

Keys = dict[str, str]


def person_of(case: Case, called: str) -> Applicant | None:
    """The person of that key or name; None where there is none, or more than one."""
    by_key = case.applicant(called)
    named = [a for a in case.applicants if called and called in (a.name, a.name_pinyin)]
    return by_key or (named[0] if len(named) == 1 else None)


def split(case: Case, people: Iterable[str], around: Around) -> Acted | Refused:
    """Some people become a case of their own, with their papers, the mails, and what belongs to the company."""
    if case.state not in OPEN:
        return refused("case.over", number=case.number, state=case.state.value)
    chosen = dict.fromkeys(people)
    found = {called: person_of(case, called) for called in chosen}
    for called, person in found.items():
        if person is None:
            return refused("person.unknown", name=called, number=case.number)
    going = {person.key for person in found.values() if person is not None}
    staying = {a.key for a in case.applicants} - going
    if not going or not staying:
        return refused("split.all", number=case.number)
    number = next(around.numbers)
    left = replace(_with_people(case, staying), related=_tied(case, number))
    parted = replace(
        _with_people(case, going),
        number=number,
        opened_at=around.now,
        related=_tied(case, case.number),
        proposal=None,
        revision=0,
    )
    both = tuple(judge(one, around.rules, around.now) for one in (left, parted))
    letters = told_anew(both[0], around)
    return Acted(both, opened=(number,), letters=letters)


def _tied(case: Case, number: str) -> tuple[str, ...]:
    return tuple(n for n in dict.fromkeys((*case.related, number)))


def _with_people(case: Case, keys: set[str]) -> Case:
    """The case with these people, called anew from a1 on, and without what belongs to the others."""
    kept = tuple(a for a in case.applicants if a.key in keys)
    called = {a.key: f"a{n}" for n, a in enumerate(kept, 1)}
    others = {a.key for a in case.applicants} - keys
    return replace(
        case,
        applicants=tuple(replace(a, key=called[a.key]) for a in kept),
        documents=tuple(
            replace(d, applicant=called.get(d.applicant or "")) for d in case.documents if d.applicant not in others
        ),
        flags=tuple(
            replace(f, applicant=called.get(f.applicant or "")) for f in case.flags if f.applicant not in others
        ),
        rulings=tuple(_renamed(r, called) for r in case.rulings if not is_of(r, others)),
    )


def _renamed(ruling: Ruling, called: Keys) -> Ruling:
    if ruling.about not in (About.OWNER, About.PAPER):
        return ruling
    return replace(ruling, value=called.get(ruling.value, ruling.value))


def merge(case: Case, number: str, around: Around) -> Acted | Refused:
    """Another case is part of this one: its people, papers and mails come here, and it stands as a duplicate."""
    other = around.others.get(number)
    if other is None or other.number == case.number:
        return refused("case.unknown", number=number)
    if case.state not in OPEN:
        return refused("case.over", number=case.number, state=case.state.value)
    if not allowed(other.state, State.DUPLICATE):
        return refused("case.state", number=number, state=other.state.value, after=State.DUPLICATE.value)
    if other.procedure is not case.procedure:
        return refused("merge.procedure", number=case.number, other=number)
    people = merge_people(case, other.applicants, corrects=False)
    if people.unclear:
        return refused("merge.unclear", number=case.number, evidence=people.unclear[0].evidence)
    joined = replace(_joined(case, other, people), related=_tied(case, number))
    gone = transition(other, State.DUPLICATE)
    gone = replace(gone, related=_tied(other, case.number), proposal=None, deadlines=over(gone))
    judged = judge(joined, around.rules, around.now)
    return Acted((judged, gone), letters=told_anew(judged, around), settled=(Settled(number),))


def _joined(case: Case, other: Case, people: Merged) -> Case:
    called = dict(people.keys)
    places = {(d.message, d.path) for d in case.documents}
    moved = (
        replace(d, applicant=called.get(d.applicant or ""))
        for d in other.documents
        if (d.message, d.path) not in places
    )
    known = {p.addr for p in case.participants}
    slots = {r.slot for r in case.rulings}
    rulings = (_renamed(r, called) for r in other.rulings if r.about is not About.PROCEDURE)
    return replace(
        case,
        applicants=people.people,
        documents=tuple(sorted((*case.documents, *moved), key=lambda d: d.received_at)),
        participants=(*case.participants, *(p for p in other.participants if p.addr not in known)),
        fields=tuple(dict.fromkeys((*case.fields, *other.fields))),
        told=tuple(dict.fromkeys((*case.told, *other.told))),
        flags=tuple(dict.fromkeys((*case.flags, *other.flags))),
        messages=tuple(dict.fromkeys((*case.messages, *other.messages))),
        letters=tuple(sorted(dict.fromkeys((*case.letters, *other.letters)), key=lambda sent: sent.queued_at)),
        rulings=(*case.rulings, *(r for r in rulings if r.slot not in slots)),
        first_received_at=min(case.first_received_at, other.first_received_at),
        last_received_at=max(case.last_received_at, other.last_received_at),
    )


def relate(case: Case, number: str, around: Around) -> Acted | Refused:
    """Two cases that have to do with each other say so."""
    other = around.others.get(number)
    if other is None or other.number == case.number:
        return refused("case.unknown", number=number)
    if number in case.related and case.number in other.related:
        return refused("case.same", number=case.number)
    return Acted((replace(case, related=_tied(case, number)), replace(other, related=_tied(other, case.number))))
