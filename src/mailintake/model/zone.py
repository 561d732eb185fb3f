"""The office's time: Asia/Shanghai, wherever the server stands."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local_day(moment: datetime) -> date:
    """The date on the office's wall. `moment` must be aware."""
    return moment.astimezone(SHANGHAI).date()
