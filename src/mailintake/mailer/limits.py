"""When the next letter may go out, so that a provider's limits are never reached."""

from collections.abc import Sequence
from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def next_slot(
    sent_times: Sequence[datetime], now: datetime, per_hour: int, gap_seconds: float, per_day: int
) -> datetime:
    """The earliest moment, not before `now`, at which one more letter keeps every rolling hour and day within limits.

    Limits of 0 mean no limit. Times in the future (the clock was set back) count as now, and not at all when they lie
    further ahead than the limit looks back: so nothing waits longer than twice that.
    """
    gap = timedelta(seconds=gap_seconds)
    slot = now
    for limit, window in ((1, gap), (per_hour, _HOUR), (per_day, _DAY)):
        times = sorted(min(sent, now) for sent in sent_times if sent <= now + window)
        if 0 < limit <= len(times):
            slot = max(slot, times[-limit] + window)
    return slot
