"""The invented clerks of the demo: they accept what is complete and finish what is short, and leave some for today.
They do it by the acts that real ones have, and by nothing else."""

from functools import cache
from typing import Any

from ruamel.yaml import YAML

from mailintake.config.resource import resource
from mailintake.model.act import Accept, Act, Close, Door, NoAction, Result, Signed, Step
from mailintake.model.case import State
from mailintake.model.staff import Colleague, Role
from mailintake.model.summary import CaseSummary
from mailintake.worker.acts import perform
from mailintake.worker.shells import Shells

_LEAVE = 2  # complete cases that still lie on the desk when the demo ends
_SHORT_DAYS = 3


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = YAML(typ="safe", pure=True).load(resource("templates/demo/staff.yaml"))
    return told


def staff() -> tuple[Colleague, ...]:
    """Who works there."""
    return tuple(Colleague(one["name"], Role(one["role"]), one["mail"]) for one in _told()["staff"])


def make_known(shells: Shells) -> None:
    """What `mailintake staff add` does."""
    with shells.store.begin() as unit:
        for colleague in staff():
            unit.save_colleague(colleague)


def work_a_day(shells: Shells) -> None:
    """One working day: the cases that were complete in the morning are accepted, accepted ones go on, and lines about
    nothing in particular are seen to."""
    here = shells.store.summaries()
    waiting = sorted((one for one in here if one.state is State.COMPLETE), key=lambda one: one.last_received_at)
    late = [one for one in waiting if not _is_short(shells, one)][-_LEAVE:]
    for one in waiting:
        if one not in late:
            _do(shells, Accept(), one.number)
    for one in here:
        if one.state is State.ACCEPTED and _is_short(shells, one):
            _do(shells, Result(_told()["result"]), one.number)
            _do(shells, Close(), one.number)
        elif one.state is State.ACCEPTED:
            _do(shells, Step(State.AT_MFA), one.number)
    for row in shells.store.notices():
        if not row.notice.case:
            _do(shells, NoAction(), f"#{row.id}")


def _is_short(shells: Shells, one: CaseSummary) -> bool:
    return shells.rules.procedure(one.procedure).time_limit_days <= _SHORT_DAYS


def _do(shells: Shells, act: Act, target: str) -> None:
    """A refusal is an answer, too: the case stays as it is."""
    perform(shells, Signed(act, target, staff()[0].name, shells.clock(), door=Door.DESK))
