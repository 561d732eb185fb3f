"""Questions that only a person can answer."""

from mailintake.checks.frame import check
from mailintake.checks.subject import CaseSubject, Result
from mailintake.model.assessment import Finding
from mailintake.model.procedure import Severity
from mailintake.model.value import config_value


@config_value
class Params:
    """Key of the question; its words are in templates/digest."""

    question: str = ""


@check
def staff_review(subject: CaseSubject, params: Params) -> Result:
    """A line of the staff checklist of every case of the procedure; it stops nothing and is never told."""
    return (Finding(f"review.{params.question}", severity=Severity.STAFF),)
