"""A case judged anew, because a mail came or a person said something about it: what follows for state and deadlines."""

from dataclasses import replace
from datetime import datetime

from mailintake.model.case import MAIL_SIDE_OPEN, Case, DeadlineKind, State
from mailintake.model.rules import RuleSet
from mailintake.model.zone import local_day
from mailintake.stages.assess.assess import assess
from mailintake.stages.deadline import deadlines_for
from mailintake.stages.decide.letter import state_for
from mailintake.stages.flow import transition


def judge(case: Case, rules: RuleSet, now: datetime) -> Case:
    """The case assessed anew, with the state and deadlines that follow. Office-side states stay as staff set them."""
    assessed = replace(case, assessment=assess(case, rules, local_day(now)), rule_version=rules.version)
    if assessed.state in MAIL_SIDE_OPEN:
        target = state_for(assessed)
        if assessed.state is State.CORRECTION_OVERDUE and target is State.AWAITING_CORRECTION:
            assessed = _period_over(assessed)  # what lacks is told again, and that letter starts a new period
        assessed = transition(assessed, target)
    return replace(assessed, deadlines=deadlines_for(assessed, rules, now))


def _period_over(case: Case) -> Case:
    over = tuple(replace(d, met=True) if d.kind is DeadlineKind.CORRECTION else d for d in case.deadlines)
    return replace(case, deadlines=over)
