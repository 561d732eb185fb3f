"""Every step of the table of states has a writer in production: the program, or an act of a person."""

from dataclasses import replace

import pytest
from tests.support.acts import OTHER, around, done, in_state, judged_case, signed

from mailintake.model.act import (
    Accept,
    AcceptWithGaps,
    CaseAct,
    Close,
    Erase,
    Merge,
    PutBack,
    Refuse,
    Reopen,
    Step,
    Withdraw,
)
from mailintake.model.case import TRANSITIONS, Case, State
from mailintake.model.erasure import Erasable, ErasureGround
from mailintake.model.procedure import ProcedureKey
from mailintake.stages.acts.cases import WRITERS, on_case
from mailintake.stages.acts.frame import Acted
from mailintake.stages.acts.picture import by_machine

S = State
PAIRS = sorted((act, before, after) for act, steps in WRITERS.items() for before, after in steps)
PLAIN: dict[str, CaseAct] = {a.name: a for a in (Accept(), AcceptWithGaps(), Withdraw(), Close(), Reopen(), PutBack())}
LACKING = {S.AWAITING_CORRECTION: ("photo",), S.NEEDS_TRIAGE: ()}


def test_no_step_of_the_table_is_without_a_writer_and_no_act_takes_another() -> None:
    table = {(before, after) for before, targets in TRANSITIONS.items() for after in targets}
    staff = {step for steps in WRITERS.values() for step in steps}
    machine = {step for step in table if by_machine(*step)}
    assert staff | machine == table
    assert not staff & machine


def test_every_state_can_be_reached_from_the_first_mail() -> None:
    reached, new = {S.RECEIVED}, {S.RECEIVED}
    while new:
        new = {after for before in new for after in TRANSITIONS[before]} - reached
        reached |= new
    assert reached == set(State)


@pytest.mark.parametrize(("act", "before", "after"), PAIRS)
def test_an_act_takes_the_step_that_the_table_gives_it(act: str, before: State, after: State) -> None:
    assert performed(act, before, after).state is after


def performed(act: str, before: State, after: State) -> Case:
    match act:
        case "step":
            key = ProcedureKey.CANCEL if after is S.CANCELLED else ProcedureKey.NEW
            return acted(in_state(before, procedure=key), Step(after)).cases[0]
        case "refuse":
            proposed = acted(in_state(before), Refuse()).cases[0]
            return done(on_case(proposed, Refuse(), signed(Refuse(), by=OTHER.name, reason="x"), around())).cases[0]
        case "merge":
            other = replace(in_state(before), number="LN-2026-000002-2")
            return done(on_case(judged_case(), Merge(other.number), signed(Merge("")), around(other))).cases[1]
        case "erase":
            case = in_state(before)
            what, at = (
                Erase(ErasureGround.REQUEST, case.number),
                around(erasable=Erasable((case.number,), (), (), (), (), 1)),
            )
            proposed = done(on_case(case, what, signed(what), at)).cases[0]
            return done(on_case(proposed, what, signed(what, by=OTHER.name), at)).cases[0]
        case "accept_with_gaps":
            return acted(in_state(before, "photo"), AcceptWithGaps()).cases[0]
        case "put_back" if after is S.NEEDS_TRIAGE:
            return acted(replace(in_state(before), sure=False), PutBack()).cases[0]
        case "put_back":
            return acted(in_state(before, *LACKING.get(after, ())), PutBack()).cases[0]
        case _:
            return acted(in_state(before), PLAIN[act]).cases[0]


def acted(case: Case, act: CaseAct) -> Acted:
    return done(on_case(case, act, signed(act, reason="x"), around()))
