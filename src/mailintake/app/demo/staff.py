"""The invented clerks of the demo: they accept what is complete and finish what is short, and leave some for today."""

from dataclasses import replace

from mailintake.model.case import Case, State
from mailintake.stages.flow import transition
from mailintake.worker.shells import Shells, log_event

_LEAVE = 2  # complete cases that still lie on the desk when the demo ends
_SHORT_DAYS = 3


def work_a_day(shells: Shells) -> None:
    """One working day: the cases that were complete in the morning are accepted, accepted ones go on."""
    open_cases = shells.store.cases()
    complete = (case for case in open_cases if case.state is State.COMPLETE)
    waiting = sorted(complete, key=lambda case: case.last_received_at)
    late = [case for case in waiting if shells.rules.procedure(case.procedure).time_limit_days > _SHORT_DAYS][-_LEAVE:]
    for case in waiting:
        if case not in late:
            _move(shells, case, State.ACCEPTED)
    for case in open_cases:
        if case.state is State.ACCEPTED:
            short = shells.rules.procedure(case.procedure).time_limit_days <= _SHORT_DAYS
            _move(shells, case, State.CLOSED if short else State.AT_MFA)
    done = {case.number for case in waiting}
    with shells.store.begin() as unit:
        for row in shells.store.notices():
            if row.notice.case in done or not row.notice.case:
                unit.close_notice(row.id, shells.clock(), "seen")


def _move(shells: Shells, case: Case, state: State) -> None:
    now = shells.clock()
    met = tuple(replace(deadline, met=True) for deadline in case.deadlines)
    with shells.store.begin() as unit:
        unit.save_case(replace(transition(case, state), deadlines=met))
        log_event(unit, now, "case.state", case=case.number, actor="staff:demo", state=state.value)
