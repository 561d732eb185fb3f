"""What a slot alone does not make a person, and what it does: words of grammar, firms and trades, rows with numbers."""

import pytest
from tests.support.intake_mails import case, letter, people_of

from mailintake.model.rules import RuleSet
from mailintake.stages.assign.leaving import leaving
from mailintake.stages.words.name_words import is_labelling, name_words
from mailintake.stages.words.names import find_names
from mailintake.stages.words.own_words import OwnWords

GROUP = ("顾今朝", "蒲苇", "祝山")


@pytest.mark.parametrize(
    "said", ["后来的卡号CHN64711318", "原卡号：CHN64711318", "现护照号：EK1100223", "目前的卡CHN64711318"]
)
def test_words_of_grammar_and_labels_before_a_number_are_nobody(said: str, rules: RuleSet) -> None:
    people = people_of(letter("补办", f"苗雪的卡丢了，申请补办。\n{said}", ()), rules, {})
    assert [person.name for person in people.applicants] == ["苗雪"]


@pytest.mark.parametrize(
    "said",
    ["卡号CHN64711318，有效期到明年12月1日", "卡CHN64711318（明年12月1日到期）", "卡CHN64711318，到明年的12月1号"],
)
def test_next_years_day_beside_a_card_is_its_validity(said: str, rules: RuleSet) -> None:
    (person,) = people_of(letter("注销", f"苗雪离职，申请注销，{said}。", ()), rules, {}).applicants
    assert person.card_expiry == "2027-12-01"


def test_two_passports_beside_one_name_are_two_people(rules: RuleSet) -> None:
    text = "我司苗雪（采购部，护照EA5550011）和苗雪（车间，护照EA5550022）申请新办。"
    found = people_of(letter("新办", text, ()), rules, {}).fields
    assert [(f.value, f.text) for f in found if f.name == "namesake"] == [("苗雪", "EA5550011 / EA5550022")]


def test_a_row_with_a_number_is_a_person_though_the_name_is_in_the_firms(rules: RuleSet) -> None:
    rows = ("姓名 | 护照号 | 卡号", "方便 | EA5550011 | CHN64711318", "章程 | EA5550022 | CHN64711319")
    text = "\n".join(("大连章程精密机械有限公司注销人员：", *rows))
    people = people_of(letter("注销", text, ()), rules, {})
    assert {person.name for person in people.applicants} == {"方便", "章程"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("端木农机苗雪申请新办", ["苗雪"]),
        ("苗雪换新护照，申请变更（端木农机）", ["苗雪"]),
        ("和岳家居苗雪申请新办", ["苗雪"]),
        ("我是端木水产的苗雪（复姓端木的是老板），申请新办", ["苗雪"]),
    ],
)
def test_a_firm_with_its_trade_is_nobody(text: str, names: list[str], rules: RuleSet) -> None:
    assert [m.name for m in find_names(text, name_words(rules.vocabulary)) if m.margin > 1.0] == names


def test_two_surnames_with_a_trade_are_a_firm(rules: RuleSet) -> None:
    assert is_labelling("和岳家居", name_words(rules.vocabulary))


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("蒲苇上月调走了，请把他从名单里划掉。", ["蒲苇"]),
        ("请撤下蒲苇，其余照办。", ["蒲苇"]),
        ("蒲苇、祝山都不办了。", ["蒲苇", "祝山"]),
        ("祝山退出本次申请，顾今朝和蒲苇不变。", ["祝山"]),
        ("祝山要出差，这次就不用了。", ["祝山"]),
        ("把蒲苇的照片去掉，换这一张。", []),
        ("如果祝山不办了，费用怎么算？", []),
        ("听说祝山不办了。", []),
        ("请取消蒲苇的旧卡。", []),
        ("蒲苇的签名补上了。", []),
        ("顾今朝、蒲苇、祝山都不办了。", []),  # everybody: the case is withdrawn, which a person confirms
    ],
)
def test_one_of_a_group_leaves_by_whatever_words_take_a_person_off_a_list(
    said: str, gone: list[str], rules: RuleSet
) -> None:
    found = leaving(case("LN-2026-000001-1", GROUP), OwnWords("", said), rules)
    assert [person.name for person in found] == gone
