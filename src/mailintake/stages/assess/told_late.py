"""漏告知: a fault that an earlier letter could have told and that is told only now.

Everything that lacks is told once (一次性告知). What a later mail brought, and what changed because of what it says,
could not have been told before and is no such fault. Periods of validity count from the first mail: no day makes one.
"""

from collections.abc import Iterator, Sequence

from mailintake.model.case import Case
from mailintake.model.procedure import Severity
from mailintake.model.rules import RuleSet
from mailintake.model.ruling import About
from mailintake.model.value import value
from mailintake.stages.assess.requirements import role_of, variant_of


@value
class _Lack:
    """One thing that a letter asks for. `sha256`: of the faulty file; empty: nothing came."""

    code: str
    kind: str
    applicant: str | None
    sha256: str = ""


def told_late(case: Case, earlier: Sequence[Case], rules: RuleSet) -> tuple[str, ...]:
    """What a letter about the case asks for, and no earlier one did though it could have; as "code|person". `earlier`:
    the case as it was at each letter that told what lacks."""
    asked = {lack for then in earlier for lack in _lacks(then, rules)}
    fresh = [lack for lack in _lacks(case, rules) if lack not in asked]
    late = (lack for lack in fresh if any(_could_be_told(lack, case, then, rules) for then in earlier))
    return tuple(dict.fromkeys(f"{lack.code}|{lack.applicant or ''}" for lack in late))


def _lacks(case: Case, rules: RuleSet) -> Iterator[_Lack]:
    found = case.assessment
    if found is None:
        return
    variant = variant_of(case, rules)
    for missing in found.missing:
        yield _Lack(missing.code, missing.kind, missing.applicant)
    for checked in found.documents:
        document = checked.document
        for finding in checked.findings:
            if finding.severity is Severity.CORRECT and not checked.superseded:
                kind = role_of(document.kind, variant)
                yield _Lack(finding.code, kind, document.applicant, document.sha256)
    for finding in found.case_findings:
        if finding.severity is Severity.CORRECT:
            yield _Lack(finding.code, "", None)


def _could_be_told(lack: _Lack, case: Case, then: Case, rules: RuleSet) -> bool:
    """Was it there for the eye when that letter was written?"""
    if set(case.messages) <= set(then.messages):
        return True  # nothing came since
    if lack.sha256:
        return any(document.sha256 == lack.sha256 for document in then.documents)
    if not lack.kind or (lack.applicant is not None and then.applicant(lack.applicant) is None):
        return False
    return _put_right(case, then) or (_counted(lack, then, rules) and not _counted(lack, case, rules))


def _put_right(case: Case, then: Case) -> bool:
    """Has a person said since which procedure it is?"""
    return any(r.about is About.PROCEDURE and r not in then.rulings for r in case.rulings)


def _counted(lack: _Lack, case: Case, rules: RuleSet) -> bool:
    """Did a file of that person count as what lacks?"""
    variant = variant_of(case, rules)
    documents = (checked.document for checked in (case.assessment.documents if case.assessment else ()))
    return any(role_of(d.kind, variant) == lack.kind and d.applicant == lack.applicant for d in documents)
