"""How many months of social insurance are shown."""

from mailintake.checks._registry import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model._value import config_value
from mailintake.model.assessment import NotChecked


@config_value
class Params:
    """6个月以上 includes the six (民法典 1259)."""

    min_months: int = 6


@check
def months_insured(subject: Subject, params: Params) -> Result:
    """The social insurance list shows at least so many months (guide 1.1(1)⑥)."""
    read = subject.field("insured_months")
    if read is None:
        return subject.unread()
    if not read.value.isdecimal() or not read.sure:
        return NotChecked("unsure")
    months = int(read.value)
    if months >= params.min_months:
        return OK
    return subject.found("short", {"months": months}, {"months": params.min_months})
