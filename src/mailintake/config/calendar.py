"""config/calendar.yaml: the State Council's notices as they are printed (放假, 调休上班) into a WorkCalendar."""

import re
from datetime import date, timedelta

from mailintake.config.files import CalendarFile, Holiday
from mailintake.config.problems import fault
from mailintake.config.sources import Source
from mailintake.config.tree import Loc
from mailintake.config.validate import build
from mailintake.model.rules import SATURDAY, WorkCalendar

_MONTH_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


def read_calendar(source: Source) -> WorkCalendar | None:
    """The calendar, or None after reporting what is wrong with it."""
    file: CalendarFile | None = build(CalendarFile, source.data, source)
    if file is None:
        return None
    days_off: set[date] = set()
    make_up: set[date] = set()
    for index, holiday in enumerate(file.holidays):
        loc: Loc = ("holidays", index)
        if holiday.last < holiday.first:
            source.report((*loc, "last"), fault("day-order", first=holiday.first, last=holiday.last))
        for day in _span(holiday):
            _enter(day, days_off, source, (*loc, "first"), file.known_until)
        for number, day in enumerate(holiday.make_up):
            here = (*loc, "make_up", number)
            _enter(day, make_up, source, here, file.known_until)
            if day.weekday() < SATURDAY:
                source.report(here, fault("make-up-weekday", day=day))
    for day in sorted(days_off & make_up):
        source.report(("holidays",), fault("make-up-is-off", day=day))
    _report_empty_years(days_off, file.known_until, source)
    for number, text in enumerate(file.fixed):
        if not _MONTH_DAY.fullmatch(text):
            source.report(("fixed", number), fault("month-day", text=text))
    return WorkCalendar(frozenset(days_off), frozenset(make_up), file.known_until, frozenset(file.fixed))


def _report_empty_years(days_off: set[date], known_until: date, source: Source) -> None:
    """A year that counts as known and has no holiday would make every deadline in it too early."""
    years = {day.year for day in days_off}
    for year in range(min(years, default=known_until.year), known_until.year + 1):
        if year not in years:
            source.report(("known_until",), fault("year-empty", year=year, known=known_until))


def _span(holiday: Holiday) -> list[date]:
    return [holiday.first + timedelta(days=n) for n in range((holiday.last - holiday.first).days + 1)]


def _enter(day: date, days: set[date], source: Source, loc: Loc, known_until: date) -> None:
    if day in days:
        source.report(loc, fault("day-twice", day=day))
    if day > known_until:
        source.report(loc, fault("day-beyond", day=day, known=known_until))
    days.add(day)
