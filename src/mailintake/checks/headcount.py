"""员工人数（10人以上）."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

FACTS = ("headcount",)


@config_value
class Params:
    """10人以上 includes the ten (reading A17)."""

    min: int = 10


@check
def headcount(subject: Subject, params: Params) -> Result:
    """The company has at least so many employees (guide 1.1(1)④)."""
    read = subject.field("headcount")
    if read is None:
        return subject.unread()
    if not read.value.isdecimal() or not read.sure:
        return NotChecked("unsure")
    number = int(read.value)
    return OK if number >= params.min else subject.found("headcount", {"headcount": number}, {"minimum": params.min})
