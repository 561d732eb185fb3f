"""States change along the table of the model and in no other way; its picture is made from the table."""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.case import MAIL_SIDE_OPEN, OPEN, TRANSITIONS, Case, State

_BY_MACHINE = frozenset({State.NEEDS_TRIAGE, State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE, State.COMPLETE})


def transition(case: Case, state: State) -> Case:
    """The case in that state; staying is always allowed. ValueError for a step that the table lacks."""
    if state is case.state:
        return case
    if not allowed(case.state, state):
        raise ValueError(f"a case cannot go from {case.state.value} to {state.value}")
    return replace(case, state=state)


def allowed(before: State, after: State) -> bool:
    """Is that step in the table?"""
    return after in TRANSITIONS[before]


def flow_document() -> str:
    """docs/flow.md: the diagram (Mermaid) and the table, both from `model.case.TRANSITIONS`."""
    return "\n".join((*_head(), *_diagram(), *_table(), *_rules(), ""))


def _head() -> Iterator[str]:
    yield "# How a case flows"
    yield ""
    yield "Generated from `model.case.TRANSITIONS`; `make docs` writes it anew and a test holds it current."
    yield "Solid arrows the program may take by itself; every other step is a person's."
    yield ""


def _diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"  [*] --> {State.RECEIVED.value}"
    for before, after in _steps():
        yield f"  {before.value} --> {after.value}{'' if _machine(before, after) else ' : staff'}"
    yield f"  {State.CLOSED.value} --> [*]"
    yield "```"
    yield ""


def _table() -> Iterator[str]:
    yield "| from | side | by the program | by staff |"
    yield "|---|---|---|---|"
    for before, targets in TRANSITIONS.items():
        machine = [after.value for after in targets if _machine(before, after)]
        staff = [after.value for after in targets if not _machine(before, after)]
        side = "mail" if before in MAIL_SIDE_OPEN else "office" if before in OPEN else "end"
        yield f"| {before.value} | {side} | {', '.join(machine) or '-'} | {', '.join(staff) or '-'} |"
    yield ""


def _rules() -> Iterator[str]:
    yield "- A mail of a verified sender is judged again: nothing lacking → `complete`, something lacking →"
    yield "  `awaiting_correction`, doubt about class, procedure or person → `needs_triage`. On the office side a mail"
    yield "  never changes the state."
    yield "- The correction period (10 working days) starts when the letter was sent; its end makes"
    yield "  `correction_overdue` and a line for staff. Nothing is refused by the program."
    yield "- A wish to withdraw is a line for staff; `withdrawn` is set by them."


def _steps() -> Iterator[tuple[State, State]]:
    for before, targets in TRANSITIONS.items():
        for after in targets:
            yield before, after


def _machine(before: State, after: State) -> bool:
    return before in MAIL_SIDE_OPEN and after in _BY_MACHINE
