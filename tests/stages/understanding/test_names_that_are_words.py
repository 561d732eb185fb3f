"""A name that is a word besides is a name where only a person can stand; a label, a winery and a firm are nobody."""

import pytest
from tests.support.intake_mails import letter, people_of

from mailintake.model.message import Attachment
from mailintake.model.rules import RuleSet

NUMBERS = "护照号EA5550011，卡号CHN64711318，卡有效期2028-01-05"


def found(subject: str, text: str, *names: str, rules: RuleSet) -> list[str]:
    files = tuple(Attachment(n, n, n, "application/pdf", 9, f"{at:064}") for at, n in enumerate(names))
    return [person.name for person in people_of(letter(subject, text, files), rules, {}).applicants]


@pytest.mark.parametrize(
    ("subject", "text", "file", "name"),
    [
        ("注销晴空APEC商务旅行卡", f"我公司技术主管晴空提出离职，申请注销。{NUMBERS}", "请示.pdf", "晴空"),
        ("注销APEC卡", f"我公司前采购经理远航已于9月离职。{NUMBERS}", "关于注销远航APEC卡的请示.pdf", "远航"),
        ("注销", f"一、彩云同志6月退休，申请注销。{NUMBERS}", "附件1 注销请示（彩云）.docx", "彩云"),
        (
            "急需提前制卡",
            "您好，我是盘锦河口水产有限公司高山，护照EA5550011。日本已批，申请提前出卡。",
            "函.pdf",
            "高山",
        ),
    ],
)
def test_a_word_in_a_persons_slot_twice_or_before_a_passport_is_a_person(
    subject: str, text: str, file: str, name: str, rules: RuleSet
) -> None:
    assert found(subject, text, file, rules=rules) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "我公司财务已转账。总经理办公室已审批。苗雪护照号EA5550011续办。",
        "部门经理今天已出差，护照号EA5550011，苗雪续办。",
        "苗雪续办。\n护照：EA5550011\n原卡：CHN64711318\n新卡：CHN64711319",
        "员工苗雪已于9月离职，申请注销其商务旅行卡。护照号EA5550011",
    ],
)
def test_what_stands_there_and_is_nobody(text: str, rules: RuleSet) -> None:
    assert found("续办", text, rules=rules) == ["苗雪"]


@pytest.mark.parametrize("subject", ["苗雪换护照请示（江月楼大酒店）", "苗雪-大连云海动漫制作-换护照"])
def test_an_organisation_by_itself_holds_nobody(subject: str, rules: RuleSet) -> None:
    assert found(subject, "苗雪APEC卡申办期间换护照，公司请示补上。", rules=rules) == ["苗雪"]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            "苗雪离职，APEC卡（卡号CHN64711318）我公司已收回，护照号EA5550011，有效期2034年5月25日，申请注销。",
            "",
        ),
        ("苗雪离职，卡号CHN64711318，护照号EA5550011，有效期2028年5月25日，申请注销。", "2028-05-25"),
    ],
)
def test_a_day_that_no_card_can_last_to_is_the_passports(text: str, last: str, rules: RuleSet) -> None:
    (person,) = people_of(letter("注销", text, ()), rules, {}).applicants
    assert person.card_expiry == last


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("苗雪的卡已由家属交回公司，申请注销。", ""),
        ("6月份公司给苗雪新办的APEC卡还没出来，现在换护照。", ""),
        ("盘锦河口水产公司苗雪新办APEC卡。", "盘锦河口水产公司"),
    ],
)
def test_words_that_run_up_to_company_are_no_company(text: str, company: str, rules: RuleSet) -> None:
    assert people_of(letter("申请", text, ()), rules, {}).company == company


def test_the_short_name_of_the_senders_firm_is_nobody(rules: RuleSet) -> None:
    text = "我去年从锦州海雾轴承跳到天和钛材，现由天和钛材申请续办，护照EA5550011。"
    files = (Attachment("天和钛材企业简介.docx", "天和钛材企业简介.docx", "a", "application/pdf", 9, "0" * 64),)
    mail = letter("苗雪续办APEC卡", text, files, "天和钛材 苗雪 mx@tianhe.example")
    assert "天和钛材" not in [person.name for person in people_of(mail, rules, {}).applicants]


@pytest.mark.parametrize(
    ("subject", "text", "file", "sender"),
    [
        ("续卡 苗雪 铁岭沃丰", "铁岭沃丰制药机械有限公司，卡号CHN64711318。", "照片.jpg", "苗雪 mx@wofeng.example"),
        ("苗雪补办", "苗雪的卡丢了，卡号CHN64711318。", "康桥换卡申请.pdf", "康桥医材 kq@kangqiao.example"),
    ],
)
def test_a_firm_called_by_its_city_and_head_or_as_its_mailbox_is_nobody(
    subject: str, text: str, file: str, sender: str, rules: RuleSet
) -> None:
    files = (Attachment(file, file, file, "application/pdf", 9, "0" * 64),)
    assert [p.name for p in people_of(letter(subject, text, files, sender), rules, {}).applicants] == ["苗雪"]
