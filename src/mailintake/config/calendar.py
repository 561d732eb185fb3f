"""config/calendar.yaml: the State Council's notices as they are printed (放假, 调休上班) into a WorkCalendar."""

import re
from datetime import date, timedelta

from mailintake.config.problems import words
from mailintake.config.validate import build
from mailintake.config.yaml_source import Loc, Source
from mailintake.model.rules import SATURDAY, WorkCalendar
from mailintake.model.value import config_value

_MONTH_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")


@config_value
class Holiday:
    """One line of a notice: first and last day off, and the weekend days that are worked for it."""

    name: str  # name of the holiday
    first: date  # first day off
    last: date  # last day off
    make_up: tuple[date, ...] = ()  # Saturdays and Sundays that are working days


@config_value
class CalendarFile:
    """The file as written."""

    known_until: date  # last day of the last year whose notice is entered; later deadlines are provisional
    holidays: tuple[Holiday, ...] = ()  # the lines of the notices
    fixed: tuple[str, ...] = ()  # month-day, days off by law in every year, also in one whose notice is not entered


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
            source.report((*loc, "last"), words("day_order", first=holiday.first, last=holiday.last))
        for day in _span(holiday):
            _enter(day, days_off, source, (*loc, "first"), file.known_until)
        for number, day in enumerate(holiday.make_up):
            here = (*loc, "make_up", number)
            _enter(day, make_up, source, here, file.known_until)
            if day.weekday() < SATURDAY:
                source.report(here, words("make_up_weekday", day=day))
    for day in sorted(days_off & make_up):
        source.report(("holidays",), words("make_up_is_off", day=day))
    for number, text in enumerate(file.fixed):
        if not _MONTH_DAY.fullmatch(text):
            source.report(("fixed", number), words("month_day", text=text))
    return WorkCalendar(frozenset(days_off), frozenset(make_up), file.known_until, frozenset(file.fixed))


def _span(holiday: Holiday) -> list[date]:
    return [holiday.first + timedelta(days=n) for n in range((holiday.last - holiday.first).days + 1)]


def _enter(day: date, days: set[date], source: Source, loc: Loc, known_until: date) -> None:
    if day in days:
        source.report(loc, words("day_twice", day=day))
    if day > known_until:
        source.report(loc, words("day_beyond", day=day, known=known_until))
    days.add(day)
