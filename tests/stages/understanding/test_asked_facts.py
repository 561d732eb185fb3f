"""Who writes, what an answer gives, and where a company is, however shortly it is said."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.rules import RuleSet
from mailintake.stages.assign.addressee import signer


def test_a_list_of_the_parts_is_no_signature(rules: RuleSet) -> None:
    text = "三位同事首次申办，分三封发：\n第1封 庄晓禾+企业简介\n第2封 陶雨生\n第3封 蔺知远+汇款单"
    assert signer(letter("新办（第1封，共3封）庄晓禾", text), rules) == ""


def test_a_list_with_numbers_is_no_signature(rules: RuleSet) -> None:
    assert signer(letter("新办", "申请人：\n1. 庄晓禾\n2. 陶雨生"), rules) == ""


@pytest.mark.parametrize(
    ("company", "city"),
    [
        ("朝阳凌霄轮毂有限公司", "朝阳"),
        ("辽宁省朝阳凌霄轮毂有限公司", "朝阳"),
        ("北京朝阳凌霄轮毂有限公司", ""),
        ("朝阳区凌霄轮毂有限公司", ""),
    ],
)
def test_a_registered_name_begins_with_the_city(company: str, city: str, rules: RuleSet) -> None:
    assert people_of(letter("新办", f"{company}庄晓禾申请新办。"), rules, {}).city == city


def test_the_subject_of_a_forward_names_nobody_where_the_text_asks_for_somebody(rules: RuleSet) -> None:
    text = "老师，陶雨生上个月走了，他那张卡注销吧。卡号CHN20000031。下面的不用管。"
    assert [a.name for a in people_of(letter("Fwd: 庄晓禾新办材料", text), rules, {}).applicants] == ["陶雨生"]
    assert [a.name for a in people_of(letter("Fwd: 庄晓禾新办材料", "请审核"), rules, {}).applicants] == ["庄晓禾"]


@pytest.mark.parametrize("of", ["大连隆岳家居", "沈阳天宇"])
def test_whose_somebody_says_to_be_is_no_person(of: str, rules: RuleSet) -> None:
    people = people_of(letter("", f"卡丢了 卡号记得 CHN20000031 我叫陶雨生 {of}的 要补卡都要啥？"), rules, {})
    assert [a.name for a in people.applicants] == ["陶雨生"]


def test_a_surname_with_a_trade_is_nobody(rules: RuleSet) -> None:
    people = people_of(letter("新办", "欧阳文静经理要办APEC卡，李会计已经把款汇了。"), rules, {})
    assert [a.name for a in people.applicants] == ["欧阳文静"]


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("呼延总护照.jpg", "呼延烁"),
        ("呼延照片.jpg", "呼延烁"),
        ("知秋照片.jpg", "贺知秋"),
        ("贺女士签名.jpg", "贺知秋"),
    ],
)
def test_a_file_called_by_surname_and_title_or_given_name_is_whose_it_can_be(
    name: str, owner: str, rules: RuleSet
) -> None:
    found = people_of(letter("新办", "呼延烁、贺知秋申请新办。", (name, "呼延烁签名2.jpg")), rules, {})
    keys = {a.key: a.name for a in found.applicants}
    assert keys.get(next(d.applicant for d in found.documents if d.name == name) or "") == owner


def test_where_two_bear_the_surname_nobody_is_meant(rules: RuleSet) -> None:
    found = people_of(letter("新办", "贺知秋、贺铭申请新办。", ("贺总照片.jpg",)), rules, {})
    assert [d.applicant for d in found.documents] == [None]


def test_an_english_mail_is_signed_below_its_closing_words(rules: RuleSet) -> None:
    assert signer(letter("Card", "Please find the papers attached.\n\nKind regards,\nSu He"), rules) == "Su He"
    without_comma = "The papers are attached.\nBest regards\nJohn Q. Miller\nTel 024 1234"
    assert signer(letter("Card", without_comma), rules) == "John Q. Miller"
    assert signer(letter("Card", "Dear Sir,\nHan Risheng\nlost his card."), rules) == ""
    assert signer(letter("Card", "Kind regards,\nShenyang Qingchuan Machinery Co., Ltd."), rules) == ""
