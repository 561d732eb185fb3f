"""How old a certificate is."""

from mailintake.checks.frame import check
from mailintake.checks.months import add_months, iso_date, whole_months
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Which date, and how many calendar months after it the case's first mail may come."""

    field: str = "issue_date"
    months: int = 3


@check
def issued_within(subject: Subject, params: Params) -> Result:
    """The certificate was not older than so many months when the case's first mail came (guide 1.1(1)⑤, reading A1)."""
    read = subject.field(params.field)
    if read is None:
        return subject.unread()
    issued = iso_date(read.value)
    if issued is None or not read.sure or issued > subject.today:
        return NotChecked("unsure")
    start = subject.first_received_at
    if start <= add_months(issued, params.months):
        return OK
    measured = {"issue_date": read.value, "months": whole_months(issued, start)}
    return subject.found("expired", measured, {"months": params.months})
