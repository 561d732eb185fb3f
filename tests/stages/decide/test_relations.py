"""One person, many cases: flagged on both, related where they are the life of one card."""

from dataclasses import replace

import pytest
from tests.support.judgement import (
    COMPANY,
    HE,
    JI,
    RULES,
    case_of,
    intent,
    mail,
    numbers,
    situation,
    understood,
)

from mailintake.model.case import Applicant, Case, State
from mailintake.model.procedure import ProcedureKey
from mailintake.model.understanding import Candidates, Decision, People
from mailintake.stages.decide.decide import decide

P = ProcedureKey
OTHER_COMPANY = "大连听涛贸易有限公司"
NUMBER = "LN-2026-000901-1"


def opened(
    procedure: P, known: Case, *, person: Applicant = HE, company: str = COMPANY, variant: str = ""
) -> tuple[Case, Decision]:
    """The case that an application opens while `known` is in the database."""
    message = mail()
    asked = intent(procedure, variant or RULES.procedure(procedure).variant("").id)
    what = understood(message, asked, people=People((person,), (), company))
    decision = decide(situation(message, what, Candidates(by_person=(known,))), numbers())
    return decision.cases[0], decision


def flags(case: Case) -> list[tuple[str, str]]:
    return [(f.code, f.evidence) for f in case.flags if f.code.startswith(("duplicate", "person."))]


@pytest.mark.parametrize(
    ("mine", "theirs", "code"),
    [
        (P.RENEW, P.RENEW, "duplicate.person"),
        (P.CANCEL, P.RENEW, "person.contradiction"),
        (P.RENEW, P.CANCEL, "person.contradiction"),
        (P.CANCEL, P.EARLY_ISSUE, "person.contradiction"),
        (P.NEW, P.RENEW, "person.contradiction"),
        (P.REPLACE, P.PASSPORT_CHANGE, "person.contradiction"),
    ],
)
def test_what_excludes_each_other_is_flagged_on_both(mine: P, theirs: P, code: str) -> None:
    known = case_of(theirs, number=NUMBER, state=State.AWAITING_CORRECTION)
    case, decision = opened(mine, known)
    assert flags(case) == [(code, NUMBER)]
    (noted,) = decision.noted
    assert flags(noted) == [(code, case.number)]
    told = {n.case for n in decision.notices if n.code == code}
    assert told == {case.number, NUMBER}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [(P.PASSPORT_CHANGE, P.NEW), (P.EARLY_ISSUE, P.NEW), (P.EARLY_ISSUE, P.RENEW), (P.CANCEL, P.NEW)],
)
def test_the_next_step_of_a_card_s_life_is_related_and_no_flag(mine: P, theirs: P) -> None:
    known = case_of(theirs, number=NUMBER, state=State.ACCEPTED)
    case, decision = opened(mine, known)
    assert flags(case) == []
    assert case.related == (NUMBER,)
    assert [c.related for c in decision.noted] == [(case.number,)]


def test_a_closed_case_is_named_and_stays_as_it_is() -> None:
    known = case_of(P.NEW, number=NUMBER, state=State.CLOSED)
    case, decision = opened(P.RENEW, known)
    assert (flags(case), case.related, decision.noted) == ([], (NUMBER,), ())


def test_one_person_in_two_companies_is_flagged_on_both() -> None:
    known = replace(case_of(P.NEW, number=NUMBER, state=State.COMPLETE), company=OTHER_COMPANY)
    case, decision = opened(P.NEW, known)
    assert flags(case) == [("duplicate.person", NUMBER), ("person.two_companies", f"{NUMBER} {OTHER_COMPANY}")]
    assert [code for code, _ in flags(decision.noted[0])] == ["duplicate.person", "person.two_companies"]


def test_a_namesake_in_another_company_is_nobody() -> None:
    namesake = replace(JI, name=HE.name, name_pinyin="")
    known = replace(case_of(P.NEW, people=(namesake,), number=NUMBER, state=State.COMPLETE), company=OTHER_COMPANY)
    case, decision = opened(P.NEW, known)
    assert (flags(case), case.related, decision.noted) == ([], (), ())


def test_another_passport_in_the_same_company_is_shown_with_both_numbers() -> None:
    known = case_of(P.NEW, people=(replace(HE, passport_no="EM9900112"),), number=NUMBER, state=State.COMPLETE)
    case, _ = opened(P.NEW, known)
    assert flags(case) == [("duplicate.person", f"{NUMBER} passport_no: EM9900112 / {HE.passport_no}")]


def test_the_cancellation_that_goes_with_a_lost_card_contradicts_nothing() -> None:
    message = mail()
    what = understood(message, intent(P.REPLACE, "lost"), people=People((HE,), (), COMPANY))
    cases = decide(situation(message, what), numbers()).cases
    assert [case.procedure for case in cases] == [P.REPLACE, P.CANCEL]
    assert [flags(case) for case in cases] == [[], []]
