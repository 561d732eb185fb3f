"""How many months of social insurance are shown."""

from mailintake.checks.frame import check
from mailintake.checks.months import add_months, iso_date
from mailintake.checks.subject import OK, Result, Subject
from mailintake.model.assessment import NotChecked
from mailintake.model.value import config_value

FACTS = (
    "insured_months",
    "insured_to",
)


@config_value
class Params:
    """6个月以上 includes the six (民法典 1259); months from the last one shown to the first mail."""

    min_months: int = 6
    latest: int = 6


@check
def months_insured(subject: Subject, params: Params) -> Result:
    """The social insurance list shows at least so many months (guide 1.1(1)⑥).

    Enough months of which the last one lies more than `latest` months before the case's first mail say nothing of
    today's employment: the guide does not name a limit, so staff look.
    """
    read = subject.field("insured_months")
    if read is None:
        return subject.unread()
    if not read.value.isdecimal() or not read.sure:
        return NotChecked("unsure")
    months = int(read.value)
    if months >= params.min_months:
        return NotChecked("unsure") if _is_old(subject, params) else OK
    return subject.found("short", {"months": months}, {"months": params.min_months})


def _is_old(subject: Subject, params: Params) -> bool:
    """The last month shown lies too far back; a list that names no month is not old."""
    last = subject.field("insured_to")
    day = iso_date(f"{last.value}-01") if last else None
    return day is not None and subject.first_received_at >= add_months(day, params.latest + 1)
