"""When a card ends, told as people tell it: the day without its year, from today, in a range, to the month, roughly."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.facts import TOLD_UNTIL
from mailintake.model.rules import RuleSet


def fields(text: str, rules: RuleSet, files: tuple[str, ...] = (), **changes: str) -> dict[str, str]:
    """What is read of the one applicant in a mail of 2 November 2026."""
    (person,) = people_of(letter("APEC卡", text, files, **changes), rules).applicants
    assert person.name == "丁一鸣"
    return {field.name: field.value for field in person.fields}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("卡8月31号就到期了", "2026-08-31"),
        ("卡号CHN64711318，11月30到期", "2026-11-30"),
        ("他的卡到12月25号", "2026-12-25"),
        ("卡有效期到11月30日", "2026-11-30"),
        ("到期日：12月8日，卡号CHN64711318", "2026-12-08"),
        ("卡11.30到期", "2026-11-30"),
        ("卡11/30到期", "2026-11-30"),
        ("卡下个月15号到期", "2026-12-15"),
        ("卡上月12号过期了", "2026-10-12"),
        ("卡去年12月30日到期的", "2025-12-30"),
        ("卡过了年2月10号到期", "2027-02-10"),
        ("卡十二月八号到期", "2026-12-08"),
        ("卡是9月30号到的期", "2026-09-30"),
        ("卡11月30号就不能用了", "2026-11-30"),
        ("12月20日是卡的最后一天", "2026-12-20"),
        ("卡后天就到期了", "2026-11-04"),
        ("卡昨天刚到期", "2026-11-01"),
        ("卡有效期2021.12.1-2026.11.30", "2026-11-30"),
        ("卡有效期2021年12月1日至2026年11月30日", "2026-11-30"),
        ("卡上VALID THRU 30/11/2026", "2026-11-30"),
        ("卡 exp 30NOV2026", "2026-11-30"),
        ("the card expires on 11 October 2030", "2030-10-11"),
        ("the card will expire on October 11th, 2030", "2030-10-11"),
        ("card valid until 11 Oct. 2030", "2030-10-11"),
        ("卡2026 11 30 到期", "2026-11-30"),
        ("卡的有效截止日2026-11-30", "2026-11-30"),
        ("卡片背面写的日期是2026年11月30日", "2026-11-30"),
        ("2026年11月30号卡就到头了", "2026-11-30"),
        ("12月20号到期，急", "2026-12-20"),
        ("他那张卡12月20号就满五年了", "2026-12-20"),
        ("the card expires on December 20", "2026-12-20"),
    ],
)
def test_the_day_on_which_a_card_ends_is_read(said: str, day: str, rules: RuleSet) -> None:
    assert fields(f"丁一鸣续办，{said}。", rules).get("card_expiry") == day


@pytest.mark.parametrize(
    "said",
    [
        "卡上写的是2027-03",
        "卡有效期至2027/03",
        "卡 valid thru 03/27",
        "卡 valid thru 11/26",
        "卡月底到期",
        "卡年底前到期",
        "卡十二月中旬到期",
        "卡九月底到期了",
    ],
)
def test_a_month_is_kept_as_a_month(said: str, rules: RuleSet) -> None:
    found = fields(f"丁一鸣续办，{said}。", rules)
    assert "card_expiry" not in found
    assert "card_expiry_month" in found


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("卡还有俩月到期", "还有俩月到期"),
        ("卡明年春节前到期", "明年春节前到期"),
        ("卡不到半年就到期了", "不到半年就到期了"),
        ("卡已经过期好几个月了", "已经过期好几个月了"),
    ],
)
def test_what_tells_neither_day_nor_month_is_kept_in_its_words(said: str, words: str, rules: RuleSet) -> None:
    assert fields(f"丁一鸣续办，{said}。", rules)[TOLD_UNTIL] == words


@pytest.mark.parametrize(
    "said",
    [
        "12月8日去韩国出差前要拿到卡",
        "请12月20日前办好",
        "卡号CHN64711318，12月5日寄到贵处",
        "护照12月8日到期",
        "无犯罪证明11月30日到期",
        "劳动合同2026年12月31日到期，会续签",
        "超大附件（12MB，2026年12月2日到期）",
        "照片11月30号拍的，不能用就再拍",
        "昨天才知道到期了",
        "卡12月1日到手就行",
        "护照还有两个月到期",
        "补正截止12月8日",
    ],
)
def test_other_days_are_not_the_cards(said: str, rules: RuleSet) -> None:
    found = fields(f"丁一鸣续办，{said}。", rules)
    assert not {"card_expiry", "card_expiry_month", TOLD_UNTIL} & set(found)


def test_what_a_quotation_tells_of_an_applicants_card_is_his(rules: RuleSet) -> None:
    told = "丁一鸣的卡今年12月25日到期，卡号CHN64711318。"
    found = fields("丁一鸣续办，材料转上。", rules, quoted_text=told)
    assert (found["card_expiry"], found["card_no"]) == ("2026-12-25", "CHN64711318")


def test_a_quotation_makes_nobody_and_tells_nothing_of_others(rules: RuleSet) -> None:
    found = fields("丁一鸣续办，材料转上。", rules, quoted_text="苗雨桐的卡12月25日到期，卡号CHN64711318。")
    assert not {"card_expiry", "card_no"} & set(found)


def test_what_the_mail_itself_tells_stands_before_its_quotation(rules: RuleSet) -> None:
    found = fields("丁一鸣续办，卡2027年1月8日到期。", rules, quoted_text="丁一鸣的卡12月25日到期。")
    assert found["card_expiry"] == "2027-01-08"


def test_the_name_of_a_file_tells_a_day_without_its_year(rules: RuleSet) -> None:
    assert fields("丁一鸣续办，见附件。", rules, ("丁一鸣的卡12月20日到期.jpg",))["card_expiry"] == "2026-12-20"
