"""Hours at which somebody may be reminded."""

from datetime import datetime

from mailintake.model.rules import RuleSet
from mailintake.model.zone import SHANGHAI

_FROM_HOUR, _TO_HOUR = 8, 20  # nobody gets a reminder at night


def in_hours(rules: RuleSet, now: datetime) -> bool:
    """Is it an hour at which somebody may be reminded?"""
    local = now.astimezone(SHANGHAI)
    return _FROM_HOUR <= local.hour < _TO_HOUR and rules.calendar.is_working_day(local.date())
