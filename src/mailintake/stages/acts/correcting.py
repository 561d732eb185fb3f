"""What the machine took a case for, put right: its procedure, its company, its city."""

from dataclasses import replace

from mailintake.model.act import Refused, SetProcedure, Signed, refused
from mailintake.model.case import OFFICE_STEPS, OPEN, Case, Deadline, DeadlineKind, State
from mailintake.model.rules import RuleSet
from mailintake.model.ruling import About, Ruling, with_ruling
from mailintake.stages.acts.frame import Acted, Around, Settled
from mailintake.stages.acts.telling import told_anew
from mailintake.stages.assign.remap import kinds_for
from mailintake.stages.decide.judging import judge

_OF_DOUBT = ("procedure.conflict", "case.needs_triage", "message.not_understood")


def set_procedure(case: Case, act: SetProcedure, signed: Signed, around: Around) -> Acted | Refused:
    """The case is about that procedure: judged by its list, now and after every later mail."""
    if case.state not in OPEN:
        return refused("case.over", number=case.number, state=case.state.value)
    declared = around.rules.procedure(act.procedure)
    if act.variant and all(v.id != act.variant for v in declared.variants):
        known = " ".join(v.id for v in declared.variants)
        return refused("variant.unknown", variant=act.variant, procedure=act.procedure.value, known=known)
    variant = declared.variant(act.variant).id
    if (case.procedure, case.variant, case.sure) == (act.procedure, variant, True):
        return refused("case.same", number=case.number)
    ruling = Ruling(
        About.PROCEDURE,
        f"{act.procedure.value}.{variant}",
        signed.by,
        around.now,
        key=f"{case.procedure.value}.{case.variant}",
        reason=signed.reason,
    )
    changed = replace(
        case,
        procedure=act.procedure,
        variant=variant,
        sure=True,
        documents=kinds_for(act.procedure, variant, case.documents, around.rules),
        rulings=with_ruling(case.rulings, ruling),
    )
    judged = judge(_with_limit(changed, around.rules), around.rules, around.now)
    settled = Settled(case.number, codes=_OF_DOUBT)
    return Acted((judged,), letters=told_anew(judged, around), settled=(settled,))


def _with_limit(case: Case, rules: RuleSet) -> Case:
    """The time limit is another procedure's now; one that ran already is counted anew from its own day zero."""
    return replace(case, deadlines=tuple(_counted(d, case, rules) for d in case.deadlines))


def _counted(deadline: Deadline, case: Case, rules: RuleSet) -> Deadline:
    start = deadline.begun or deadline.since
    if deadline.kind is not DeadlineKind.TIME_LIMIT or deadline.met or start is None or deadline.pauses:
        return deadline
    days = rules.procedure(case.procedure).time_limit_days
    due, provisional = rules.calendar.after(start, days)
    return replace(deadline, due=due, days=days, provisional=provisional)


def set_company(case: Case, company: str, around: Around) -> Acted | Refused:
    """The company's name; papers that must name it are checked against this one."""
    name = " ".join(company.split())
    if not name:
        return refused("text.missing")
    return _judged(replace(case, company=name), around)


def set_city(case: Case, city: str, around: Around) -> Acted | Refused:
    """The city whose office the company belongs to; one of the guide's."""
    known = {one.city for one in around.rules.office.cities}
    if city not in known:
        return refused("city.unknown", city=city, known=" ".join(sorted(known)))
    return _judged(replace(case, city=city), around)


def _judged(case: Case, around: Around) -> Acted | Refused:
    if case.state not in OPEN or case.state in (*OFFICE_STEPS, State.RECEIVED):
        return Acted((case,))
    judged = judge(case, around.rules, around.now)
    return Acted((judged,), letters=told_anew(judged, around))
