"""Is the card still valid?"""

from mailintake.checks.frame import check
from mailintake.checks.months import iso_date
from mailintake.checks.subject import CaseSubject, Result
from mailintake.model.assessment import Finding, NotChecked
from mailintake.model.value import config_value


@config_value
class Params:
    """None: the card's last day counts as valid."""


@check
def card_not_expired(subject: CaseSubject, params: Params) -> Result:
    """The card was valid when the case's first mail came; the guide is silent about expired cards, so staff look."""
    known = [(a.key, day) for a in subject.case.applicants if (day := iso_date(a.card_expiry))]
    if not known:
        return NotChecked("not_found")
    return tuple(
        Finding("card.expired", {"card_expiry": day.isoformat(), "applicant": key})
        for key, day in known
        if day < subject.first_received_at
    )
