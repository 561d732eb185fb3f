"""Whatever comes in whatever order: invariants of states, and one end for the same papers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.judgement import (
    COMPANY,
    HE,
    JI,
    MONDAY,
    RULES,
    case_of,
    full_papers,
    intent,
    mail,
    numbers,
    of_size,
    paper,
    situation,
    understood,
    verified,
)

from mailintake.model.case import MAIL_SIDE_OPEN, TRANSITIONS, Applicant, Case, DeadlineKind, State
from mailintake.model.document import Document
from mailintake.model.letter import OUTBOX_TRANSITIONS, LetterKind, LetterPolicy
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Candidates, Decision, LinkedBy, People
from mailintake.stages.acts.letters import MOVES
from mailintake.stages.acts.picture import flow_document
from mailintake.stages.deadline import on_sent
from mailintake.stages.decide.decide import decide
from mailintake.stages.decide.remind import due
from mailintake.stages.flow import allowed, transition

P, M = ProcedureKey, MessageClass
POLICY = LetterPolicy()
FULL = full_papers((HE, JI), RULES.procedure(P.NEW).variant("first_time").email)


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("after", list(State))
def test_a_step_that_the_table_lacks_is_refused(before: State, after: State) -> None:
    case = case_of(P.NEW, state=before)
    if after is before or after in TRANSITIONS[before]:
        assert transition(case, after).state is after
    else:
        assert not allowed(before, after)
        with pytest.raises(ValueError, match=f"{before.value} to {after.value}"):
            transition(case, after)


def test_the_diagram_in_the_documentation_is_current() -> None:
    from pathlib import Path

    path = Path(__file__).resolve().parents[3] / "docs/flow.md"
    assert path.read_text("utf-8") == flow_document(), (
        "write it anew: python -c 'from mailintake.stages.acts.picture import flow_document as d; print(d(), end=\"\")'"
        " > docs/flow.md"
    )


def test_every_step_that_an_act_takes_with_a_letter_is_in_its_table() -> None:
    steps = [step for taken in MOVES.values() for step in taken]
    assert [step for step in steps if step[1] not in OUTBOX_TRANSITIONS[step[0]]] == []


def received(
    case: Case | None,
    documents: tuple[Document, ...],
    at: datetime,
    sha256: str,
    people: tuple[Applicant, ...] = (HE, JI),
) -> Decision:
    """One mail with these papers, to a new case or to a known one."""
    message = mail(sha256)
    moved = tuple(replace(d, message=sha256, received_at=at) for d in documents)
    who = People(people, moved, COMPANY)
    if case is None:
        what = understood(message, intent(P.NEW, "first_time"), people=who)
    else:
        what = understood(message, kind=M.SUPPLEMENT, people=who, link=verified(case))
    return decide(situation(message, what, now=at), numbers())


def story(parts: tuple[tuple[Document, ...], ...]) -> Case:
    case: Case | None = None
    for number, documents in enumerate(parts):
        decision = received(case, documents, MONDAY + timedelta(hours=number), f"m{number}")
        case = decision.cases[0]
    assert case is not None
    return case


def told(case: Case) -> tuple[object, ...]:
    """Everything of an assessment that an applicant or staff would notice, without order."""
    result = case.assessment
    assert result is not None
    outcomes = {(d.document.kind, d.document.applicant, d.outcome) for d in result.documents if not d.superseded}
    missing = {(m.kind, m.applicant, m.tolerable) for m in result.missing}
    return result.verdict, outcomes, missing, set(result.paper_unseen), {f.code for f in result.flags}, case.state


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_four_mails_in_any_order_end_in_the_same_assessment(order: tuple[int, ...]) -> None:
    parts = (FULL[:3], FULL[3:6], FULL[6:9], FULL[9:])
    assert told(story(tuple(parts[n] for n in order))) == told(story(parts))


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_papers_dealt_out_to_mails_at_random_end_in_the_same_assessment(data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(FULL))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(FULL) - 1), max_size=4)))
    edges = [0, *cuts, len(FULL)]
    parts = tuple(tuple(shuffled[a:b]) for a, b in pairwise(edges))
    assert told(story(parts)) == told(story((FULL,)))


Event = Callable[[Case, datetime, int], Case]


def good(case: Case, at: datetime, number: int) -> Case:
    return received(case, (paper("signature", HE),), at, f"e{number}", (HE,)).cases[0]


def bad(case: Case, at: datetime, number: int) -> Case:
    return received(case, (of_size(paper("photo", HE), 90, 300),), at, f"e{number}", (HE,)).cases[0]


def letter(case: Case, at: datetime, number: int) -> Case:
    return on_sent(case, LetterKind.CORRECTION, at, RULES)


def clock(case: Case, at: datetime, number: int) -> Case:
    decisions = due([case], RULES, POLICY, at.replace(hour=9))
    return decisions[0].cases[0] if decisions else case


def withdraw(case: Case, at: datetime, number: int) -> Case:
    message = mail(f"e{number}")
    what = understood(message, kind=M.WITHDRAWAL, link=verified(case))
    return decide(situation(message, what, now=at), numbers()).cases[0]


def stranger(case: Case, at: datetime, number: int) -> Case:
    message = mail(f"e{number}")
    link = replace(verified(case), verified=False, by=LinkedBy.GUESS)
    what = understood(message, kind=M.SUPPLEMENT, link=link, people=People((JI,), (paper("photo", JI),)))
    decision = decide(situation(message, what, Candidates(by_number=(case,)), at), numbers())
    assert decision.cases == ()
    return case


def accept(case: Case, at: datetime, number: int) -> Case:
    return transition(case, State.ACCEPTED) if allowed(case.state, State.ACCEPTED) else case


EVENTS: tuple[Event, ...] = (good, bad, letter, clock, withdraw, stranger, accept)


@given(st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(1, 9)), max_size=8))
@settings(max_examples=40, deadline=None)
def test_whatever_happens_a_case_keeps_its_promises(events: list[tuple[Event, int]]) -> None:
    at = MONDAY
    case = received(None, FULL[:6], at, "m0", (HE,)).cases[0]
    for number, (event, days) in enumerate(events):
        at += timedelta(days=days)
        before, case = case, event(case, at, number)
        assert case.state is before.state or allowed(before.state, case.state)
        assert set(before.documents) <= set(case.documents), "nothing that came is lost"
        assert before.participants == case.participants
        assert [d.kind for d in case.deadlines] == sorted(
            {d.kind for d in case.deadlines}, key=list(DeadlineKind).index
        )
        assert case.state not in (State.REFUSED, State.WITHDRAWN, State.CLOSED), "a person decides that"
        if before.state not in MAIL_SIDE_OPEN:
            assert case.state is before.state
        assert case.first_received_at == MONDAY


def test_a_nameless_correction_goes_to_the_one_who_lacks_it() -> None:
    lacking = tuple(d for d in FULL if (d.kind, d.applicant) != ("signature", "a2"))
    case = received(None, lacking, MONDAY, "m0").cases[0]
    nameless = replace(paper("signature", JI), applicant=None)
    after = received(case, (nameless,), MONDAY + timedelta(days=1), "m1", ()).cases[0]
    assert after.state is State.COMPLETE
    assert [d.applicant for d in after.documents if d.message == "m1"] == ["a2"]


def test_a_nameless_paper_that_several_lack_stays_nobodys() -> None:
    lacking = tuple(d for d in FULL if d.kind != "signature")
    case = received(None, lacking, MONDAY, "m0").cases[0]
    nameless = replace(paper("signature", JI), applicant=None)
    after = received(case, (nameless,), MONDAY + timedelta(days=1), "m1", ()).cases[0]
    assert after.state is State.NEEDS_TRIAGE
    assert after.assessment is not None
    assert after.assessment.reasons == ("whose_document",)


def test_time_limits_are_counted_from_the_first_mail_for_papers_that_grow_old() -> None:
    case = received(None, FULL[:6], MONDAY, "m0", (HE,)).cases[0]
    late = replace(paper("no_criminal_record", HE), received_at=MONDAY)
    after = received(case, (late,), MONDAY + timedelta(days=200), "m1", (HE,)).cases[0]
    assert after.assessment is not None
    assert [d.outcome for d in after.assessment.documents if d.document.kind == "no_criminal_record"] == ["ok"]
    assert after.first_received_at.date() == date(2026, 11, 9)
