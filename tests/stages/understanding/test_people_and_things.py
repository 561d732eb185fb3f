"""What a firm makes is nobody, and nobody has the number that stands far from him; Manchu surnames are surnames."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.rules import RuleSet


@pytest.mark.parametrize(
    "said",
    [
        "我们做鹿茸片和鹿胎膏，韩国客户一年来两趟，办签证赶不上开市，所以老板说给苗雪办一张APEC卡。",
        "我们厂种白菊花和金银花，出口韩国，给苗雪新办APEC卡。",
        "公司主营石斑鱼、海参和黄花鱼，常跑越南，苗雪申请新办APEC卡。",
    ],
)
def test_what_a_firm_makes_is_nobody_and_has_no_number(said: str, rules: RuleSet) -> None:
    text = f"{said}\n铁岭外办那边我上礼拜去过了，让我把电子版发到这个邮箱。护照是2023年换的，号码EJ7715203。"
    files = ("苗雪照片.jpg", "苗雪签名.jpg", "苗雪护照首页.jpg")
    people = people_of(letter("苗雪新办APEC卡", text, files), rules, {})
    assert [(person.name, person.passport_no) for person in people.applicants] == [("苗雪", "EJ7715203")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("做外贸的苗雪和贺知秋申请新办APEC卡。", ["苗雪", "贺知秋"]),
        ("苗雪做外贸，贺知秋做技术，两人申请新办APEC卡。", ["苗雪", "贺知秋"]),
    ],
)
def test_who_deals_in_something_is_somebody(text: str, names: list[str], rules: RuleSet) -> None:
    assert [person.name for person in people_of(letter("新办", text, ()), rules, {}).applicants] == names


@pytest.mark.parametrize("name", ["瓜尔佳宁", "钮祜禄明远", "富察云"])
def test_a_manchu_surname_of_several_characters_begins_a_name(name: str, rules: RuleSet) -> None:
    text = f"我公司副总{name}移民，申请注销：护照EH1180937，卡号CHN64430926。"
    people = people_of(letter(f"{name}的APEC商务旅行卡需要注销", text, ()), rules, {})
    assert [(person.name, person.passport_no) for person in people.applicants] == [(name, "EH1180937")]


@pytest.mark.parametrize(
    "said",
    [
        "三人的APEC卡都注销吧，有效期都是2027年1月31日",
        "the three cards are all valid until 31 January 2027",
        "卡均有效至2027年1月31日",
    ],
)
def test_one_day_for_all_is_the_end_of_each_card(said: str, rules: RuleSet) -> None:
    numbers = "苗雪卡号CHN63881207，贺知秋卡号CHN63881215，祝山卡号CHN63881223。"
    text = f"我单位苗雪、贺知秋去年底退休了，祝山离职了，{said}。\n{numbers}"
    people = people_of(letter("注销三个人的卡", text, ()), rules, {})
    assert [person.card_expiry for person in people.applicants] == ["2027-01-31"] * 3
