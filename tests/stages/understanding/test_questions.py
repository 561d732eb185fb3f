"""What an enquiry asks about: judged on sentences as people write them."""

import pytest

from mailintake.model.question import Language, QuestionKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.classify.alike import EXAMPLES, alike, faulty_example
from mailintake.stages.classify.asked import questions_in
from mailintake.stages.classify.meanings import CONCEPTS, MEANINGS, faulty_meaning, meanings_in
from mailintake.stages.classify.question_kinds import Manner
from mailintake.stages.classify.questions import asks_this_office
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import language_of

Q = QuestionKind

ASKED = [
    ("请问首次申办要交哪些材料？", Q.PAPERS),
    ("想了解一下新办的流程，谢谢。", Q.PAPERS),
    ("离职员工的卡怎么注销？", Q.LEFT),
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
    ("卡片边角裂了，能换一张吗？", Q.DAMAGED),
    ("提前制卡以后想把新批的国家加到卡里，怎么申请？", Q.ADD_ECONOMIES),
    ("持卡的同事下月退休，卡要怎么处理？", Q.LEFT),
    ("各国还没全批下来，又急着出国，有办法吗？", Q.EARLY),
    ("等新卡的期间老卡还能出行吗？", Q.MEANWHILE),
    ("签名过几天再补行吗？", Q.TOLERANCE),
    ("我们去年备过案，现在又来一个人要办，需要交些什么？", Q.AGAIN),
    ("无犯罪记录是在户籍地开还是居住地开？", Q.CERTIFICATE),
    ("社保断过两个月要紧吗？", Q.INSURANCE),
    ("公司简介有字数要求吗？", Q.PROFILE),
    ("完税证明要哪一年的？", Q.COMPANY_PAPERS),
    ("护照首页拍照还是扫描？", Q.PASSPORT),
    ("基本资料的PDF在手机上打不开怎么办？", Q.FORM),
    ("水单发给谁？", Q.SLIP),
    ("电子材料发到哪个邮箱？", Q.MAIL_TO),
    ("你们咨询电话多少？", Q.CONTACT),
    ("报上去以后由谁审批？", Q.ROUTE),
    ("请把收款账号发我。", Q.FEE),
    ("本溪外办地址", Q.WHERE),
    ("加急办要另外给钱吗？", Q.UNKNOWN),
    ("你们几点上班？", Q.UNKNOWN),
    ("请问贵办食堂对外开放的具体安排是怎样的呢？", Q.UNKNOWN),
    ("Which documents are required for a first application?", Q.PAPERS),
    ("How much does the card cost?", Q.FEE),
    ("Is our sales director eligible?", Q.WHO),
    ("Is our Korean director eligible?", Q.UNKNOWN),
    ("How long does it take?", Q.HOW_LONG),
]


@pytest.mark.parametrize(("text", "kind"), ASKED)
def test_a_question_is_known_by_what_its_sentence_asks(rules: RuleSet, text: str, kind: QuestionKind) -> None:
    assert kind in questions_in(OwnWords("咨询", text), rules).kinds


STORIES = [
    ("副总的包在曼谷转机时被人拎走了，商旅卡也在里面。回国后需要怎么操作？", Q.LOST),
    ("搬家的时候商旅卡不知道放哪去了，能补吗？", Q.LOST),
    ("卡片被水泡过，机器读不了，怎么处理", Q.DAMAGED),
    ("护照上个月丢了重新办了一本，APEC卡怎么办？", Q.NEW_PASSPORT),
    ("提前制卡之后剩下的国家批了，需要办什么", Q.ADD_ECONOMIES),
    ("材料没齐可以先受理吗？", Q.TOLERANCE),
    ("转账截图发哪个邮箱", Q.SLIP),
    ("最后是谁批的？", Q.ROUTE),
    ("对申请人有什么限制没有", Q.WHO),
    ("An employee who holds the card has quit. What must the company do?", Q.LEFT),
    ("饭店里把商旅卡落桌上了，回去没找着，怎么补", Q.LOST),
    ("材料递上去快俩月卡还没下来，护照中间换了新的，还得再交钱么", Q.FEE),
    ("签名下周才能签，剩下的先给你们，行吗", Q.TOLERANCE),
    ("公司被列入失信名单，APEC卡还能办么", Q.WHO),
    ("个体户老板给不给办APEC卡", Q.WHO),
    ("北票的，市外办在几楼几室", Q.WHERE),
    ("Our GM flies to Jakarta every month, would he be able to have this APEC card?", Q.WHO),
    ("Kindly advise what you need from us for the first application", Q.PAPERS),
]


@pytest.mark.parametrize(("text", "kind"), STORIES)
def test_what_is_asked_is_known_by_the_concepts_that_are_spoken_of(rules: RuleSet, text: str, kind: Q) -> None:
    assert kind in questions_in(OwnWords("", text), rules).kinds
    assert Q.UNKNOWN not in questions_in(OwnWords("", text), rules).kinds


@pytest.mark.parametrize(
    "text",
    ["公司卡丢了的事已经办完。第一次给新同事办卡要什么材料？", "表格在官网上找不到，APEC卡的"],
)
def test_a_story_of_another_matter_is_not_what_is_asked(rules: RuleSet, text: str) -> None:
    assert Q.LOST not in questions_in(OwnWords("", text), rules).kinds


def test_of_two_meanings_the_one_that_needs_more_counts(rules: RuleSet) -> None:
    assert set(meanings_in("护照丢了补了一本,卡还在有效期", rules.vocabulary)) == {Q.NEW_PASSPORT}


def test_every_meaning_is_well_formed_and_every_concept_serves_one(rules: RuleSet) -> None:
    concepts, meanings = rules.vocabulary.words(CONCEPTS), rules.vocabulary.words(MEANINGS)
    assert [text for text in meanings if faulty_meaning(text, concepts)] == []
    names = {pattern.split(">")[0].removeprefix("(?P<") for pattern in concepts}
    used = {word.lstrip("-") for text in meanings for word in text.split(": ")[1].split()}
    assert names - used == {"mine"}  # of a matter that somebody has in hand (`asks_in_general`)


@pytest.mark.parametrize("text", ["lost card gone", "lots: card gone", "lost: card gnoe", "lost: card -gnoe"])
def test_a_meaning_with_a_slip_of_the_pen_is_refused(rules: RuleSet, text: str) -> None:
    assert faulty_meaning(text, rules.vocabulary.words(CONCEPTS))


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
    assert questions_in(OwnWords("APEC卡", text), rules).kinds == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("签名能后补吗？", Q.PHOTO),
        ("无犯罪证明去哪里开？", Q.WHERE),
        ("社保要交几个月？", Q.HOW_LONG),
        ("护照有效期还剩八个月行吗？", Q.NEW_PASSPORT),
        ("营业执照要原件吗？", Q.PAPERS),
        ("发票找财务要，电话多少？", Q.CONTACT),
    ],
)
def test_a_word_lent_to_another_question_asks_nothing_of_its_own(rules: RuleSet, text: str, kind: Q) -> None:
    assert kind not in questions_in(OwnWords("", text), rules).kinds


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("请问照片要多大？", True),
        ("最少要几个员工才行？", True),
        ("What size should the photo have?", True),
        ("请问贵公司需要开发票吗？费用可以谈。", False),
        ("我们专业提供外贸获客服务，多少钱一年可以再谈，您感兴趣吗？", False),
        ("Can we help your website? How much do you pay now?", False),
        ("您方便吗？有笔紧急付款要处理，账号稍后发您。", False),
        ("请问贵司是否需要代办营业执照？", False),
        ("请问今晚食堂吃什么？", False),
    ],
)
def test_who_asks_what_people_ask_here_asks_us_and_who_offers_something_does_not(
    rules: RuleSet, text: str, ours: bool
) -> None:
    assert asks_this_office(text, rules) is ours


def test_several_questions_come_in_the_order_in_which_they_are_asked(rules: RuleSet) -> None:
    asked = questions_in(OwnWords("", "请问要交多少钱？多久能办好？到哪里递交？"), rules).kinds
    assert asked == (Q.FEE, Q.HOW_LONG, Q.WHERE)


def test_a_question_that_names_nothing_is_about_what_the_rest_speaks_of(rules: RuleSet) -> None:
    assert questions_in(OwnWords("", "商务旅行卡在国外被偷。怎么办？"), rules).kinds == (Q.LOST,)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dear Sir, which documents do we need for 李某?", Language.EN),
        ("请问APEC Business Travel Card需要哪些材料？", Language.ZH),
        ("", Language.ZH),
        ("APEC", Language.ZH),
    ],
)
def test_the_language_is_that_of_most_words(text: str, language: Language) -> None:
    assert language_of(OwnWords("", text)) is language


@pytest.mark.parametrize("text", ["卡号一并附上，要补一张。", "这张快到期了，需要换张新的。"])
def test_a_wish_asks_how_where_nothing_is_sent_and_nothing_beside_an_application(rules: RuleSet, text: str) -> None:
    assert questions_in(OwnWords("", text), rules).kinds
    assert questions_in(OwnWords("", text), rules, Manner(besides=True, with_papers=True)).kinds == ()


def test_a_question_in_words_that_no_rule_knows_is_told_by_the_examples_most_like_it() -> None:
    asked = "车间主任带班去越南装设备，一年好几趟，他这个身份给办吗"
    examples = ("who: 车间主任去越南装设备给办吗", "fee: 一共要汇多少钱", "lost: 卡找不着了")
    known = Vocabulary({CONCEPTS: (), EXAMPLES: examples})
    assert next(one.kind for one in alike(fold(asked), known)) is Q.WHO
    assert alike(fold(asked), Vocabulary({})) == ()


def test_what_is_like_no_example_belongs_to_nothing() -> None:
    far = alike(
        fold("明天中午食堂吃什么"), Vocabulary({CONCEPTS: (), EXAMPLES: ("who: 车间主任去越南给办吗", "fee: 什么价")})
    )
    assert all(one.share < 0.5 for one in far)


@pytest.mark.parametrize("text", ["卡没了", "gone: 卡没了", "lost:", "lost fee 卡没了"])
def test_an_example_names_kinds_that_there_are(text: str) -> None:
    assert faulty_example(text)


@pytest.mark.parametrize(
    "text", ["新办。护照2028年3月2日到期，还有一年零三天，应该可以吧？", "头一回办，护照明年十月过期，够用吗？"]
)
def test_whether_a_passport_is_good_long_enough_is_no_question_of_renewing_a_card(rules: RuleSet, text: str) -> None:
    assert questions_in(OwnWords("", text), rules).kinds == (Q.PASSPORT,)
