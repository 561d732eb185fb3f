"""The pictures of how a case and a letter flow, made from the tables of states and the acts that take their steps."""

from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar

from mailintake.model.case import MAIL_SIDE_OPEN, OPEN, TRANSITIONS, State
from mailintake.model.letter import OUTBOX_TRANSITIONS, STARTS
from mailintake.stages.acts.cases import WRITERS
from mailintake.stages.acts.letters import MOVES

_S = TypeVar("_S")
_BY_MACHINE = frozenset({State.NEEDS_TRIAGE, State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE, State.COMPLETE})


def by_machine(before: State, after: State) -> bool:
    """May the program take that step by itself?"""
    return before in MAIL_SIDE_OPEN and after in _BY_MACHINE


def acts_for(before: State, after: State) -> tuple[str, ...]:
    """The acts by which a person takes that step."""
    return tuple(act for act, steps in WRITERS.items() if (before, after) in steps)


def flow_document() -> str:
    """docs/flow.md: the diagrams (Mermaid) and tables of cases and of letters, all from the tables of the model."""
    return "\n".join((*_head(), *_diagram(), *_table(), *_rules(), "", *_letters(), *_letter_rules(), ""))


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
    for before, after in _steps(TRANSITIONS):
        yield f"  {before.value} --> {after.value}{'' if by_machine(before, after) else f' : {_acts(before, after)}'}"
    yield f"  {State.CLOSED.value} --> [*]"
    yield "```"
    yield ""


def _table() -> Iterator[str]:
    yield "| from | side | by the program | by staff |"
    yield "|---|---|---|---|"
    for before, targets in TRANSITIONS.items():
        machine = [after.value for after in targets if by_machine(before, after)]
        staff = [f"{after.value} ({_acts(before, after)})" for after in targets if not by_machine(before, after)]
        side = "mail" if before in MAIL_SIDE_OPEN else "office" if before in OPEN else "end"
        yield f"| {before.value} | {side} | {', '.join(machine) or '-'} | {', '.join(staff) or '-'} |"
    yield ""


def _acts(before: State, after: State) -> str:
    return ", ".join(acts_for(before, after))


def _rules() -> Iterator[str]:
    yield "- A mail of a verified sender is judged again: nothing lacking → `complete`, something lacking →"
    yield "  `awaiting_correction`, doubt about class, procedure or person → `needs_triage`. On the office side a mail"
    yield "  never changes the state."
    yield "- The correction period (10 working days) starts when the letter was sent; its end makes"
    yield "  `correction_overdue` and a line for staff. The program refuses nothing, and nothing lapses by itself."
    yield "- The time limit counts from acceptance. It stands still while something is awaited without which the case"
    yield "  cannot go on; after `accept_with_gaps` it runs, and so do the correction period and its reminders."
    yield "- A wish to withdraw is a line for staff; `withdrawn` is set by them. `refuse` needs a second person."
    yield "- Every act can be taken back with `mailintake undo` until a later mail or a sent letter rests on it."


def _steps(table: Mapping[_S, Collection[_S]]) -> Iterator[tuple[_S, _S]]:
    for before, targets in table.items():
        for after in targets:
            yield before, after


def _letters() -> Iterator[str]:
    yield "# How a letter flows"
    yield ""
    yield "Generated from `model.letter.OUTBOX_TRANSITIONS`. Every step is one statement that names the state before it"
    yield "(`Unit.move`): where no row has that state any more somebody was faster, and whoever asked hears it."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield from (f"  [*] --> {state.value}" for state in STARTS)
    for before, after in _steps(OUTBOX_TRANSITIONS):
        acts = ", ".join(name for name, steps in MOVES.items() if (before, after) in steps)
        yield f"  {before.value} --> {after.value}{f' : {acts}' if acts else ''}"
    yield from (f"  {state.value} --> [*]" for state, targets in OUTBOX_TRANSITIONS.items() if not targets)
    yield "```"
    yield ""
    yield "| from | to |"
    yield "|---|---|"
    for before, targets in OUTBOX_TRANSITIONS.items():
        yield f"| {before.value} | {', '.join(after.value for after in targets) or '-'} |"
    yield ""


def _letter_rules() -> Iterator[str]:
    yield "- `sending` is committed before the first byte goes out; what is found there at a start is `in_doubt`: our"
    yield "  Message-ID in the Sent folder settles it, else it is sent once more, and never a third time."
    yield "- A letter begins as `in_doubt` only after a restore, when it may have gone out before: it is never sent"
    yield "  again without a clerk."
    yield "- What was never tried may be taken back (`superseded`) when a later letter says it all, or when it is no"
    yield "  longer true; a sent letter never changes."
