"""People are recognised again, contradictions are noted and nothing is overwritten."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.judgement import (
    COMPANY,
    HE,
    JI,
    MONDAY,
    RULES,
    case_of,
    intent,
    mail,
    paper,
    said,
    situation,
    understood,
    verified,
)

from mailintake.model.case import Applicant, Case
from mailintake.model.message import Address
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Intent, People
from mailintake.stages.decide.merge import merge

P = ProcedureKey
LATER = MONDAY + timedelta(days=1)


def merged(case: Case | None, *people: Applicant, kind: MessageClass = MessageClass.SUPPLEMENT, **more: Any) -> Case:
    message = mail("m2", **more)
    asked: tuple[Intent, ...] = () if case else (intent(P.NEW, "first_time"),)
    link = verified(case) if case else None
    what = understood(message, *asked, kind=kind, people=People(people, (), COMPANY), link=link)
    return merge(case, asked[0] if asked else None, situation(message, what, now=LATER))


@pytest.mark.parametrize(
    "again",
    [
        Applicant("a7", "贺知秋"),
        Applicant("a7", "", "", "EA1234561"),
        Applicant("a7", "", "HE ZHIQIU"),
        Applicant("a7", "ZHIQIU HE"),
        Applicant("a7", "", "", "EB7654321", old_passport_no="EA1234561"),
    ],
)
def test_a_person_is_recognised_by_name_number_or_pinyin(again: Applicant) -> None:
    case = merged(case_of(P.PASSPORT_CHANGE, people=(HE, JI)), again)
    assert [a.key for a in case.applicants] == ["a1", "a2"]
    assert case.applicants[0].name == "贺知秋"


@pytest.mark.parametrize(
    "other", [Applicant("a1", "宁采薇"), Applicant("a1", "", "NING CAIWEI"), Applicant("a1", "", "", "EA7777777")]
)
def test_somebody_else_gets_the_next_key(other: Applicant) -> None:
    assert [a.key for a in merged(case_of(P.NEW), other).applicants] == ["a1", "a2"]


def test_two_people_of_one_name_and_different_birthdays_stay_two() -> None:
    older = replace(HE, birth_date="1970-01-01")
    younger = Applicant("a1", HE.name, HE.name_pinyin, "EC1111111", birth_date="1995-05-05")
    assert len(merged(case_of(P.NEW, people=(older,)), younger).applicants) == 2


@pytest.mark.parametrize("day", ["1980-02-13", "1980-02-08", "1980-03-02"])
def test_a_birth_date_with_one_wrong_digit_is_one_person_with_a_contradiction(day: str) -> None:
    known = replace(HE, passport_no="", birth_date="1980-02-03")
    case = merged(case_of(P.NEW, people=(known,)), Applicant("a1", HE.name, birth_date=day))
    assert [a.birth_date for a in case.applicants] == ["1980-02-03"]
    assert case.applicants[0].conflicts == (f"birth_date: 1980-02-03 / {day}",)
    assert case.flags == ()


UNCLEAR = {
    "another passport": replace(HE, passport_no="EM9900112"),
    "another birth date": Applicant("a1", HE.name, birth_date="1995-05-05"),
    "a number under another name": Applicant("a1", "麻向晚", "", HE.passport_no),
}


@pytest.mark.parametrize("what", UNCLEAR)
def test_whoever_may_be_somebody_else_changes_nothing_and_staff_see_both(what: str) -> None:
    known = replace(HE, birth_date="1970-01-01")
    case = merged(case_of(P.NEW, people=(known,)), UNCLEAR[what])
    (person,) = case.applicants
    assert replace(person, conflicts=()) == known
    (seen,) = person.conflicts
    assert " / " in seen
    (flag,) = case.flags
    assert (flag.code, flag.applicant) == ("applicant.unclear", "a1")
    assert seen in flag.evidence


def test_papers_of_somebody_unclear_are_nobody_s() -> None:
    case = case_of(P.NEW, people=(HE, JI))
    unclear = replace(HE, key="a5", passport_no="EM9900112")
    message = mail("m2")
    people = People((unclear,), (paper("photo", unclear, mail="m2"),), COMPANY)
    what = understood(message, kind=MessageClass.SUPPLEMENT, people=people, link=verified(case))
    assert [d.applicant for d in merge(case, None, situation(message, what, now=LATER)).documents] == [None]


def test_a_corrected_name_under_one_number_takes_its_place() -> None:
    case = merged(case_of(P.NEW), replace(HE, name="贺之秋"), kind=MessageClass.CORRECTION)
    assert [a.name for a in case.applicants] == ["贺之秋"]
    assert case.applicants[0].conflicts == ("name: 贺知秋 / 贺之秋",)


def test_what_was_not_known_is_filled_in() -> None:
    case = merged(case_of(P.NEW, people=(Applicant("a1", "贺知秋"),)), replace(HE, birth_date="1980-02-03"))
    assert (case.applicants[0].passport_no, case.applicants[0].birth_date) == ("EA1234561", "1980-02-03")
    assert case.applicants[0].conflicts == ()


def test_two_numbers_for_one_person_are_a_conflict_and_the_first_stays() -> None:
    person = merged(case_of(P.NEW), replace(HE, passport_no="EA7654321")).applicants[0]
    assert person.passport_no == "EA1234561"
    assert person.conflicts == ("passport_no: EA1234561 / EA7654321",)


def test_a_correction_puts_the_new_value_in_place_and_keeps_the_note() -> None:
    case = merged(case_of(P.NEW), replace(HE, passport_no="EA7654321"), kind=MessageClass.CORRECTION)
    assert case.applicants[0].passport_no == "EA7654321"
    assert case.applicants[0].conflicts


def test_a_sure_reading_replaces_an_unsure_one_without_noise() -> None:
    unsure = replace(HE, passport_no="EA1234567", fields=(said("passport_no", "EA1234567", sure=False),))
    sure = replace(HE, fields=(said("passport_no", "EA1234561"),))
    for first, second in ((unsure, sure), (sure, unsure)):
        person = merged(case_of(P.NEW, people=(first,)), second).applicants[0]
        assert person.passport_no == "EA1234561"
        assert person.conflicts == ()


@pytest.mark.parametrize("procedure", [P.PASSPORT_CHANGE, P.REPLACE])
def test_where_the_passport_changes_two_numbers_are_the_old_and_the_new(procedure: P) -> None:
    person = merged(case_of(procedure), replace(HE, passport_no="EB7654321")).applicants[0]
    assert (person.old_passport_no, person.passport_no) == ("EA1234561", "EB7654321")
    assert person.conflicts == ()


def test_finance_is_remembered_wherever_it_stands() -> None:
    finance = Address("财务", RULES.office.finance_address)
    assert [f.name for f in merged(case_of(P.NEW), cc=(finance,)).fields] == ["sent_to_finance"]
    assert merged(case_of(P.NEW)).fields == ()


def test_only_the_sender_of_a_verified_mail_joins_the_participants() -> None:
    other = Address("外人", "x@elsewhere.example")
    case = case_of(P.NEW)
    message = mail("m2", sender=other)
    what = understood(message, link=replace(verified(case), verified=False))
    assert merge(case, None, situation(message, what, now=LATER)).participants == case.participants


def test_a_mail_merged_twice_changes_nothing() -> None:
    case = case_of(P.NEW)
    message = mail("m2")
    what = understood(message, people=People((HE,), (paper("photo", HE, mail="m2"),)), link=verified(case))
    once = merge(case, None, situation(message, what, now=LATER))
    assert merge(once, None, situation(message, what, now=LATER)) == once


def test_a_mail_that_was_fetched_late_does_not_move_the_first_day_forward() -> None:
    case = merged(case_of(P.NEW))
    assert case.first_received_at == MONDAY
    assert case.last_received_at == LATER


def test_a_new_case_without_an_intent_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="intent"):
        merge(None, None, situation(mail(), understood(mail())))
