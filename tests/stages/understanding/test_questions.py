"""What an enquiry asks about: judged on sentences as people write them."""

import pytest

from mailintake.model.question import Language, QuestionKind
from mailintake.model.rules import RuleSet
from mailintake.stages.classify.questions import questions_of
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import language_of

Q = QuestionKind

ASKED = [
    ("请问首次申办要交哪些材料？", Q.PAPERS),
    ("想了解一下新办的流程，谢谢。", Q.PAPERS),
    ("离职员工的卡怎么注销？", Q.PAPERS),
    ("一个人一共要交多少钱？", Q.FEE),
    ("钱汇到哪个账户？", Q.FEE),
    ("从递交到出结果大概几个工作日？", Q.HOW_LONG),
    ("来得及赶上12月的展会吗？", Q.HOW_LONG),
    ("抚顺的企业到哪里递交？", Q.WHERE),
    ("纸质件可以邮寄吗", Q.WHERE),
    ("卡还有八个月到期，最早什么时候能续？", Q.WHEN_RENEW),
    ("续办要提前多久？", Q.WHEN_RENEW),
    ("APEC卡在机场丢了，该怎么处理？", Q.LOST),
    ("护照快到期换了本新的，原来的卡还能用吗？", Q.NEW_PASSPORT),
    ("我司只有7个人，不足10人可以申请吗？", Q.WHO),
    ("董事长的夫人能不能一起办？", Q.WHO),
    ("哪些人可以申请这个卡？", Q.WHO),
    ("电子签名要多大尺寸？", Q.PHOTO),
    ("照片蓝底行不行？", Q.PHOTO),
    ("汇款以后发票什么时候开？", Q.INVOICE),
    ("请把基本资料的空白表发我一份", Q.TEMPLATES),
    ("企业简介在哪里下载？", Q.TEMPLATES),
    ("上个月报的材料到哪一步了？", Q.PROGRESS),
    ("请问营业执照的领事认证在你们这儿办吗？", Q.OTHER_SERVICE),
    ("因公护照怎么申请？", Q.OTHER_SERVICE),
    ("窗口的人态度恶劣，让我们来回跑了四趟还说缺材料。", Q.COMPLAINT),
    ("咨询热线一上午没人接，请给个说法！", Q.COMPLAINT),
    ("请问贵办食堂对外开放的具体安排是怎样的呢？", Q.UNKNOWN),
    ("Which documents are required for a first application?", Q.PAPERS),
    ("How much does the card cost?", Q.FEE),
    ("Is our Korean director eligible?", Q.WHO),
    ("How long does it take?", Q.HOW_LONG),
]


@pytest.mark.parametrize(("text", "kind"), ASKED)
def test_a_question_is_known_by_what_its_sentence_asks(rules: RuleSet, text: str, kind: QuestionKind) -> None:
    assert kind in questions_of(OwnWords("咨询", text), rules)


@pytest.mark.parametrize(
    "text",
    [
        "材料见附件，如有什么问题请告知。",
        "现申请续办商务旅行卡，请查收。",
        "材料都在附件里，怎么改都行，等您通知。",
        "他离职了，卡就注销了吧。",
    ],
)
def test_who_asks_nothing_has_no_question(rules: RuleSet, text: str) -> None:
    assert questions_of(OwnWords("APEC卡", text), rules) == ()


def test_several_questions_come_in_the_order_in_which_they_are_asked(rules: RuleSet) -> None:
    asked = questions_of(OwnWords("", "请问要交多少钱？多久能办好？到哪里递交？"), rules)
    assert asked == (Q.FEE, Q.HOW_LONG, Q.WHERE)


def test_a_question_that_names_nothing_is_about_what_the_rest_speaks_of(rules: RuleSet) -> None:
    assert questions_of(OwnWords("", "商务旅行卡在国外被偷。怎么办？"), rules) == (Q.LOST,)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dear Sir, which documents do we need for 李某?", Language.EN),
        ("请问APEC Business Travel Card需要哪些材料？", Language.ZH),
        ("", Language.ZH),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: Language) -> None:
    assert language_of(OwnWords("", text)) is language
