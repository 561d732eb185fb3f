"""Acts on a document: what it is, whose, whether it is good. Each leaves a ruling, and the case is judged anew."""

from dataclasses import replace
from typing import assert_never

from mailintake.model.act import (
    AskAgain,
    DismissFlag,
    DocumentAct,
    NewAtWindow,
    Refused,
    Rule,
    Said,
    SetKind,
    SetOwner,
    Signed,
    TickPaper,
    refused,
)
from mailintake.model.assessment import CheckedDocument
from mailintake.model.case import OPEN, Applicant, Case, Participant, State
from mailintake.model.document import Document, Outcome
from mailintake.model.message import wire_form
from mailintake.model.procedure import Procedure
from mailintake.model.ruling import About, Ruling, with_ruling
from mailintake.stages.acts.frame import Acted, Around, Settled
from mailintake.stages.acts.parting import person_of
from mailintake.stages.acts.telling import full_notice, told_anew
from mailintake.stages.assess.open_items import open_items
from mailintake.stages.assess.requirements import variant_of
from mailintake.stages.decide.judging import judge

_SHORTEST = 6  # characters of a sha256 that name a document


def document_of(case: Case, called: str) -> Document | None:
    """The document of that path, or whose sha256 begins so; None where there is none, or more than one."""
    by_path = [d for d in case.documents if d.path == called]
    prefix = called.lower()
    by_bytes = [d for d in case.documents if len(prefix) >= _SHORTEST and d.sha256.startswith(prefix)]
    found = {d.sha256: d for d in by_path or by_bytes}
    return next(iter(found.values())) if len(found) == 1 else None


def on_document(
    case: Case, document: Document | None, act: DocumentAct, signed: Signed, around: Around
) -> Acted | Refused:
    """What follows from an act on a document of that case, or, without one, on the case's papers as a whole."""
    if case.state not in OPEN:
        return refused("case.over", number=case.number, state=case.state.value)
    match act:
        case SetKind() | SetOwner() | Rule():
            if document is None:
                return refused("document.unknown", number=case.number)
            return _on_file(case, document, act, signed, around)
        case DismissFlag():
            return _dismiss(case, act.code, signed, around)
        case AskAgain():
            return _ask_again(case, document, signed, around)
        case TickPaper():
            return _tick(case, act, signed, around)
        case NewAtWindow():
            return refused("case.exists", number=case.number)
        case _:
            assert_never(act)


def _on_file(
    case: Case, document: Document, act: SetKind | SetOwner | Rule, signed: Signed, around: Around
) -> Acted | Refused:
    match act:
        case SetKind():
            kind = around.rules.kinds.get(act.kind)
            if kind is None or kind.fact:
                return refused("kind.unknown", kind=act.kind)
            return _ruled(case, _ruling(About.KIND, act.kind, document, signed), around)
        case SetOwner():
            person = person_of(case, act.owner) if act.owner else None
            if act.owner and person is None:
                return refused("person.unknown", name=act.owner, number=case.number)
            return _ruled(case, _ruling(About.OWNER, person.key if person else "", document, signed), around)
        case Rule():
            return _rule(case, document, act, signed, around)
        case _:
            assert_never(act)


def _rule(case: Case, document: Document, act: Rule, signed: Signed, around: Around) -> Acted | Refused:
    if act.outcome is Said.NOT_OK and not signed.reason.strip():
        return refused("reason.missing", act=act.name)
    known = {code for one in _checked(case, document) for f in one.findings for code in (f.code, f.check)}
    known |= {skipped.partition(":")[0] for one in _checked(case, document) for skipped in one.not_checked}
    if act.finding and act.outcome is Said.OK and act.finding not in known:
        return refused("finding.unknown", finding=act.finding, known=" ".join(sorted(known)))
    ruling = _ruling(About.OUTCOME, act.outcome.value, document, signed, key=act.finding)
    return _ruled(case, ruling, around)


def _checked(case: Case, document: Document) -> tuple[CheckedDocument, ...]:
    found = case.assessment.documents if case.assessment else ()
    return tuple(one for one in found if one.document.sha256 == document.sha256)


def _ruling(about: About, said: str, document: Document, signed: Signed, *, key: str = "") -> Ruling:
    return Ruling(about, said, signed.by, signed.at, document.sha256, key, signed.reason)


def _ruled(case: Case, ruling: Ruling, around: Around) -> Acted:
    judged = judge(replace(case, rulings=with_ruling(case.rulings, ruling)), around.rules, around.now)
    return Acted((judged,), letters=told_anew(judged, around))


def _dismiss(case: Case, code: str, signed: Signed, around: Around) -> Acted | Refused:
    found = (*case.flags, *(case.assessment.flags if case.assessment else ()))
    meant = dict.fromkeys(f.evidence for f in found if f.code == code)
    if not meant:
        known = " ".join(dict.fromkeys(f.code for f in found))
        return refused("flag.unknown", code=code, number=case.number, known=known)
    changed = case
    for evidence in meant:
        ruling = Ruling(About.FLAG, evidence, signed.by, signed.at, key=code, reason=signed.reason)
        changed = replace(changed, rulings=with_ruling(changed.rulings, ruling))
    judged = judge(changed, around.rules, around.now)
    return Acted((judged,), letters=told_anew(judged, around), settled=(Settled(case.number, codes=(code,)),))


def _ask_again(case: Case, document: Document | None, signed: Signed, around: Around) -> Acted | Refused:
    changed = case
    if document is not None and all(one.outcome is not Outcome.NOT_OK for one in _checked(case, document)):
        if not signed.reason.strip():
            return refused("reason.missing", act=AskAgain.name)
        ruling = _ruling(About.OUTCOME, Said.NOT_OK.value, document, signed)
        changed = judge(replace(case, rulings=with_ruling(case.rulings, ruling)), around.rules, around.now)
    if not open_items(changed, around.rules):
        return refused("request.nothing", number=case.number)
    order = full_notice(changed, around)
    if order is None:
        return refused("request.nobody", number=case.number)
    return Acted((changed,), letters=(order,))


def _tick(case: Case, act: TickPaper, signed: Signed, around: Around) -> Acted | Refused:
    asked = {requirement.kind for requirement in variant_of(case, around.rules).paper}
    if act.kind not in asked:
        return refused("paper.unknown", kind=act.kind, known=" ".join(sorted(asked)))
    person = person_of(case, act.owner) if act.owner else None
    if act.owner and person is None:
        return refused("person.unknown", name=act.owner, number=case.number)
    key = person.key if person else ""
    ruling = Ruling(About.PAPER, key, signed.by, signed.at, key=act.kind, reason=signed.reason)
    return Acted((replace(case, rulings=with_ruling(case.rulings, ruling)),))


def new_at_window(called: str, act: NewAtWindow, around: Around) -> Acted | Refused:
    """A case that came without mail, for the people who are named, judged by the list of its procedure."""
    key, _, variant = called.partition(".")
    declared = next((p for p in around.rules.procedures if p.key == key), None)
    if declared is None or (variant and all(v.id != variant for v in declared.variants)):
        return refused("procedure.unknown", procedure=called)
    people = tuple(_person(n, text) for n, text in enumerate(act.people, 1))
    if not people or not all(p.name for p in people):
        return refused("people.missing")
    if act.mail and not wire_form(act.mail):
        return refused("mail.unusable", mail=act.mail)
    case = judge(_opened(declared, variant, people, act, around), around.rules, around.now)
    return Acted((case,), opened=(case.number,))


def _person(number: int, text: str) -> Applicant:
    name, _, passport = text.replace("\uff1a", ":").partition(":")
    return Applicant(f"a{number}", " ".join(name.split()), passport_no=passport.strip().upper())


def _opened(declared: Procedure, variant: str, people: tuple[Applicant, ...], act: NewAtWindow, around: Around) -> Case:
    return Case(
        number=next(around.numbers),
        procedure=declared.key,
        variant=declared.variant(variant).id,
        state=State.RECEIVED,
        company=" ".join(act.company.split()),
        opened_at=around.now,
        first_received_at=around.now,
        last_received_at=around.now,
        rule_version=around.rules.version,
        applicants=people,
        participants=(Participant(act.mail, role="added_by_staff"),) if act.mail else (),
        city=act.city,
    )
