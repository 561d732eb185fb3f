"""Mail that reads like the adverts and lures that came before is one, in whatever words; what people ask us is none."""

import pytest
from tests.support.intake_mails import known_mail, letter
from tests.support.judgement import RULES

from mailintake.model.rules import MessageClass
from mailintake.stages.screen.adverts import faulty_example, reads_like_an_advert
from mailintake.stages.screen.screen import screen


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("印刷优惠", "企业画册、信封信纸印制，满三百减五十，欢迎来电索样。"),
        ("年会场地", "本酒店承接企业年会，包场八折，详询销售热线。"),
        ("出境卡代办", "本机构可办APEC卡，不看资质，全程包办，加微信咨询价格。"),
        ("Mailbox notice", "Your storage is almost used up. Click here and enter your password to keep your mails."),
    ],
)
def test_an_offer_or_a_lure_that_no_word_list_knows_is_parked(subject: str, text: str) -> None:
    mail = known_mail(letter(subject, text), RULES)
    assert reads_like_an_advert(mail.message, RULES)
    assert screen(mail).message_class is MessageClass.SPAM


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("咨询", "我们公司做展会搭建的，想给经理办商旅卡，一共多少钱？"),
        ("优惠", "请问贵办对小微企业办APEC卡有没有费用优惠？"),
        ("快递", "材料用快递寄到你们那里可以吗，地址和电话麻烦告诉一下。"),
        ("卡", "酒店把我的卡弄丢了，怎么补？"),
        ("Fee", "How much is the fee for a new APEC card, and can we pay by transfer?"),
    ],
)
def test_who_asks_us_in_words_that_adverts_use_is_heard(subject: str, text: str) -> None:
    mail = known_mail(letter(subject, text), RULES)
    assert not reads_like_an_advert(mail.message, RULES)
    assert not screen(mail).parked


@pytest.mark.parametrize("line", ["买一送一", "advert:", "spam: 买一送一"])
def test_an_example_is_an_advert_or_ours(line: str) -> None:
    assert faulty_example(line)
    assert not faulty_example("advert: 买一送一")
