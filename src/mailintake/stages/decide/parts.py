"""An application that comes in several mails: how long its answer waits for the last of them."""

from dataclasses import replace
from datetime import date, datetime

from mailintake.model.case import Case, DeadlineKind
from mailintake.model.message import wire_form
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Decision, Disposition, LetterOrder
from mailintake.model.zone import local_day
from mailintake.stages.deadline import running
from mailintake.stages.decide.judging import judge
from mailintake.stages.decide.letter import letter_for

_FINANCE = "finance"  # role of a participant


def parts_until(case: Case) -> date | None:
    """The day on which the answer waits no longer, None where it does not wait: the guide has the full notice within
    one working day, and what was announced and has not come by then is told as lacking."""
    first = running(case, DeadlineKind.FIRST_NOTICE)
    return first.due if case.awaits_parts and first is not None else None


def parts_overdue(case: Case, rules: RuleSet, now: datetime) -> Decision | None:
    """The answer to an application whose last part has not come by the day, or None while there is time."""
    until = parts_until(case)
    if until is None or case.series is None or local_day(now) < until:
        return None
    judged = judge(replace(case, series=replace(case.series, over=True)), rules, now)
    to = participants(case)
    order = LetterOrder(letter_for((judged,), None, rules), to, case.number)
    return Decision(Disposition.CASE_EXTENDED, cases=(judged,), letters=(order,) if to else (), decided_at=now)


def participants(case: Case) -> tuple[str, ...]:
    """Everybody who wrote about the case, may hear about it and can be reached by mail; not who only sent its slips."""
    told = [p for p in case.participants if p.role != _FINANCE] or case.participants
    return tuple(dict.fromkeys(p.addr for p in told if wire_form(p.addr)))
