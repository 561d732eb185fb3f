"""What a slot alone does not make a person, and what it does: words of grammar, firms and trades, rows with numbers."""

from dataclasses import replace

import pytest
from tests.support.intake_mails import case, letter, people_of

from mailintake.model.procedure import ProcedureKey
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
    people = people_of(letter("新办", text, ()), rules, {})
    assert [(a.name, a.passport_no) for a in people.applicants] == [("苗雪", "EA5550011"), ("苗雪", "EA5550022")]
    assert not [field for field in people.fields if field.name == "namesake"]


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
        ("凌海钛业两名员工离职，注销苗雪的卡", ["苗雪"]),
        ("苗雪业务忙，申请新办", ["苗雪"]),
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
        ("蒲苇今早提了离职，他那份就别办了，剩下两个人照常办。", ["蒲苇"]),
        ("蒲苇临时调去别的项目，这回就先不给他办。", ["蒲苇"]),
        ("人有变动：祝山不报，剩下俩照报", ["祝山"]),
        ("祝山的申请请作废，其余两人照旧", ["祝山"]),
        ("祝山那份您就当没收到", ["祝山"]),
        ("祝山先不补签名，下周补", []),
        ("蒲苇不办签证，只办卡", []),
        ("祝山的签名不合格，那份别用了，用这份", []),
        ("顾今朝、蒲苇、祝山都不办了。", []),  # everybody: the case is withdrawn, which a person confirms
    ],
)
def test_one_of_a_group_leaves_by_whatever_words_take_a_person_off_a_list(
    said: str, gone: list[str], rules: RuleSet
) -> None:
    found = leaving(case("LN-2026-000001-1", GROUP), OwnWords("", said), rules)
    assert [person.name for person in found] == gone


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("蒲苇问了，他不急，他的不用提前，还按正常的走。", ["蒲苇"]),
        ("祝山的先不提前了，另外两个照旧", ["祝山"]),
        ("祝山急，不能按正常流程等", []),
    ],
)
def test_one_of_several_early_cards_can_wait(said: str, gone: list[str], rules: RuleSet) -> None:
    group = replace(case("LN-2026-000001-1", GROUP), procedure=ProcedureKey.EARLY_ISSUE)
    assert [person.name for person in leaving(group, OwnWords("", said), rules)] == gone


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("苗雪、祝山二人的APEC商务旅行卡将于2026年9月1日到期，申请续办。", ["2026-09-01", "2026-09-01"]),
        ("苗雪和祝山续卡，卡2026年9月1日同时到期。", ["2026-09-01", "2026-09-01"]),
        (
            "苗雪、祝山两人的卡2026年9月1日到期，蒲苇的卡2026年10月3日到期，都续。",
            ["2026-09-01", "2026-09-01", "2026-10-03"],
        ),
        (
            "我们两人续办：苗雪 卡号CHN21103370 2026年9月1日到期；祝山 卡号CHN21103388 2026年10月3日到期",
            ["2026-09-01", "2026-10-03"],
        ),
    ],
)
def test_one_day_said_of_several_cards_is_the_end_of_each(text: str, ends: list[str], rules: RuleSet) -> None:
    assert [person.card_expiry for person in people_of(letter("续办", text, ()), rules, {}).applicants] == ends


def test_what_is_asked_for_three_is_asked_for_each_of_them(rules: RuleSet) -> None:
    text = "刘敏退休，徐娟离职，王伟内部转岗，三人的卡申请注销。"
    people = people_of(letter("注销", text, ()), rules, {})
    assert [person.name for person in people.applicants] == ["刘敏", "徐娟", "王伟"]


def of(text: str, rules: RuleSet, *files: str, subject: str = "新办") -> set[str]:
    """The names of everybody who applies."""
    return {person.name for person in people_of(letter(subject, text, files), rules, {}).applicants}


@pytest.mark.parametrize("remark", ["（苗音miáo）", "（苗读miáo）", "（姓苗，苗音 miáo）"])
def test_how_a_surname_is_read_is_nobody(remark: str, rules: RuleSet) -> None:
    assert of(f"我公司苗雪{remark}申请新办APEC卡。", rules) == {"苗雪"}


def test_another_company_is_nobody_either(rules: RuleSet) -> None:
    text = "卡CHN64711318当时是沈阳黎明塔国际货运有限公司办的，今年调到大连望山科技有限公司，苗雪申请续办。"
    assert of(text, rules, subject="续办") == {"苗雪"}


@pytest.mark.parametrize("name", ["来喜梅", "万年", "千山"])
def test_what_the_names_of_several_papers_have_in_common_is_their_owner(name: str, rules: RuleSet) -> None:
    files = (f"{name}照片.jpg", f"{name}签名.jpg", f"{name}护照首页.jpg", f"{name}社保明细.pdf")
    assert of(f"{name}新办APEC卡，材料见附件。", rules, *files, subject=f"{name}新办") == {name}


def test_beside_people_with_papers_a_piece_of_a_sentence_is_nobody(rules: RuleSet) -> None:
    files = tuple(f"{name}{paper}.jpg" for name in GROUP for paper in ("照片", "签名"))
    text = f"我公司{'、'.join(GROUP)}三人的卡今年到期，均仍在我公司任原职，现申请续办。"
    assert of(text, rules, *files, subject="续办") == set(GROUP)


@pytest.mark.parametrize("when", ["9月1日", "已", "上月", "于2026年8月31日", ""])
def test_an_employee_who_left_is_named_though_the_name_is_a_word(when: str, rules: RuleSet) -> None:
    text = f"您好，我公司员工车前{when}离职，现申请注销其商务旅行卡。护照号EA5550011，卡号CHN64711318。"
    assert of(text, rules, subject="注销商旅卡") == {"车前"}


@pytest.mark.parametrize("name", ["舒坦", "安宁", "苗雪"])
def test_who_applies_for_the_first_time_is_named_though_the_name_is_a_word(name: str, rules: RuleSet) -> None:
    text = "您好！首次办理，护照号EA5550011。"
    assert of(text, rules, "简介.docx", subject=f"{name}首次申请商务旅行卡") == {name}


@pytest.mark.parametrize("who", ["公司", "单位", "我司", "企业", "本人", "员工", "同事"])
def test_nobody_is_called_after_the_word_for_who_applies(who: str, rules: RuleSet) -> None:
    assert of("材料见附件。", rules, subject=f"{who}首次申请商务旅行卡") == set()
