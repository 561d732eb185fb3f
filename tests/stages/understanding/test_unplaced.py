"""Numbers and days that no sentence gives to anybody: given to whom alone they can belong to, else kept for staff."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.case import Applicant
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import People
from mailintake.stages.words.text_facts import LOOSE


def read(text: str, rules: RuleSet, *files: str) -> People:
    return people_of(letter("注销", text, files), rules, {})


def only(people: People) -> Applicant:
    (person,) = people.applicants
    return person


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("陶雨生离职，卡CHN20000031，27.3.20，申请注销。", "2027-03-20"),
        ("陶雨生离职，申请注销，卡CHN20000031，这卡到27年3月20号。", "2027-03-20"),
        ("陶雨生离职，申请注销，Card: CHN 2000 0031，EXP 20/03/2027。", "2027-03-20"),
        ("陶雨生离职，申请注销，卡号CHN20000031，明年3月20日到期。", "2027-03-20"),
        ("请注销陶雨生的卡。Card: CHN20000031. Passport: G45476170. Expiry: 20 March 2027.", "2027-03-20"),
        ("陶雨生离职，申请注销，卡号CHN20000031，有效期至03/20/2027。", "2027-03-20"),
    ],
)
def test_a_day_is_read_however_short_it_is_written(text: str, day: str, rules: RuleSet) -> None:
    assert only(read(text, rules)).card_expiry == day


def test_one_day_for_all_cards_is_everybodys(rules: RuleSet) -> None:
    text = "陶雨生、庄晓禾离职，申请注销。\n卡号 CHN20000031 CHN20000032\n两张卡均于2027年3月20日到期。"
    assert [a.card_expiry for a in read(text, rules).applicants] == ["2027-03-20", "2027-03-20"]


def test_the_name_of_a_file_may_hold_the_numbers(rules: RuleSet) -> None:
    name = "陶雨生注销请示（护照EK5500111 卡号CHN20000031 有效期20270320）.pdf"
    person = only(read("陶雨生离职，申请注销，信息见文件名。", rules, name))
    assert (person.passport_no, person.card_no, person.card_expiry) == ("EK5500111", "CHN20000031", "2027-03-20")


@pytest.mark.parametrize("day", ["2027年3月", "03/04/2027"])
def test_a_day_that_can_be_read_in_two_ways_is_kept_for_staff(day: str, rules: RuleSet) -> None:
    found = read(f"陶雨生离职，申请注销，卡号CHN20000031，有效期{day}。", rules)
    assert only(found).card_expiry == ""
    assert [(f.value, f.text) for f in found.fields if f.name == LOOSE] == [("card_expiry", day)]


def test_a_time_limit_is_no_validity(rules: RuleSet) -> None:
    found = read("陶雨生离职，申请注销，卡号CHN20000031，请于2026年12月30日前办完。", rules)
    assert [f for f in found.fields if f.name == LOOSE] == []


@pytest.mark.parametrize(
    "text",
    [
        "目前还差两个国家没批，下月9日要去秘鲁签合同，陶雨生的卡想先把卡做出来。",
        "陶雨生的卡申请提前制卡，客户那边的展会等不及了。",
    ],
)
def test_a_journey_or_haste_is_the_reason_for_an_early_card(text: str, rules: RuleSet) -> None:
    assert [f.name for f in read(text, rules).fields if f.name == "reason"] == ["reason"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("我司陶雨生10月离职，申请注销其卡CHN20000031。接替他工作的是庄晓禾，后续再给她申请。", ["陶雨生"]),
        ("陶雨生离职，申请注销其卡CHN20000031，庄晓禾的卡另行申请。", ["陶雨生"]),
        ("附件为我公司陶雨生、古丽米热两人APEC费用回单，申请新办。", ["陶雨生", "古丽米热"]),
        ("复姓司徒哈娜，不要写成司哈娜，护照EK5500222，新办。", ["司徒哈娜"]),
        ("我公司业务经理宝音其其格申请新办商务旅行卡，护照号EK5500333。", ["宝音其其格"]),
        ("哈斯木今年2月提前制的卡，现在申请换卡，护照号EK5500333。", ["哈斯木"]),
        ("乌云嘎去年12月新办的卡也丢了，补办，卡号CHN20000031。", ["乌云嘎"]),
    ],
)
def test_who_comes_later_or_is_only_a_slip_of_the_pen_does_not_apply(
    text: str, names: list[str], rules: RuleSet
) -> None:
    assert [a.name for a in read(text, rules).applicants] == names
