"""Reminders and lapses, each committed with its letter."""

import logging
from collections.abc import Callable

from mailintake.errors import TemplateBroken
from mailintake.model.case import Case
from mailintake.model.understanding import StaffNotice
from mailintake.stages.deadline import recompute_provisional
from mailintake.stages.decide.remind import due
from mailintake.worker.intake.offices import for_case
from mailintake.worker.notices import notice_once
from mailintake.worker.outbox.queueing import Occasion, queue_orders, remembered
from mailintake.worker.shells import Shells, log_event

_log = logging.getLogger(__name__)
_MANY = 100_000


def remind(shells: Shells, stop: Callable[[], bool]) -> int:
    """Perform what is due now; gives how many. A case whose letter cannot be written keeps back no other."""
    now, policy = shells.clock(), shells.configuration.letters
    known = ((for_case(shells, case), case) for case in shells.store.cases(open_only=True, limit=_MANY))
    cases = tuple((mine, _recounted(mine, case)) for mine, case in known)
    done = 0
    for decision in (made for mine, case in cases for made in due((case,), mine.rules, policy, now)):
        if stop():
            break
        for case in decision.cases:
            try:
                done += _performed(for_case(shells, case), case.number)
            except TemplateBroken as fault:
                _log.error("%s", fault)
                with shells.store.begin() as unit:
                    notice_once(shells, unit, StaffNotice("letter.failed", str(fault), case.number), now)
    return done


def _recounted(shells: Shells, case: Case) -> Case:
    """A provisional last day follows the calendar as soon as it knows better, for the page and the next letter too."""
    if recompute_provisional(case, shells.rules) == case:
        return case
    with shells.store.begin() as unit:
        current = shells.store.case(case.number) or case
        fresh = recompute_provisional(current, shells.rules)
        unit.save_case(fresh)
        log_event(unit, shells.clock(), "case.recounted", case=case.number)
    return fresh


def _performed(shells: Shells, number: str) -> bool:
    """Decide anew inside the transaction: between the look and now staff may have changed the case."""
    now = shells.clock()
    with shells.store.begin() as unit:
        case = shells.store.case(number)
        current = () if case is None else (case,)
        decisions = due(current, shells.rules, shells.configuration.letters, now)
        for decision in decisions:
            known = {case.number: case for case in decision.cases}
            occasion = Occasion(None, now, sequence=now.toordinal())
            queued = queue_orders(shells, unit, decision.letters, known, occasion)
            for reminded in decision.cases:
                unit.save_case(remembered(reminded, queued, now))
                log_event(unit, now, "case.reminded", case=reminded.number, state=reminded.state.value)
            for notice in decision.notices:
                unit.add_notice(notice, now)
    return bool(decisions)
