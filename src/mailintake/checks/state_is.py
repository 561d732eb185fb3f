"""Issuing state of the passport."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

FACTS = ("nationality",)


@config_value
class Params:
    """ICAO three-letter code."""

    nationality: str = "CHN"


@check
def state_is(subject: Subject, params: Params) -> Result:
    """The passport is of that state; a default of ours, for staff."""
    read = subject.field("nationality")
    if read is None:
        return subject.unread()
    if read.value == params.nationality:
        return OK
    if not read.sure:
        return NotChecked("unsure")
    return subject.found("nationality", {"nationality": read.value}, {"nationality": params.nationality})
