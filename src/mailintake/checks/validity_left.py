"""How long a document is still valid."""

from mailintake.checks.frame import check
from mailintake.checks.months import add_months, iso_date, whole_months
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """Which date, and how many calendar months after the case's first mail it must not come before."""

    field: str = "expiry_date"
    months: int = 12


@check
def validity_left(subject: Subject, params: Params) -> Result:
    """So many months of validity are left on the day the case's first mail came (guide 1.1(1)①, reading A2)."""
    read = subject.field(params.field)
    if read is None:
        return subject.unread()
    expiry = iso_date(read.value)
    if expiry is None or not read.sure:
        return NotChecked("unsure")
    start = subject.first_received_at
    if expiry >= add_months(start, params.months):
        return OK
    fault = "expired" if expiry < start else "expiring"
    measured = {"expiry_date": read.value, "months_left": max(0, whole_months(start, expiry))}
    return subject.found(fault, measured, {"months": params.months})
