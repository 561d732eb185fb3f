"""Reminders and the lapse: once each, on working days, and never a refusal."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.support.judgement import HE, MONDAY, RULES, SENDER, case_of, full_papers

from mailintake.model.assessment import Flag
from mailintake.model.case import OFFICE_STEPS, Case, State
from mailintake.model.letter import LetterKind, LetterPolicy, Mode
from mailintake.model.procedure import ProcedureKey
from mailintake.model.series import Series
from mailintake.model.understanding import Decision
from mailintake.model.zone import SHANGHAI, local_day
from mailintake.stages.assess.assess import assess
from mailintake.stages.deadline import on_sent
from mailintake.stages.decide.judging import judge
from mailintake.stages.decide.remind import due, look_on

P, L = ProcedureKey, LetterKind
POLICY = LetterPolicy()


def waiting(since: datetime = MONDAY) -> Case:
    """A new application that lacks its signature; the letter went out on 9 November, the last day is the 23rd."""
    made = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    case = case_of(P.NEW, documents=tuple(d for d in made if d.kind != "signature"), state=State.AWAITING_CORRECTION)
    case = replace(case, assessment=assess(case, RULES, local_day(MONDAY)))
    return on_sent(case, L.TOLERATED, since, RULES)


def on(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"2026-{day}").replace(hour=hour, tzinfo=SHANGHAI)


def at(case: Case, *moments: datetime, policy: LetterPolicy = POLICY) -> list[tuple[str, Decision]]:
    """Run the reminders at these moments, each on the case as the one before left it."""
    done = []
    for moment in moments:
        for decision in due([case], RULES, policy, moment):
            case = decision.cases[0]
            done.append((f"{moment:%m-%d}", decision))
    return done


def shown(done: list[tuple[str, Decision]]) -> list[tuple[str, list[tuple[str, int | None]]]]:
    return [(day, [(o.letter.value, o.days_left) for o in decision.letters]) for day, decision in done]


EVERY_DAY = [on("11-09") + timedelta(days=n) for n in range(25)]


def test_the_story_of_a_period_that_nobody_answers() -> None:
    done = at(waiting(), *EVERY_DAY)
    assert shown(done) == [
        ("11-16", [("reminder", 5)]),
        ("11-19", [("reminder", 2)]),
        ("11-23", [("reminder", 0)]),
        ("11-24", [("overdue", None)]),
    ]
    last = done[-1][1]
    assert last.cases[0].state is State.CORRECTION_OVERDUE
    assert [n.code for n in last.notices] == ["correction.overdue"]
    assert all(o.to == (SENDER.addr,) for _, d in done for o in d.letters)


def test_asking_every_hour_sends_nothing_twice() -> None:
    hours = [on("11-16", hour) for hour in range(24)] + [on("11-17", hour) for hour in range(24)]
    assert shown(at(waiting(), *hours)) == [("11-16", [("reminder", 5)])]


@pytest.mark.parametrize("hour", [0, 3, 7, 20, 23])
def test_nobody_is_reminded_at_night(hour: int) -> None:
    assert due([waiting()], RULES, POLICY, on("11-16", hour)) == ()


def test_nobody_is_reminded_on_a_day_off() -> None:
    assert due([waiting()], RULES, POLICY, on("11-21")) == ()


def test_after_a_standstill_only_the_latest_reminder_is_sent() -> None:
    assert shown(at(waiting(), on("11-20"), on("11-23"))) == [
        ("11-20", [("reminder", 1)]),
        ("11-23", [("reminder", 0)]),
    ]


def test_after_a_long_standstill_the_case_lapses_without_late_reminders() -> None:
    assert shown(at(waiting(), on("12-07"))) == [("12-07", [("overdue", None)])]


@pytest.mark.parametrize(
    ("mode", "written"), [(Mode.APPROVE, True), (Mode.DRAFT, True), (Mode.AUTO, False), (Mode.OFF, False)]
)
def test_the_letter_of_a_lapse_is_written_only_where_a_person_sees_it_first(mode: Mode, written: bool) -> None:
    decision = at(waiting(), on("11-24"), policy=LetterPolicy(modes={L.OVERDUE: mode}))[0][1]
    assert bool(decision.letters) is written
    assert decision.cases[0].state is State.CORRECTION_OVERDUE
    assert decision.notices


def test_a_lapse_is_told_once() -> None:
    assert len(at(waiting(), on("11-24"), on("11-25"), on("12-25"))) == 1


def test_without_a_sent_letter_nothing_is_due() -> None:
    case = replace(waiting(), deadlines=())
    assert at(case, *EVERY_DAY) == []


@pytest.mark.parametrize("state", [s for s in State if s not in (State.AWAITING_CORRECTION, *OFFICE_STEPS)])
def test_only_a_case_that_awaits_corrections_is_reminded(state: State) -> None:
    assert at(replace(waiting(), state=state), *EVERY_DAY) == []


@pytest.mark.parametrize("state", [State.ACCEPTED, State.PROVINCE_REVIEWING])
def test_a_case_accepted_with_gaps_keeps_its_reminders_and_is_told_overdue_once(state: State) -> None:
    done = at(replace(waiting(), state=state), *EVERY_DAY)
    assert [letter for _, letters in shown(done) for letter, _ in letters] == ["reminder"] * 3
    assert [n.code for _, d in done for n in d.notices] == ["correction.overdue"]
    assert {d.cases[0].state for _, d in done} == {state}


def test_a_case_that_somebody_wants_to_withdraw_is_left_in_peace() -> None:
    case = replace(waiting(), flags=(Flag("withdrawal.requested", "m9"),))
    assert at(case, *EVERY_DAY) == []


def test_the_office_chooses_its_own_days() -> None:
    done = at(waiting(), *EVERY_DAY, policy=LetterPolicy(reminder_days_left=(3,)))
    assert shown(done)[0] == ("11-18", [("reminder", 3)])
    assert len(done) == 2


# ------------------------------------------------------------------------------- an application in several mails


def first_of_three() -> Case:
    """Came on Monday, 9 November, without its signature; two more mails are announced."""
    made = full_papers((HE,), RULES.procedure(P.NEW).variant("first_time").email)
    case = case_of(P.NEW, documents=tuple(d for d in made if d.kind != "signature"))
    return judge(replace(case, series=Series(3, (1,))), RULES, MONDAY)


def test_the_answer_to_the_first_part_waits_until_the_full_notice_is_due() -> None:
    case = first_of_three()
    assert case.state is State.RECEIVED
    assert due([case], RULES, POLICY, on("11-09", 16)) == ()
    done = at(case, *EVERY_DAY)
    assert shown(done)[0] == ("11-10", [("tolerated", None)])
    after = done[0][1].cases[0]
    assert after.state is State.AWAITING_CORRECTION
    assert not after.awaits_parts
    assert len(done) == 1


def test_a_last_part_in_time_leaves_nothing_to_wait_for() -> None:
    case = replace(first_of_three(), series=Series(3, (1, 2, 3), over=True))
    assert due([case], RULES, POLICY, on("11-10")) == ()


# ------------------------------------------------------------------------------------------ when to look again


@pytest.mark.parametrize("case", [waiting(), first_of_three()], ids=["period", "parts"])
def test_the_day_to_look_on_is_the_first_on_which_something_is_due(case: Case) -> None:
    for moment in EVERY_DAY:
        day = look_on(case, RULES, POLICY)
        found = due([case], RULES, POLICY, moment)
        assert not found or (day is not None and day <= moment.date())
        if day == moment.date() and RULES.calendar.is_working_day(day):
            assert found
        case = found[0].cases[0] if found else case


def test_a_case_with_nothing_to_wait_for_need_not_be_looked_at() -> None:
    assert look_on(case_of(P.NEW, state=State.COMPLETE), RULES, POLICY) is None
