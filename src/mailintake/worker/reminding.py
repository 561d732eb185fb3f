"""Reminders and lapses, each committed with its letter. A pass looks at the cases that may be due, and at no other.

The store keeps for every open case the first day on which something may fall due by itself, and by which rules that was
counted (store.Unit.look_again). A case that was written since, or that other rules were counted by, is looked at once;
with it a provisional last day follows the calendar as soon as that knows better. Where none is due, as in most passes,
nothing is loaded that judges a case.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from mailintake.config import Configuration
from mailintake.errors import TemplateBroken
from mailintake.model.case import Case
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import StaffNotice
from mailintake.model.zone import local_day
from mailintake.stages.decide.hours import in_hours
from mailintake.store.port import Unit
from mailintake.worker.offices import for_case
from mailintake.worker.shells import Shells, log_event

_log = logging.getLogger(__name__)
_AT_ONCE = 50  # cases looked at in one transaction: other writers wait for it


def remind(shells: Shells, stop: Callable[[], bool]) -> int:
    """Perform what is due now; gives how many. A case whose letter cannot be written keeps back no other."""
    now, rules = shells.clock(), counted_by(shells.configuration)
    may_remind = any(in_hours(each, now) for each in _all_rules(shells.configuration))
    numbers = shells.store.due_cases(rules, local_day(now) if may_remind else None)
    done = 0
    for start in range(0, len(numbers), _AT_ONCE):
        with shells.store.begin() as unit:
            found = [n for n in numbers[start : start + _AT_ONCE] if _is_due(shells, unit, n, rules, now)]
        for number in found:
            if stop():
                return done
            done += _reminded(shells, number, now)
    return done


def counted_by(configuration: Configuration) -> str:
    """A fingerprint of everything that moves the day on which a case must be looked at."""
    told = hashlib.sha256(repr(configuration.letters.reminder_days_left).encode())
    for rules in _all_rules(configuration):
        calendar = rules.calendar
        days = (sorted(calendar.days_off), sorted(calendar.make_up_days), calendar.known_until)
        told.update(repr((rules.version, days)).encode())
    return told.hexdigest()


def _all_rules(configuration: Configuration) -> Iterator[RuleSet]:
    yield configuration.rules
    yield from (rules for _, rules in sorted(configuration.mailbox_rules.items()))


def _is_due(shells: Shells, unit: Unit, number: str, rules: str, now: datetime) -> bool:
    """Is there something to do? If not, say when the case is to be looked at next."""
    from mailintake.stages.decide.remind import due, look_on

    case = shells.store.case(number)
    if case is None:
        return False
    mine = for_case(shells, case)
    case = _recounted(mine, unit, case)
    if due((case,), mine.rules, mine.configuration.letters, now):
        return True
    day, today = look_on(case, mine.rules, mine.configuration.letters) or date.max, local_day(now)
    seen_today = in_hours(mine.rules, now) and day <= today
    unit.look_again(number, rules, today + timedelta(days=1) if seen_today else day)
    return False


def _recounted(shells: Shells, unit: Unit, case: Case) -> Case:
    """A provisional last day follows the calendar as soon as it knows better, for the page and the next letter too."""
    from mailintake.stages.deadline import recompute_provisional

    fresh = recompute_provisional(case, shells.rules)
    if fresh != case:
        unit.save_case(fresh)
        log_event(unit, shells.clock(), "case.recounted", case=case.number)
    return fresh


def _reminded(shells: Shells, number: str, now: datetime) -> bool:
    try:
        return _performed(shells, number)
    except TemplateBroken as fault:
        _log.error("%s", fault)
        with shells.store.begin() as unit:
            unit.add_notice_once(StaffNotice("letter.failed", str(fault), number), now)
    return False


def _performed(shells: Shells, number: str) -> bool:
    """Decide anew inside the transaction: between the look and now staff may have changed the case."""
    from mailintake.stages.decide.remind import due
    from mailintake.worker.outbox.queueing import Occasion, queue_orders, remembered

    now = shells.clock()
    with shells.store.begin() as unit:
        case = shells.store.case(number)
        if case is None:
            return False
        mine = for_case(shells, case)
        decisions = due((case,), mine.rules, mine.configuration.letters, now)
        for decision in decisions:
            known = {case.number: case for case in decision.cases}
            occasion = Occasion(None, now, sequence=now.toordinal())
            queued = queue_orders(mine, unit, decision.letters, known, occasion)
            for reminded in decision.cases:
                unit.save_case(remembered(mine, reminded, queued, now))
                log_event(unit, now, "case.reminded", case=reminded.number, state=reminded.state.value)
            for notice in decision.notices:
                unit.add_notice(notice, now)
    return bool(decisions)
