"""States change along the table of the model and in no other way."""

from dataclasses import replace

from mailintake.model.case import TRANSITIONS, Case, State


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
