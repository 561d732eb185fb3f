"""Whom the trade is with."""

from mailintake.checks.frame import check
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import Finding, NotChecked
from mailintake.model.value import config_value

FACTS = ("economies", "countries")


@config_value
class Params:
    """The flag that is raised."""

    flag: str = "prohibited.N1"


@check
def partner_in_apec(subject: Subject, params: Params) -> Result:
    """The papers on trade name a partner in an APEC economy (guide 1.1(1)③, 禁办 新办1); for staff, never told.

    Raised only where countries are named and none of them, on this paper and on the others of its kind, is one.
    """
    if subject.facts is None or subject.facts.text is None:
        return NotChecked("no_text")
    readings = [subject.reading, *(d.reading for d in subject.others if d.kind == subject.kind.key)]
    if any(reading.get("economies") for reading in readings):
        return OK
    countries = subject.reading.all("countries")
    return (Finding(params.flag, {"countries": list(countries)}),) if countries else NotChecked("not_found")
