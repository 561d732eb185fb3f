"""When the next letter may go out, so that a provider's limits are never reached."""

from collections.abc import Sequence
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def next_slot(
    sent_times: Sequence[datetime], now: datetime, per_hour: int, gap_seconds: float, per_day: int
) -> datetime:
    """The earliest moment, not before `now`, at which one more letter keeps every rolling hour and day within limits.

    Limits of 0 mean no limit. Times in the future (the clock was set back) count as now, so the wait stays bounded.
    """
    times = sorted(min(sent, now) for sent in sent_times)
    slot = now
    if times:
        slot = max(slot, times[-1] + timedelta(seconds=gap_seconds))
    for limit, window in ((per_hour, _HOUR), (per_day, _DAY)):
        if 0 < limit <= len(times):
            slot = max(slot, times[-limit] + window)
    return slot
