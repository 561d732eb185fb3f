"""What a paper's own words say for or against a kind, where neither its form nor its title says it."""

import pytest
from tests.support.intake_mails import MONDAY, letter

from mailintake.model.facts import FileFacts, TextFacts, TextLine
from mailintake.model.rules import RuleSet
from mailintake.model.situation import ReadMail
from mailintake.stages.assign.kinds import FileKind, sort_kinds


def sorted_by(name: str, text: str, rules: RuleSet) -> FileKind:
    mail = letter("材料", "请查收。", (name,))
    (file,) = mail.attachments
    facts = FileFacts(file.sha256, 9, "text", text=TextFacts((TextLine(text),)))
    return sort_kinds(mail.attachments, ReadMail(mail, {file.sha256: facts}, {}, rules, MONDAY), "")[0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("款项已付驻外机构服务中心", "remittance_mfa"),
        ("款项已付辽宁省外事服务中心", "remittance_centre"),
        ("款项已付，附上底单", "remittance_mfa"),  # nothing speaks: the first that is free
    ],
)
def test_words_choose_among_the_kinds_that_a_name_leaves_open(text: str, kind: str, rules: RuleSet) -> None:
    assert sorted_by("汇款单.txt", text, rules).kind == kind


def test_a_paper_is_not_what_its_name_says_when_its_words_say_otherwise(rules: RuleSet) -> None:
    found = sorted_by("护照.txt", "犯罪记录查询：经查无犯罪记录", rules)
    assert found.kind is None
    assert [e.text for e in found.reasons if e.rule == "kind.text_not"] == ["无犯罪记录"]


def test_a_word_for_the_kind_saves_its_name(rules: RuleSet) -> None:
    assert sorted_by("护照.txt", "护照号码 EA1234561，另附无犯罪记录", rules).kind == "passport_page"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("统一社会信用代码 91210100 法定代表人 贺某", "business_licence"),
        ("统一社会信用代码 91210100", None),  # one of two words
        ("法定代表人 贺某，统一社会信用代码 91210100，购销合同", None),  # a word against
        ("护照号码 EA1234561", None),  # a kind that names no words which must all be there
    ],
)
def test_words_alone_decide_only_when_all_that_must_be_there_are(text: str, kind: str | None, rules: RuleSet) -> None:
    assert sorted_by("scan001.txt", text, rules).kind == kind
