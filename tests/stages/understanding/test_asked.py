"""Question by question: which sentences of a mail ask, what is told back of them, and that none is lost."""

import pytest

from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import RuleSet
from mailintake.stages.classify.asked import Questions, all_told_back, questions_in, told_back
from mailintake.stages.classify.question_kinds import Manner
from mailintake.stages.classify.quoting import asking_part
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords

Q = QuestionKind
_WITH_PAPERS = Manner(besides=True, with_papers=True)

STATEMENTS = [
    "骆海，大连中绎工程咨询有限公司",
    "今早致电咨询换卡业务，对方让我发邮件过来。",
    "公函上的章晚几天补。",
    "卡六月已报外交部，还差几个国家没签完。",
    "以前谁也没办过。",
    "签名写了好几张都不像。",
    "护照还是原来那本。",
    "密码去掉了，重新发一份。",
    "市外办的老师让我把电子版直接发到这个邮箱。",
    "汇款是按中介给的账号汇的。",
    "发自网易邮箱手机版",
    "先说明一下我为什么办：每月要跑两趟胡志明。",
    "如按新办准备也请告知。",
    "不知道哪些要电子哪些要纸的，我干脆全扫了。",
    "单子当时也给财务邮箱发了。",
    "护照换了本新的，卡上的有效期没到，可还是旧护照号。",
    "后年前后脚到期，一起办了吧，省得麻烦您几回。",
]


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_with_a_word_of_asking_asks_nothing(rules: RuleSet, text: str) -> None:
    assert questions_in(OwnWords("骆海新办", text), rules, _WITH_PAPERS) == Questions()


@pytest.mark.parametrize(
    "text",
    ["咨询电话多少", "前几天问过的那个账号是哪个", "原来那几张卡还能续不能", "晚几天交行吗", "这个邮箱能收大附件吗"],
)
def test_a_question_that_looks_like_one_of_these_still_asks(rules: RuleSet, text: str) -> None:
    assert questions_in(OwnWords("", text), rules).kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("有个同事年底退休，卡是不是要注销，注销收不收费？", {Q.LEFT, Q.FEE}),
        ("换一张多少钱，几天能好？", {Q.FEE, Q.HOW_LONG}),
        ("我们铁岭的材料送哪，铁岭外办电话多少？", {Q.WHERE, Q.CONTACT}),
        ("How many working days does it take, and is there a rush service?", {Q.HOW_LONG, Q.UNKNOWN}),
    ],
)
def test_each_clause_that_asks_is_heard(rules: RuleSet, text: str, kinds: set[QuestionKind]) -> None:
    assert set(questions_in(OwnWords("", text), rules).kinds) == kinds


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "材料都在附件里，照片是合影上裁的，不知道行不行，不行我再去照",
            "材料都在附件里，照片是合影上裁的，不知道行不行",
        ),
        ("卡他寄回来了，在我这儿，需要交到哪里吗？", "卡他寄回来了，在我这儿，需要交到哪里吗"),
        ("我要投诉，请告诉我找谁，并给个说法", "我要投诉，请告诉我找谁"),
    ],
)
def test_told_back_is_the_clause_that_asks(rules: RuleSet, text: str, told: str) -> None:
    assert asking_part(fold(text), rules.vocabulary).rstrip("?") == fold(told)


MAILS = [
    "请问新办要多少钱？卡能寄到家吗？你们周六上班吗？",
    "卡丢了怎么补？派出所是不是非得去？要几天能办好？",
    "我被辞退了。我能不能自己补一张？他把卡注销了你们会不会通知我？到新公司能不能重新办？",
    "照片要多大？背景蓝的行不行？戴眼镜可以吗？",
    "1、社保要几个月？\n2、代缴的算不算？\n3、在哪里交？",
]


@pytest.mark.parametrize("text", MAILS)
def test_every_question_is_answered_or_told_back_and_never_both(rules: RuleSet, text: str) -> None:
    words = OwnWords("咨询", text)
    found = questions_in(words, rules)
    back = told_back(found, words, rules)
    for one, said in zip(found.asked, all_told_back(found, words, rules), strict=True):
        assert one.kinds
        assert (said in back) == (set(one.kinds) <= BY_STAFF)


def test_on_a_phone_a_blank_stands_for_a_comma(rules: RuleSet) -> None:
    words = OwnWords("", "你好 我是营口做镁砂的老柴 我跟我们副总都要办卡 照片先给你 卡能寄到家不")
    assert told_back(questions_in(words, rules), words, rules) == ("卡能寄到家不",)


def test_the_subject_of_an_answer_is_our_own(rules: RuleSet) -> None:
    words = OwnWords("【咨询答复】注销：离职注销", "请示盖好章了，附上。", is_reply=True)
    assert questions_in(words, rules, _WITH_PAPERS) == Questions()
