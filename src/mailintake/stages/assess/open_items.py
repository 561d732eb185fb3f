"""What is still open in an assessed case, as letters and reminders must tell it."""

from mailintake.model.assessment import RUNS_OUT
from mailintake.model.case import Case
from mailintake.model.procedure import Severity
from mailintake.model.rules import RuleSet
from mailintake.model.value import value
from mailintake.stages.assess.requirements import role_of, variant_of


@value
class OpenItem:
    """One thing to send or to mend."""

    kind: str
    code: str
    applicant: str | None
    tolerable: bool


def open_items(case: Case, rules: RuleSet) -> tuple[OpenItem, ...]:
    """Missing e-mail items and faults that are told; each once. Empty before the first assessment."""
    if case.assessment is None:
        return ()
    variant = variant_of(case, rules)
    tolerance = rules.procedure(case.procedure).tolerance
    tolerable = {r.kind for r in (*variant.paper, *variant.email) if r.tolerable} if tolerance else set()
    items = [OpenItem(m.kind, m.code, m.applicant, m.tolerable) for m in case.assessment.missing]
    for checked in case.assessment.documents:
        kind = role_of(checked.document.kind, variant)
        for finding in checked.findings:
            if finding.severity is Severity.CORRECT and not checked.superseded:
                may_follow = kind in tolerable and finding.code not in RUNS_OUT
                items.append(OpenItem(kind, finding.code, checked.document.applicant, may_follow))
    for finding in case.assessment.case_findings:
        if finding.severity is Severity.CORRECT:
            items.append(OpenItem("", finding.code, None, tolerable=False))
    return tuple(dict.fromkeys(items))
