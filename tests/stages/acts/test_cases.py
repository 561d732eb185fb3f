"""What staff do to a case."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from tests.support.acts import (
    AUDITOR,
    CLERK,
    OPERATOR,
    OTHER,
    PEOPLE,
    STAFF,
    TUESDAY,
    around,
    code,
    done,
    entry,
    in_state,
    judged_case,
    signed,
)
from tests.support.judgement import HE, JI, MONDAY, RULES

from mailintake.model.act import (
    Accept,
    AcceptWithGaps,
    Assign,
    Close,
    Extend,
    Merge,
    Note,
    PutBack,
    Read,
    Refuse,
    Relate,
    SetCity,
    SetCompany,
    SetProcedure,
    Split,
    Step,
    Withdraw,
)
from mailintake.model.case import Case, Deadline, DeadlineKind, Event, Pause, State
from mailintake.model.letter import LetterKind, OutboxState
from mailintake.model.procedure import ProcedureKey
from mailintake.model.zone import SHANGHAI
from mailintake.stages.acts.cases import on_case
from mailintake.stages.acts.frame import stale, who_may
from mailintake.stages.assess.open_items import open_items
from mailintake.stages.deadline import deadlines_for, on_sent, running
from mailintake.stages.decide.judging import judge

P, L = ProcedureKey, LetterKind
FRIDAY = MONDAY + timedelta(days=4)


def limit(case: Case) -> Deadline:
    return next(d for d in case.deadlines if d.kind is DeadlineKind.TIME_LIMIT)


def told(case: Case, letter: LetterKind = L.TOLERATED) -> Case:
    """The case after that letter went out on Monday."""
    return on_sent(case, letter, MONDAY, RULES)


def test_the_time_limit_runs_from_acceptance() -> None:
    accepted = done(on_case(judged_case(), Accept(), signed(Accept(), at=FRIDAY), around(now=FRIDAY))).cases[0]
    assert accepted.state is State.ACCEPTED
    assert (limit(accepted).since, limit(accepted).due) == (date(2026, 11, 13), date(2026, 11, 27))


def test_what_lacks_keeps_a_case_from_being_accepted_and_the_refusal_says_what_to_do() -> None:
    assert code(on_case(judged_case("photo"), Accept(), signed(Accept()), around())) == "case.gaps"
    assert code(on_case(judged_case("company_profile"), Accept(), signed(Accept()), around())) == "case.incomplete"


def test_accepting_with_gaps_keeps_the_ten_days_and_lets_the_time_limit_run() -> None:
    case = told(judged_case("photo"))
    accepted = done(on_case(case, AcceptWithGaps(), signed(AcceptWithGaps()), around())).cases[0]
    period = running(accepted, DeadlineKind.CORRECTION)
    assert period is not None
    assert period.due == date(2026, 11, 23)
    assert running(accepted, DeadlineKind.TIME_LIMIT) is not None
    later = judge(accepted, RULES, FRIDAY)
    assert running(later, DeadlineKind.CORRECTION) == period


def test_only_what_the_guide_lets_follow_may_be_a_gap() -> None:
    for lacking, why in ((("company_profile",), "case.not_tolerable"), ((), "case.no_gaps")):
        assert code(on_case(judged_case(*lacking), AcceptWithGaps(), signed(AcceptWithGaps()), around())) == why


def test_an_applicant_who_was_told_nothing_yet_hears_of_the_gaps() -> None:
    made = done(on_case(judged_case("photo"), AcceptWithGaps(), signed(AcceptWithGaps()), around()))
    assert [o.letter for o in made.letters] == [L.TOLERATED]
    waiting = around(letters=(entry(letter=L.TOLERATED),))
    assert not done(on_case(judged_case("photo"), AcceptWithGaps(), signed(AcceptWithGaps()), waiting)).letters


def test_the_clock_stands_while_what_cannot_wait_is_awaited_and_every_pause_is_kept() -> None:
    case = done(on_case(judged_case(), Accept(), signed(Accept()), around())).cases[0]
    lacking = replace(case, documents=tuple(d for d in case.documents if d.kind != "company_profile"))
    stopped = judge(lacking, RULES, datetime(2026, 11, 12, 10, tzinfo=SHANGHAI))
    assert limit(stopped).paused_on == date(2026, 11, 12)
    again = judge(replace(stopped, documents=case.documents), RULES, datetime(2026, 11, 18, 10, tzinfo=SHANGHAI))
    assert limit(again).pauses == (Pause(date(2026, 11, 12), date(2026, 11, 18)),)
    assert (limit(again).begun, limit(again).days) == (date(2026, 11, 10), 8)


def test_the_limit_is_met_when_the_province_has_approved_and_counts_again_when_that_is_taken_back() -> None:
    case = done(on_case(judged_case(), Accept(), signed(Accept()), around())).cases[0]
    approved = done(on_case(case, Step(State.PROVINCE_APPROVED), signed(Accept()), around())).cases[0]
    assert limit(approved).met
    back = done(on_case(approved, Step(State.PROVINCE_REVIEWING), signed(Accept()), around())).cases[0]
    assert not limit(back).met


def test_the_office_goes_back_one_step_and_no_further() -> None:
    assert code(on_case(in_state(State.AT_MFA), Step(State.CITY_REVIEWED), signed(Accept()), around())) == "case.state"


def test_a_refusal_needs_two_people_and_its_letter_waits() -> None:
    act = Refuse("1.1(2)")
    proposed = done(on_case(judged_case(), act, signed(act, reason="无往来需要"), around()))
    assert (proposed.cases[0].state, proposed.waits_for) == (State.COMPLETE, "second_person")
    assert not proposed.letters
    same = on_case(proposed.cases[0], act, signed(act, reason="x"), around())
    assert code(same) == "case.second_person"
    made = done(on_case(proposed.cases[0], Refuse(), signed(act, by=OTHER.name, reason="同意"), around()))
    assert made.cases[0].state is State.REFUSED
    assert [(o.letter, o.text) for o in made.letters] == [(L.RESULT, "1.1(2)\n无往来需要")]
    assert made.for_approval


def test_a_case_that_ends_takes_its_waiting_letters_back() -> None:
    letters = (entry(1), entry(2, OutboxState.READY), entry(3, OutboxState.SENT), entry(4, letter=L.RESULT))
    made = done(on_case(told(judged_case("photo")), Withdraw(), signed(Withdraw()), around(letters=letters)))
    assert [(m.entry, m.after) for m in made.moves] == [(1, OutboxState.SUPERSEDED), (2, OutboxState.SUPERSEDED)]
    assert all(d.met for d in made.cases[0].deadlines)


def test_a_case_that_is_put_back_is_judged_anew() -> None:
    case = in_state(State.PROVINCE_REVIEWING, "company_profile")
    assert done(on_case(case, PutBack(), signed(PutBack()), around())).cases[0].state is State.AWAITING_CORRECTION


def test_a_wrong_procedure_is_put_right_with_its_list_its_limit_and_its_letter() -> None:
    act = SetProcedure(P.CANCEL)
    case = judged_case()
    made = done(on_case(case, act, signed(act), around()))
    (right,) = made.cases
    assert (right.procedure, right.sure) == (P.CANCEL, True)
    assert {i.kind for i in open_items(right, RULES)} != {i.kind for i in open_items(case, RULES)}
    assert right.taken_for == {P.NEW, P.CANCEL}
    assert made.letters
    assert code(on_case(right, act, signed(act), around())) == "case.same"
    assert code(on_case(case, SetProcedure(P.NEW, "never"), signed(act), around())) == "variant.unknown"


def test_company_and_city_are_set_and_a_city_is_one_of_the_guide() -> None:
    named = done(on_case(judged_case(), SetCompany(" 鞍山 远图科技有限公司 "), signed(Accept()), around())).cases[0]
    assert named.company == "鞍山 远图科技有限公司"
    city = RULES.office.cities[0].city
    assert done(on_case(judged_case(), SetCity(city), signed(Accept()), around())).cases[0].city == city
    assert code(on_case(judged_case(), SetCity("无此城市"), signed(Accept()), around())) == "city.unknown"


def test_splitting_parts_people_and_their_papers_and_loses_nothing() -> None:
    case = judged_case(people=PEOPLE)
    made = done(on_case(case, Split((JI.name,)), signed(Accept()), around()))
    left, parted = made.cases
    assert [a.name for a in left.applicants] == [HE.name]
    assert [(a.key, a.name) for a in parted.applicants] == [("a1", JI.name)]
    assert {d.sha256 for d in (*left.documents, *parted.documents)} == {d.sha256 for d in case.documents}
    assert {d.applicant for d in parted.documents} == {"a1", None}
    assert parted.number in left.related
    assert left.number in parted.related
    assert code(on_case(case, Split((HE.name, JI.name)), signed(Accept()), around())) == "split.all"
    assert code(on_case(case, Split(("无此人",)), signed(Accept()), around())) == "person.unknown"


def test_what_was_split_can_be_merged_again() -> None:
    case = judged_case(people=PEOPLE)
    left, parted = done(on_case(case, Split((JI.name,)), signed(Accept()), around())).cases
    whole, gone = done(on_case(left, Merge(parted.number), signed(Accept()), around(parted))).cases
    assert {a.name for a in whole.applicants} == {HE.name, JI.name}
    assert {(d.sha256, d.applicant) for d in whole.documents} == {(d.sha256, d.applicant) for d in case.documents}
    assert gone.state is State.DUPLICATE


def test_cases_of_two_procedures_are_not_one() -> None:
    other = replace(judged_case(procedure=P.CANCEL), number="LN-2026-000002-2")
    assert code(on_case(judged_case(), Merge(other.number), signed(Accept()), around(other))) == "merge.procedure"
    one, two = done(on_case(judged_case(), Relate(other.number), signed(Accept()), around(other))).cases
    assert (one.related, two.related) == ((two.number,), (one.number,))


def test_a_deadline_is_extended_to_a_later_working_day_only() -> None:
    case = told(judged_case("company_profile"), L.CORRECTION)
    good = Extend(DeadlineKind.CORRECTION, date(2026, 11, 30))
    later = done(on_case(case, good, signed(good, reason="法定代表人出国"), around())).cases[0]
    period = running(later, DeadlineKind.CORRECTION)
    assert period is not None
    assert (period.due, period.extended_from) == (date(2026, 11, 30), date(2026, 11, 23))
    for day in (date(2026, 11, 20), date(2026, 11, 28)):
        act = Extend(DeadlineKind.CORRECTION, day)
        assert code(on_case(case, act, signed(act, reason="x"), around())) == "deadline.day"


def test_an_extended_period_brings_an_overdue_case_back() -> None:
    case = replace(told(judged_case("company_profile"), L.CORRECTION), state=State.CORRECTION_OVERDUE)
    act = Extend(DeadlineKind.CORRECTION, date(2026, 12, 1))
    now = datetime(2026, 11, 25, 10, tzinfo=SHANGHAI)
    later = done(on_case(case, act, signed(act, reason="x", at=now), around(now=now))).cases[0]
    assert later.state is State.AWAITING_CORRECTION
    assert deadlines_for(later, RULES, now) == later.deadlines


def test_notes_and_lines_change_nothing_in_the_case() -> None:
    case = judged_case()
    note = done(on_case(case, Note("已电话说明"), signed(Accept()), around()))
    assert (note.cases, note.text) == ((case,), "已电话说明")
    assert done(on_case(case, Read(), signed(Read()), around())).settled[0].case == case.number
    assert code(on_case(case, Assign("无此人"), signed(Accept()), around())) == "by.unknown"
    assert done(on_case(case, Assign(OTHER.name), signed(Accept()), around())).cases[0].assigned == OTHER.name


@pytest.mark.parametrize(
    ("by", "why"), [("没人", "by.unknown"), (AUDITOR.name, "by.role"), (OPERATOR.name, "by.role"), (CLERK.name, "")]
)
def test_only_known_clerks_and_heads_act(by: str, why: str) -> None:
    answer = who_may(signed(Close(), by=by), STAFF)
    assert (answer.code if answer else "") == why


def test_some_acts_need_a_reason() -> None:
    missing = who_may(signed(Refuse(), reason=" "), STAFF)
    assert missing is not None
    assert missing.code == "reason.missing"


def test_the_later_of_two_clerks_is_told_what_the_first_one_did() -> None:
    case = replace(judged_case(), revision=4)
    said = (("act", "accept"), ("after", "4"))
    events = (Event(TUESDAY, "staff:赵敏", "act.accept", case.number, data=said),)
    answer = stale(case, signed(Close(), revision=3), events)
    assert answer is not None
    assert "accept" in dict(answer.values)["changed"]
    assert stale(case, signed(Close(), revision=4), events) is None
    assert stale(case, signed(Close()), events) is None
