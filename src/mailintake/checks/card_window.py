"""可在距离卡有效期截止日期半年内提出."""

from mailintake.checks.frame import check
from mailintake.checks.months import add_months, iso_date
from mailintake.checks.subject import CaseSubject, Result
from mailintake.model.assessment import Finding, NotChecked
from mailintake.model.case import Applicant
from mailintake.model.identity import is_sure
from mailintake.model.value import config_value


@config_value
class Params:
    """Calendar months before the card's last day (reading A8)."""

    months: int = 6


@check
def card_window(subject: CaseSubject, params: Params) -> Result:
    """Nobody asks for a renewal earlier than so many months before the card's last day (guide 2.1②)."""
    known = [(a, day) for a in subject.case.applicants if (day := iso_date(a.card_expiry))]
    if not known:
        return NotChecked("not_found")
    windows = [(a, day, add_months(day, -params.months)) for a, day in known]
    return tuple(
        Finding(
            "card.too_early",
            {"card_expiry": day.isoformat(), "applicant": a.key} | ({} if _is_sure(a) else {"sure": False}),
            {"months": params.months, "earliest": first.isoformat()},
        )
        for a, day, first in windows
        if subject.first_received_at < first
    )


def _is_sure(person: Applicant) -> bool:
    return is_sure(person, "card_expiry", person.card_expiry)
