"""One remittance slip in a mail of several matters: it must cover the people of all of them."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import Case
from mailintake.model.facts import Field
from mailintake.model.rules import RuleSet
from mailintake.model.situation import Situation
from mailintake.stages.assess.documents import PAID_FOR
from mailintake.stages.decide.cases import judged

SHARED = "slip.shared"
_AMOUNT = "slip.amount"
_CHECK = "slip_amount"


def with_shared_slips(cases: tuple[Case, ...], at: Situation) -> tuple[Case, ...]:
    """Cases of one mail that show the same slip are judged by the number of people of them all. Where the sum is not
    exactly that, nobody can tell whom it was paid for: staff look, and no letter says anything about it."""
    sharing = _sharing(cases, at.rules)
    people = len({(a.name, a.passport_no) for case in sharing for a in case.applicants})
    return tuple(_judged_together(case, people, at) if case in sharing else case for case in cases)


def _sharing(cases: Sequence[Case], rules: RuleSet) -> tuple[Case, ...]:
    slips = [_slips(case, rules) for case in cases]
    alike = [any(own & other for other in (*slips[:n], *slips[n + 1 :])) for n, own in enumerate(slips)]
    return tuple(case for case, shared in zip(cases, alike, strict=True) if shared)


def _slips(case: Case, rules: RuleSet) -> frozenset[str]:
    """The slips whose sum is checked, by their bytes."""
    kinds = {kind.key for kind in rules.kinds.values() if any(spec.use == _CHECK for spec in kind.checks)}
    variant = rules.procedure(case.procedure).variant(case.variant)
    asked = kinds & {requirement.kind for requirement in variant.email}
    return frozenset(d.sha256 for d in case.documents if d.kind in asked)


def _judged_together(case: Case, people: int, at: Situation) -> Case:
    counted = judged(replace(case, fields=(*case.fields, Field(PAID_FOR, str(people), source="mail"))), at)
    found = counted.assessment.documents if counted.assessment else ()
    wrong = [d.document.path for d in found if not d.superseded and any(f.code == _AMOUNT for f in d.findings)]
    if not wrong:
        return counted
    return judged(replace(counted, flags=(*counted.flags, Flag(SHARED, ", ".join(wrong)))), at)
