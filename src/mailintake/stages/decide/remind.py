"""Reminders before the correction period ends, and what happens when it has ended. Nothing is refused here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from mailintake.model.case import Case, Deadline, DeadlineKind, State
from mailintake.model.letter import LetterKind, LetterPolicy, Mode
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Decision, Disposition, LetterOrder, StaffNotice
from mailintake.model.zone import local_day
from mailintake.stages.assess.open_items import open_items
from mailintake.stages.deadline import awaits_correction, running, working_days_between
from mailintake.stages.decide.cases import WITHDRAWAL
from mailintake.stages.decide.hours import in_hours
from mailintake.stages.decide.parts import participants, parts_overdue, parts_until
from mailintake.stages.flow import transition

_SEEN_BY_A_PERSON = (Mode.APPROVE, Mode.DRAFT)
_OVER = "over"


def due(cases: Iterable[Case], rules: RuleSet, policy: LetterPolicy, now: datetime) -> tuple[Decision, ...]:
    """One decision for every case whose reminder or lapse is due now; none on days off or at night.

    Every reminder is sent once ever. After a standstill the latest one counts, those it has overtaken do not follow.
    """
    if not in_hours(rules, now):
        return ()
    found = (parts_overdue(case, rules, now) or _of_case(case, rules, policy, now) for case in cases)
    return tuple(decision for decision in found if decision is not None)


def look_on(case: Case, rules: RuleSet, policy: LetterPolicy) -> date | None:
    """The first day on which `due` may have something for the case as it stands, None where it cannot. Holds until the
    case, the rules or the days of `policy` change: whoever keeps it as a column need not decode the others."""
    if (until := parts_until(case)) is not None:
        return until
    period = running(case, DeadlineKind.CORRECTION)
    if period is None:
        return None
    unsent = [days for days in policy.reminder_days_left if _mark(period, days) not in case.reminders_sent]
    if not unsent:
        return period.due + timedelta(days=1)
    day = period.due
    while working_days_between(day - timedelta(days=1), period.due, rules.calendar) <= max(unsent):
        day -= timedelta(days=1)
    return day


def _of_case(case: Case, rules: RuleSet, policy: LetterPolicy, now: datetime) -> Decision | None:
    period = running(case, DeadlineKind.CORRECTION)
    lapses = case.state is State.CORRECTION_OVERDUE
    if period is None or lapses or not awaits_correction(case, rules) or not open_items(case, rules):
        return None
    if any(flag.code == WITHDRAWAL for flag in case.flags):
        return None
    today = local_day(now)
    if today > period.due:
        return _lapsed(case, period, policy, now)
    left = working_days_between(today, period.due, rules.calendar)
    return _reminder(case, period, left, policy, now)


def _reminder(case: Case, period: Deadline, left: int, policy: LetterPolicy, now: datetime) -> Decision | None:
    passed = sorted(days for days in policy.reminder_days_left if left <= days)
    if not passed or _mark(period, passed[0]) in case.reminders_sent:
        return None
    marks = tuple(_mark(period, days) for days in passed)
    reminded = replace(case, reminders_sent=tuple(dict.fromkeys((*case.reminders_sent, *marks))))
    to = participants(case)
    order = LetterOrder(LetterKind.REMINDER, to, case.number, days_left=left)
    return Decision(Disposition.CASE_EXTENDED, cases=(reminded,), letters=(order,) if to else (), decided_at=now)


def _lapsed(case: Case, period: Deadline, policy: LetterPolicy, now: datetime) -> Decision | None:
    """Overdue is a line for staff. The letter is written only where a person sees it before it goes out; a case that
    was accepted with gaps goes on, and staff hear of it once."""
    notice = StaffNotice("correction.overdue", period.due.isoformat(), case=case.number)
    if case.state is not State.AWAITING_CORRECTION:
        mark = f"{period.kind.value}:{period.due.isoformat()}:{_OVER}"
        if mark in case.reminders_sent:
            return None
        told = replace(case, reminders_sent=(*case.reminders_sent, mark))
        return Decision(Disposition.FOR_STAFF, cases=(told,), notices=(notice,), decided_at=now)
    overdue = transition(case, State.CORRECTION_OVERDUE)
    to = participants(case)
    written = bool(to) and policy.mode(LetterKind.OVERDUE) in _SEEN_BY_A_PERSON
    letters = (LetterOrder(LetterKind.OVERDUE, to, case.number),) if written else ()
    return Decision(Disposition.FOR_STAFF, cases=(overdue,), letters=letters, notices=(notice,), decided_at=now)


def _mark(period: Deadline, days: int) -> str:
    return f"{period.kind.value}:{period.due.isoformat()}:{days}"
