"""Last days: working days of the office, wherever the server stands."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from mailintake.model.case import OFFICE_STEPS, Case, Deadline, DeadlineKind, Pause, State
from mailintake.model.letter import LetterKind
from mailintake.model.rules import RuleSet, WorkCalendar
from mailintake.model.zone import SHANGHAI, local_day
from mailintake.stages.assess.open_items import open_items

CUTOFF = time(17, 0)  # what comes later counts as received on the next working day
_FIRST_NOTICE_DAYS = 1
FULL_NOTICES = frozenset(
    {
        LetterKind.ACKNOWLEDGEMENT,
        LetterKind.CORRECTION,
        LetterKind.TOLERATED,
        LetterKind.PAYMENT_REMINDER,
        LetterKind.UNREADABLE,
        LetterKind.CARD_OR_PASSPORT,
        LetterKind.NEW_OR_RENEW,
    }
)
_START_CORRECTION = frozenset(
    {LetterKind.CORRECTION, LetterKind.TOLERATED, LetterKind.PAYMENT_REMINDER, LetterKind.UNREADABLE}
)


def add_working_days(start: date, days: int, calendar: WorkCalendar) -> tuple[date, bool]:
    """The `days`-th working day after `start` (day zero), and whether a calendar notice may still move it."""
    return calendar.after(start, days)


def working_days_between(start: date, end: date, calendar: WorkCalendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(calendar.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def receipt_day(moment: datetime, calendar: WorkCalendar) -> date:
    """The working day on which a mail counts as received: that day, or the next one after 17:00 and on days off."""
    local = moment.astimezone(SHANGHAI)
    if local.time() < CUTOFF and calendar.is_working_day(local.date()):
        return local.date()
    return calendar.after(local.date(), 1)[0]


def deadlines_for(case: Case, rules: RuleSet, now: datetime) -> tuple[Deadline, ...]:
    """The deadlines of a case as it stands: our first notice runs from the first mail, the time limit while complete.

    办理时限 runs from acceptance (`from_acceptance`); before it a day is counted from the working day the last mail
    counts as received, so that complete cases are not left lying. It stands still while something is awaited without
    which the case cannot go on: what may follow later (容缺) stops nothing. 补正期限 starts with the sent letter only
    (`on_sent`) and ends when nothing is awaited any more, whatever the case is called meanwhile.
    """
    kept = {d.kind: d for d in case.deadlines}
    if DeadlineKind.FIRST_NOTICE not in kept:
        start = receipt_day(case.first_received_at, rules.calendar)
        kept[DeadlineKind.FIRST_NOTICE] = _deadline(DeadlineKind.FIRST_NOTICE, start, _FIRST_NOTICE_DAYS, rules)
    limit = kept.get(DeadlineKind.TIME_LIMIT)
    if case.state is State.COMPLETE:
        start = receipt_day(case.last_received_at, rules.calendar)
        days = rules.procedure(case.procedure).time_limit_days
        fresh = limit or _deadline(DeadlineKind.TIME_LIMIT, start, days, rules)
        kept[DeadlineKind.TIME_LIMIT] = _resumed(fresh, start, rules)
    elif limit is not None and not limit.met:
        stands = case.state is State.AWAITING_CORRECTION or _stands(case, rules)
        if stands and limit.paused_on is None:
            kept[DeadlineKind.TIME_LIMIT] = replace(limit, paused_on=local_day(now))
        elif not stands and case.state in OFFICE_STEPS:
            kept[DeadlineKind.TIME_LIMIT] = _resumed(limit, receipt_day(now, rules.calendar), rules)
    correction = kept.get(DeadlineKind.CORRECTION)
    if correction is not None and not awaits_correction(case, rules):
        kept[DeadlineKind.CORRECTION] = replace(correction, met=True)
    return _in_order(kept)


def awaits_correction(case: Case, rules: RuleSet) -> bool:
    """Is something awaited from the applicant? Also after 容缺受理, until it has come."""
    if case.state in OFFICE_STEPS:
        return bool(open_items(case, rules))
    return case.state in (State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE)


def _stands(case: Case, rules: RuleSet) -> bool:
    return case.state in OFFICE_STEPS and any(not item.tolerable for item in open_items(case, rules))


def from_acceptance(case: Case, rules: RuleSet, now: datetime) -> tuple[Deadline, ...]:
    """The deadlines of a case that is accepted now: 办理时限 counts from today."""
    kept = {d.kind: d for d in case.deadlines}
    days = rules.procedure(case.procedure).time_limit_days
    kept[DeadlineKind.TIME_LIMIT] = _deadline(DeadlineKind.TIME_LIMIT, local_day(now), days, rules)
    return deadlines_for(replace(case, deadlines=_in_order(kept)), rules, now)


def extended(deadline: Deadline, due: date, rules: RuleSet) -> Deadline:
    """The deadline with a later last day that staff have set."""
    counted = working_days_between(deadline.since, due, rules.calendar) if deadline.since else deadline.days
    first = deadline.extended_from or deadline.due
    return replace(deadline, due=due, days=counted, extended_from=first, provisional=due > rules.calendar.known_until)


def over(case: Case) -> tuple[Deadline, ...]:
    """The deadlines of a case that has ended: none counts any more."""
    return tuple(replace(deadline, met=True) for deadline in case.deadlines)


def on_sent(case: Case, letter: LetterKind, sent_at: datetime, rules: RuleSet) -> Case:
    """The case after a letter of that kind really went out.

    补正期限 counts from the day it was sent (reading A6); a second letter does not stretch a period that runs already.
    Where the guide sets none, only the office's own wish starts one.
    """
    kept = {d.kind: d for d in case.deadlines}
    first = kept.get(DeadlineKind.FIRST_NOTICE)
    if letter in FULL_NOTICES and first is not None:
        kept[DeadlineKind.FIRST_NOTICE] = replace(first, met=True)
    day = local_day(sent_at)
    running = kept.get(DeadlineKind.CORRECTION)
    spent = running is None or running.met or running.due < day
    waits = case.state is State.AWAITING_CORRECTION or (case.state in OFFICE_STEPS and awaits_correction(case, rules))
    days = rules.procedure(case.procedure).reply_days
    if days is not None and letter in _START_CORRECTION and waits and spent:
        kept[DeadlineKind.CORRECTION] = _deadline(DeadlineKind.CORRECTION, day, days, rules)
    return replace(case, deadlines=_in_order(kept))


def recompute_provisional(case: Case, rules: RuleSet) -> Case:
    """The case with every provisional last day counted anew by the calendar as it is known now."""
    return replace(case, deadlines=tuple(_recounted(d, rules) for d in case.deadlines))


def running(case: Case, kind: DeadlineKind) -> Deadline | None:
    """The deadline of that kind that still counts, or None."""
    return next((d for d in case.deadlines if d.kind is kind and not d.met and d.paused_on is None), None)


def _deadline(kind: DeadlineKind, start: date, days: int, rules: RuleSet) -> Deadline:
    due, provisional = rules.calendar.after(start, days)
    return Deadline(kind, due, provisional, start, days=days)


def _resumed(limit: Deadline, start: date, rules: RuleSet) -> Deadline:
    """A time limit that stood still goes on with the days it had left."""
    if limit.paused_on is None:
        return limit
    left = max(1, working_days_between(limit.paused_on, limit.due, rules.calendar))
    pauses = (*limit.pauses, Pause(limit.paused_on, start))
    return replace(_deadline(limit.kind, start, left, rules), pauses=pauses, begun=limit.begun or limit.since)


def _recounted(deadline: Deadline, rules: RuleSet) -> Deadline:
    if not deadline.provisional or deadline.met or deadline.since is None or not deadline.days:
        return deadline
    due, provisional = rules.calendar.after(deadline.since, deadline.days)
    return replace(deadline, due=due, provisional=provisional)


def _in_order(kept: dict[DeadlineKind, Deadline]) -> tuple[Deadline, ...]:
    return tuple(kept[kind] for kind in DeadlineKind if kind in kept)
