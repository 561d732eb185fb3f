"""Truth tables: who is the same person, the same company, whom to trust, what is ours, over all combinations."""

from dataclasses import replace
from itertools import product

import pytest
from tests.support.judgement import RULES

from mailintake.model.case import Applicant
from mailintake.model.facts import Field
from mailintake.model.identity import (
    Answer,
    Trust,
    ours,
    recognise,
    same_company,
    same_name,
    same_person,
    same_spelling,
    trust,
)
from mailintake.model.message import AuthenticationResult
from mailintake.model.romanisation import romanises

WORDS = {"y": Answer.YES, "n": Answer.NO, "?": Answer.UNCLEAR}
SHAN = Applicant("a1", "单若溪", "SHAN RUOXI", "EK2040815", birth_date="1984-03-17")

NUMBERS = {
    "the same passport": {"passport_no": "EK2040815"},
    "the old passport is the known one": {"passport_no": "EM9900112", "old_passport_no": "EK2040815"},
    "no passport": {"passport_no": ""},
    "one character apart": {"passport_no": "EK2040875"},
    "another passport": {"passport_no": "EM9900112"},
}
NAMES = {
    "the same name": {"name": "单若溪", "name_pinyin": ""},
    "its spelling": {"name": "", "name_pinyin": "SHAN RUOXI"},
    "its other reading, given name first": {"name": "RUOXI DAN", "name_pinyin": ""},
    "one character apart": {"name": "单若汐", "name_pinyin": ""},
    "no name": {"name": "", "name_pinyin": ""},
    "another name": {"name": "麻向晚", "name_pinyin": ""},
    "another spelling": {"name": "", "name_pinyin": "MA XIANGWAN"},
}
BIRTHS = {
    "the same day": "1984-03-17",
    "one digit apart": "1984-03-11",
    "day and month exchanged": "1984-17-03",
    "no day": "",
    "another day": "1979-11-30",
}
# For each name the answers for the days in the order of BIRTHS.
EXPECTED = {
    "the same passport": ("yyyyy", "yyyy?", "yyyy?", "yyyy?", "yyyy?", "y????", "y????"),
    "the old passport is the known one": ("yyyyy", "yyyy?", "yyyy?", "yyyy?", "yyyy?", "y????", "y????"),
    "no passport": ("yyyy?", "y???n", "y???n", "???nn", "????n", "nnnnn", "nnnnn"),
    "one character apart": ("y??yn", "y???n", "y???n", "????n", "????n", "nnnnn", "nnnnn"),
    "another passport": ("y???n", "?nnnn", "?nnnn", "?nnnn", "?nnnn", "nnnnn", "nnnnn"),
}
ALL = list(product(NUMBERS, enumerate(NAMES), enumerate(BIRTHS)))


def other(numbers: str, name: str, birth: str) -> Applicant:
    """Somebody beside SHAN."""
    told = {**NUMBERS[numbers], **NAMES[name]}
    return replace(Applicant("b1", birth_date=BIRTHS[birth]), **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(("numbers", "name", "birth"), ALL, ids=lambda part: part if isinstance(part, str) else part[1])
def test_every_combination_of_numbers_names_and_birth_dates(
    numbers: str, name: tuple[int, str], birth: tuple[int, str]
) -> None:
    person = other(numbers, name[1], birth[1])
    expected = WORDS[EXPECTED[numbers][name[0]][birth[0]]]
    assert same_person(SHAN, person).answer is expected
    assert same_person(person, SHAN).answer is expected


def test_only_fitting_names_and_numbers_say_yes_while_anything_contradicts() -> None:
    """What is merged in spite of a contradiction shows it to staff."""
    for numbers, (_, name), (_, birth) in ALL:
        person = other(numbers, name, birth)
        same = same_person(SHAN, person)
        apart = {
            "passport_no": numbers in ("one character apart", "another passport"),
            "birth_date": birth not in ("the same day", "no day"),
            "name": name in ("one character apart", "another name", "another spelling"),
        }
        if same.answer is Answer.YES:
            assert {text.partition(":")[0] for text in same.differs} == {what for what, is_so in apart.items() if is_so}


@pytest.mark.parametrize(
    ("one", "two", "answer"),
    [
        (Applicant("a", "曾令仪"), Applicant("b", "", "ZENG LINGYI", birth_date=""), Answer.UNCLEAR),
        (Applicant("a", "曾令仪"), Applicant("b", "", "CENG LINGYI"), Answer.UNCLEAR),
        (Applicant("a", "", "ZENG LINGYI"), Applicant("b", "LINGYI ZENG"), Answer.UNCLEAR),
        (Applicant("a", "曾令仪"), Applicant("b", "", "ZENG LINGYU"), Answer.NO),
        (Applicant("a", "吕思宁", "LYU SINING", "EA1"), Applicant("b", "", "LV SINING", "EA1"), Answer.YES),
        (Applicant("a", "", "", "ea5550001"), Applicant("b", "", "", "EA5550001"), Answer.YES),
        (Applicant("a", "邬安然", card_no="CN90000001"), Applicant("b", "", "", card_no="CN90000001"), Answer.YES),
        (Applicant("a", "邬安然", card_no="CN90000001"), Applicant("b", "邬安然", card_no="CN90000002"), Answer.YES),
        (Applicant("a"), Applicant("b"), Answer.UNCLEAR),
    ],
)
def test_spellings_cards_and_bare_numbers(one: Applicant, two: Applicant, answer: Answer) -> None:
    assert same_person(one, two).answer is answer
    assert same_person(two, one).answer is answer


def test_what_was_read_unsurely_contradicts_nothing() -> None:
    def seen(name: str, text: str) -> tuple[Field, ...]:
        return (Field(name, text, source="ocr", sure=False),)

    number = Applicant("b", SHAN.name, "", "EM9900112", fields=seen("passport_no", "EM9900112"))
    day = Applicant("b", SHAN.name, birth_date="1979-11-30", fields=seen("birth_date", "1979-11-30"))
    assert same_person(SHAN, number).answer is Answer.YES
    assert same_person(SHAN, day).answer is Answer.YES


# ------------------------------------------------------------------------------------------- one of several people

YIN = Applicant("a2", "尹知遥", "YIN ZHIYAO", "EK2040816")
NAMESAKES = (Applicant("a1", "尹知遥", "", "EK1"), Applicant("a2", "尹知遥", "", "EK2"))


def test_among_the_people_of_a_case_a_spelling_that_one_has_is_enough() -> None:
    found = recognise(Applicant("b", "", "YIN ZHIYAO"), (SHAN, YIN))
    assert (found.answer, found.place) == (Answer.YES, 1)


def test_a_spelling_that_two_have_is_unclear() -> None:
    again = Applicant("a3", "殷芷瑶")
    assert recognise(Applicant("b", "", "YIN ZHIYAO"), (SHAN, YIN, again)).answer is Answer.UNCLEAR


def test_namesakes_are_told_apart_by_number_and_never_by_order() -> None:
    assert recognise(Applicant("b", "尹知遥", "", "EK2"), NAMESAKES).place == 1
    assert recognise(Applicant("b", "尹知遥"), NAMESAKES).answer is Answer.UNCLEAR


def test_another_passport_under_one_name_is_unclear_unless_the_matter_is_the_passport() -> None:
    changed = Applicant("b", "尹知遥", "", "EN7654001")
    assert recognise(changed, (SHAN, YIN)).answer is Answer.UNCLEAR
    assert recognise(changed, (SHAN, YIN), numbers_change=True).place == 1


def test_nobody_alike_is_somebody_new() -> None:
    found = recognise(Applicant("b", "麻向晚", "", "EK7777777"), (SHAN, YIN))
    assert (found.answer, found.place) == (Answer.NO, None)


# ------------------------------------------------------------------------------------------------- names, companies


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("ZHANG SAN", "San Zhang", True),
        ("ZHANG XIAO MING", "ZHANG XIAOMING", True),
        ("LYU RONG", "LV RONG", True),
        ("LYU RONG", "LÜ RONG", True),
        ("NYU ER", "NV ER", True),
        ("LU YUE", "LYU YUE", True),
        ("ZHANG SAN", "ZHANG SI", False),
        ("", "ZHANG SAN", False),
    ],
)
def test_pinyin_is_compared_without_its_accidents(one: str, two: str, *, same: bool) -> None:
    assert same_spelling(one, two) is same


def test_chinese_names_are_compared_without_blanks() -> None:
    assert same_name("张　三", "张三")
    assert not same_name("张三", "张四")


@pytest.mark.parametrize(
    ("one", "two", "answer"),
    [
        ("沈阳晴川机械有限公司", "沈阳晴川机械有限公司", "y"),
        ("沈阳晴川机械有限公司", "晴川机械", "y"),
        ("辽宁沈阳晴川机械有限公司", "沈阳晴川机械有限公司", "y"),
        ("沈阳晴川机械有限公司（盖章）", "沈阳晴川机械有限公司", "y"),
        ("沈阳晴川机械（集团）有限公司", "沈阳晴川机械集团有限公司", "y"),
        ("沈阳晴川机械有限责任公司", "沈阳晴川机械", "y"),
        ("沈阳晴川机械设备有限公司", "沈阳晴川机械有限公司", "?"),
        ("沈阳晴川机械有限公司", "Shenyang Qingchuan Machinery Co., Ltd.", "?"),
        ("沈阳晴川机械有限公司", "", "?"),
        ("", "", "?"),
        ("沈阳晴川机械有限公司", "大连听涛贸易有限公司", "n"),
        ("沈阳晴川机械有限公司", "晴川", "n"),
        ("Qingchuan Machinery Co., Ltd.", "QINGCHUAN MACHINERY CO LTD", "y"),
        ("Qingchuan Machinery Co., Ltd.", "Tingtao Trading Co., Ltd.", "n"),
    ],
)
def test_a_company_under_two_names(one: str, two: str, answer: str) -> None:
    assert same_company(one, two).answer is WORDS[answer]
    assert same_company(two, one).answer is WORDS[answer]


# --------------------------------------------------------------------------------------------------- trust and ours

OUTCOMES = (
    "pass",
    "neutral",
    "none",
    "softfail",
    "fail",
    "hardfail",
    "temperror",
    "permerror",
    "policy",
    "unknown",
)
REFUSED = ("fail", "hardfail")


@pytest.mark.parametrize("aligned", [True, False, None])
@pytest.mark.parametrize("dkim", OUTCOMES)
@pytest.mark.parametrize("spf", OUTCOMES)
def test_every_combination_of_spf_dkim_and_alignment(spf: str, dkim: str, *, aligned: bool | None) -> None:
    if "pass" in (spf, dkim) and aligned:
        expected = Trust.VERIFIED
    elif spf in REFUSED or dkim in REFUSED or ("pass" in (spf, dkim) and aligned is False):
        expected = Trust.FORGED
    else:
        expected = Trust.UNKNOWN
    found = trust(AuthenticationResult(spf, dkim, aligned))
    assert found.answer is expected
    assert f"spf={spf} dkim={dkim}" in found.why


def test_ours_are_the_addresses_of_the_office_and_of_the_installation() -> None:
    office = replace(RULES.office, own_addresses=("Archive@office.example",))
    rules = replace(RULES, office=office, logins=frozenset({"robot@office.example"}))
    mine = (office.intake_address.upper(), office.finance_address, "archive@office.example", "robot@office.example")
    assert all(ours(address, rules) for address in mine)
    assert not ours("somebody@office.example", rules)


@pytest.mark.parametrize(("spelt", "same"), [("WULIHAN WULIHAN", True), ("WULIHAN", True), ("WULIHAN WULI", False)])
def test_a_single_name_stands_twice_in_the_passport(spelt: str, same: bool) -> None:
    assert bool(romanises("乌力罕", spelt)) is same
