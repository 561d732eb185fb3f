"""Folding, matching, numbers, names and facts: the small tools."""

import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.intake_mails import facts_of, known_mail, letter, people_of
from tests.support.patience import CPU_SECONDS

from mailintake.model.document import Document
from mailintake.model.facts import ImageFacts
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import Rule, RuleSet, Where
from mailintake.model.understanding import LinkedBy
from mailintake.stages.lookup import company_domain, lookup
from mailintake.stages.understand import understand
from mailintake.stages.wants import wants_text
from mailintake.stages.words.matching import fold, rule_fires
from mailintake.stages.words.numbers import find_numbers, make_number
from mailintake.stages.words.own_words import own_words, split_subject
from mailintake.stages.words.text_facts import facts_in, group_size


def rule(**changes: Any) -> Rule:
    """A rule that looks for 续办."""
    return Rule(**({"id": "x", "score": 1.0, "where": (Where.NEW_TEXT,), "words": ("续办",)} | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＡＰＥＣ卡", "apec卡"),
        ("AEPC 商务旅行卡", "apec 商务旅行卡"),
        ("A.P.E.C.", "apec"),
        ("換發新卡 遺失補辦 註銷", "换发新卡遗失补办注销"),
        ("新 办　续办", "新办续办"),
        ("two  blanks\tand tabs", "two blanks and tabs"),
    ],
)
def test_spellings_meet_in_one_form(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("申请续办", True),
        ("不是续办", False),
        ("不是换卡是续办", True),
        ("不是换卡，是续办", True),
        ("并非首次，而是续办", True),
        ("不是要来续办", False),
        ("续办吗", False),
        ("咨询续办", False),
        ("先咨询一下。现在续办", True),
    ],
)
def test_negation_reaches_as_far_as_it_does_in_speech(text: str, fires: bool) -> None:
    assert rule_fires(rule(unless=("不是…", "并非…", "…吗", "咨询")), text) is fires


def test_all_words_and_patterns_and_latin_borders() -> None:
    assert rule_fires(rule(all_words=("护照",)), "护照没换，续办")
    assert not rule_fires(rule(all_words=("护照",)), "续办")
    assert not rule_fires(rule(words=("new",)), "renewal")
    assert rule_fires(rule(words=(), pattern="卡[^。]{0,9}到期"), "卡下月到期")


def test_a_hostile_text_costs_no_time(rules: RuleSet) -> None:
    mail = letter("续" * 5000, "不是办" * 20000 + "张" * 50000 + "卡E1" * 9000, ("a" * 200 + ".jpg",))
    start = time.process_time()
    understand(known_mail(mail, rules))
    assert time.process_time() - start < CPU_SECONDS


@given(st.integers(2000, 2099), st.integers(1, 999_999))
def test_a_number_is_found_however_it_is_typed(year: int, n: int) -> None:
    number = make_number(year, n)
    spoilt = number.lower().replace("-", " ").replace("1", "１")
    assert find_numbers(f"编号{spoilt}。", f"【{number.replace('-', '')}】") == (number,)


@given(st.integers(1, 999_999), st.integers(0, 9), st.integers(3, 12))
def test_one_wrong_digit_is_noticed(n: int, digit: int, place: int) -> None:
    number = make_number(2026, n)
    if number[place] == "-" or number[place] == str(digit):
        return
    assert number not in find_numbers(number[:place] + str(digit) + number[place + 1 :])


@pytest.mark.parametrize("bad", [(1999, 1), (2026, 0), (2026, 1_000_000)])
def test_numbers_that_do_not_fit_are_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no case number"):
        make_number(*bad)


@pytest.mark.parametrize(
    ("subject", "bare", "reply", "forward"),
    [
        ("Re: 回复：转发: 新办", "新办", True, True),
        ("RE[2]:续办", "续办", True, False),
        ("答复：【外部邮件】Fw: 注销", "注销", True, True),
        ("转：丁一鸣", "丁一鸣", False, True),
        ("回复率说明", "回复率说明", False, False),
    ],
)
def test_prefixes_of_any_mixture_come_off(subject: str, bare: str, reply: bool, forward: bool, rules: RuleSet) -> None:
    assert split_subject(subject, rules.vocabulary) == (bare, reply, forward)


def test_a_bare_forward_speaks_with_the_forwarded_words(rules: RuleSet) -> None:
    inner = letter("注销申请", "丁一鸣已退休，申请注销")
    said = own_words(letter("转发：文件", "请见附件邮件。谢谢！", forwarded=(inner,)), rules)
    assert (said.bare_forward, said.text) == (True, "注销申请\n丁一鸣已退休，申请注销")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("护照号 E 11223344", {"passport_no": "E11223344"}),
        ("旧护照E11223344，新护照EA1234567", {"old_passport_no": "E11223344", "passport_no": "EA1234567"}),
        ("护照号由E11223344变更为EA1234567", {"old_passport_no": "E11223344", "passport_no": "EA1234567"}),
        ("卡号：CHN23456789，有效期至2028.3.17", {"card_no": "CHN23456789", "card_expiry": "2028-03-17"}),
        ("卡号 23456789", {"card_no": "23456789"}),
        ("APEC卡2027年3月21日到期", {"card_expiry": "2027-03-21"}),
        ("新护照EA1234567（有效期至2034-06-24）", {"passport_no": "EA1234567", "expiry_date": "2034-06-24"}),
        ("出生日期1967-02-01", {"birth_date": "1967-02-01"}),
        ("1980年3月5日出生", {"birth_date": "1980-03-05"}),
        ("card valid until 12 March 2027", {"card_expiry": "2027-03-12"}),
        ("有效期至2027-02-30的卡", {}),
        ("联系电话13912345678，2026年11月2日", {}),
        ("原因：赴越南签约", {"reason": "赴越南签约"}),
        ("我公司此前已在贵办备案。", {"registered_company": "我公司此前已在贵办备案"}),
        ("我公司尚未备案，请问是否需要备案？", {}),
        (
            "所持商务旅行卡CHN20366222（有效期至2029年2月27日）不慎遗失，现申请注销旧卡。\n大连听涛贸易有限公司\n2026年9月2日",
            {"card_no": "CHN20366222", "card_expiry": "2029-02-27"},
        ),
    ],
)
def test_facts_are_read_from_running_text(text: str, expected: dict[str, str], rules: RuleSet) -> None:
    assert {fact.name: fact.value for fact in facts_in(text, rules)} == expected


@pytest.mark.parametrize(
    ("text", "n"),
    [("为丁一鸣等3人", 3), ("共12人", 12), ("一行两人", 2), ("等十二人", 12), ("本人", 0), ("(2人:甲、乙)", 2)],
)
def test_the_size_of_the_group(text: str, n: int, rules: RuleSet) -> None:
    assert group_size(text, rules) == n


@pytest.mark.parametrize(
    ("addr", "domain"),
    [
        ("a@haoyu.example", "haoyu.example"),
        ("a@163.com", ""),
        ("a@vip.qq.com", ""),
        ("a@mail.163.com", ""),
        ("", ""),
        ("a@b", ""),
    ],
)
def test_a_public_provider_is_no_company(addr: str, domain: str, rules: RuleSet) -> None:
    assert company_domain(addr, rules) == domain


def test_the_store_is_asked_for_everything_that_could_matter(rules: RuleSet) -> None:
    number = make_number(2026, 7)
    mail = letter("补充", f"{number} 丁一鸣（护照号E11223344）", references=("<a@x>", "<b@x>"), in_reply_to=("<b@x>",))
    keys = lookup(mail, people_of(mail, rules), rules)
    assert (keys.tokens, keys.numbers) == (("<b@x>", "<a@x>"), (number,))
    assert (keys.sender, keys.company_domain) == ("office@haoyu.example", "haoyu.example")
    assert keys.identifiers == ("E11223344", "丁一鸣")


def test_only_files_worth_the_cost_are_read_unknown_ones_first(rules: RuleSet) -> None:
    mail = letter("新办丁一鸣", "", ("照片.jpg", "签名.jpg", "护照.jpg", "扫描.pdf", "公函.pdf", "说明.zzz"))
    facts = facts_of(mail)
    names = {a.sha256: a.name for a in mail.attachments}
    assert [names[s] for s in wants_text(people_of(mail, rules), facts, rules)] == ["扫描.pdf", "护照.jpg", "公函.pdf"]


def test_a_picture_called_a_photo_is_read_where_it_may_be_the_passport_page_that_nobody_sent(rules: RuleSet) -> None:
    page = ImageFacts(3024, 4032, "jpeg", "RGB", colourfulness=30.0)
    for others, read in (((), ["照片.jpg"]), (("护照.jpg",), ["护照.jpg"])):
        mail = letter("新办丁一鸣", "", ("照片.jpg", *others))
        names = {a.sha256: a.name for a in mail.attachments}
        facts = {sha: replace(f, image=page) if names[sha] == "照片.jpg" else f for sha, f in facts_of(mail).items()}
        assert [names[s] for s in wants_text(people_of(mail, rules), facts, rules)] == read


def kinds(documents: tuple[Document, ...]) -> list[str | None]:
    """The kinds in order."""
    return [document.kind for document in documents]


def test_a_mail_is_understood_as_a_whole(rules: RuleSet) -> None:
    mail = letter("注销APEC卡", "丁一鸣已离职，申请注销，卡号CHN23456789", ("公函.pdf", "护照.jpg"))
    found = understand(known_mail(mail, rules))
    assert (found.screening.parked, found.link.by) == (False, LinkedBy.NEW)
    assert [intent.procedure for intent in found.classification.intents] == [ProcedureKey.CANCEL]
    assert kinds(found.people.documents) == ["cancellation_request", "passport_page"]


def test_a_parked_mail_is_neither_linked_nor_classified(rules: RuleSet) -> None:
    mail = letter("自动回复: 续办APEC卡", "我正在休假，无法回复")
    found = understand(known_mail(mail, rules))
    assert (found.screening.parked, found.link.by, found.classification.intents) == (True, LinkedBy.NONE, ())


def test_every_rule_behaves_as_its_examples_say(rules: RuleSet) -> None:
    for each in (*rules.screening, *rules.classification):
        assert each.examples.matches, each.id
        assert all(rule_fires(each, text) for text in each.examples.matches), each.id
        assert not any(rule_fires(each, text) for text in each.examples.not_matches), each.id
