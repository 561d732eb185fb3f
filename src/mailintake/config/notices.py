"""The operator's calendar against an independent copy of the State Council's notices: the package chinesecalendar.

Warnings only: the file counts, and the package is as old as its release. Years that it does not know are not judged.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from mailintake.config.problems import fault
from mailintake.config.sources import Source
from mailintake.model.rules import WorkCalendar

_FEWEST_A_YEAR = 6  # by the ordinance there are seven, and Mid-Autumn may fall together with National Day


def report_against_notices(calendar: WorkCalendar, source: Source) -> None:
    """Report every day up to known_until on which the office would work and the notice says it is off, or the other
    way round, in the years that both know; of later years, whether all holidays of a year are there."""
    said = [sorted(days) for days in (calendar.days_off, calendar.make_up_days, calendar.fixed)], calendar.known_until
    if source.problems.proven.holds("notices", said):
        return
    import chinese_calendar  # 35 ms that only `check` pays

    before = source.problems.told
    known = {day.year for day in chinese_calendar.holidays}
    for year, count in _begun(calendar).items():
        if year > max(known) and count < _FEWEST_A_YEAR and calendar.known_until >= date(year, 12, 31):
            source.report(("known_until",), fault("year-short", year=year, count=count, fewest=_FEWEST_A_YEAR))
    for day in _days(calendar, known):
        works = chinese_calendar.is_workday(day)
        if calendar.is_working_day(day) is not works:
            source.report(("holidays",), fault("notice-works" if works else "notice-off", day=day))
    if source.problems.told == before:
        source.problems.proven.add("notices", said)


def _begun(calendar: WorkCalendar) -> Counter[int]:
    """How many holidays begin in each year."""
    days = calendar.days_off
    return Counter(day.year for day in sorted(days) if day - timedelta(days=1) not in days)


def _days(calendar: WorkCalendar, known: set[int]) -> Iterator[date]:
    for year in sorted({day.year for day in calendar.days_off} & known):
        day = date(year, 1, 1)
        while day.year == year and day <= calendar.known_until:
            yield day
            day += timedelta(days=1)
