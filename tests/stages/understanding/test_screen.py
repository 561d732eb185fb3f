"""Automatic mail in all its shapes is parked; what a person sends us never is."""

from typing import Any

import pytest
from tests.support.intake_mails import attachment, known_mail, letter

from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.understanding import Candidates, Sent
from mailintake.stages.screen.screen import NOT_OURS, screen

M = MessageClass


def headers(**given: str) -> dict[str, Any]:
    """Header lines, underscores for hyphens."""
    return {"headers": tuple((name.replace("_", "-"), text) for name, text in given.items())}


AUTOMATIC: list[tuple[MessageClass, InboundMessage]] = [
    (
        M.AUTO_REPLY,
        letter(
            "自动回复:【受理通知】续办APEC商务旅行卡",
            "这是来自QQ邮箱的假期自动回复邮件。您好，我最近正在休假中，无法亲自回复您的邮件。",
        ),
    ),
    (M.AUTO_REPLY, letter("自动回复: 收件回执", "您好，邮件已收到，我会尽快回复。")),
    (M.AUTO_REPLY, letter("自動回覆：Re: 收件回執", "本人休假")),
    (M.AUTO_REPLY, letter("Re: 收件回执", "您好！您的邮件我已收到，我会尽快给您回复。")),
    (M.AUTO_REPLY, letter("Re: 收件回执", "我正在出差中，无法及时回复邮件，请谅解。")),
    (M.AUTO_REPLY, letter("Automatic reply: APEC", "I am out of office until Monday.")),
    (M.AUTO_REPLY, letter("Re: 收件回执", "在外", **headers(auto_submitted="auto-replied"))),
    (M.AUTO_REPLY, letter("Re: 收件回执", "在外", **headers(x_autoreply="yes"))),
    (M.AUTO_REPLY, letter("续办", "收到", return_path="")),
    (M.AUTO_REPLY, letter("通知", "月报", **headers(auto_submitted="auto-generated"))),
    (M.BOUNCE, letter("Undelivered Mail Returned to Sender", "550", (), "MAILER-DAEMON@mx.example", return_path="")),
    (M.BOUNCE, letter("系统退信/The email is returned", "抱歉，您的邮件被退回来了……", (), "Postmaster@163.com")),
    (M.BOUNCE, letter("x", "", content_type="multipart/report", report_type="delivery-status")),
    (M.READ_RECEIPT, letter("已读: 收件回执", "您的邮件已被阅读")),
    (M.READ_RECEIPT, letter("x", "", content_type="multipart/report", report_type="disposition-notification")),
    (M.RECALL_NOTICE, letter("发信方已撤回邮件：续办材料", "该邮件已被发件人撤回")),
    (M.RECALL_NOTICE, letter("Recall: APEC", "The sender would like to recall the message")),
    (M.CALENDAR, letter("周例会", "", content_type="text/calendar")),
    (M.CALENDAR, letter("会议", "", (attachment("invite.ics", declared_type="text/calendar", ignored="calendar"),))),
    (
        M.PROVIDER_NOTICE,
        letter("网易邮箱阻止了一次不安全的收信请求", "尊敬的用户", (), "网易邮箱 safe@service.netease.com"),
    ),
    (M.SPAM, letter("代开发票", "代开各类发票，点数优惠，联系13900000000", (), "x@spam.example")),
    (M.SPAM, letter("关于2026年个人劳动补贴申领通知", "请扫码领取", ("通知.docx",), "x@spam.example")),
    (M.SPAM, letter("您的邮箱即将停用", "邮箱升级，请点击验证", (), "admin@mail.example")),
    (M.SPAM, letter("行业周报", "本期内容", (), "news@letter.example", **headers(list_unsubscribe="<mailto:x>"))),
    (M.FINANCE, letter("Re: 汇款单", "发票见附件", ("发票.pdf",), "147823438@qq.com")),
    (M.FINANCE, letter("您收到一张新的电子发票", "请下载", ("invoice.ofd",), "einvoice@platform.example")),
    (M.OWN, letter("一次性补正告知", "您好", (), "lnwfapec@163.com")),
    (M.OWN, letter("Fwd", "x", (), "somebody@163.com", **headers(x_mailintake_letter="correction"))),
    (M.OWN, letter("x", "y", (), "z@w.example", received_hops=51)),
]

BY_PEOPLE = [
    letter("转发: 自动回复: 您的申请", "您好，请看附件，丁一鸣续办材料", ("丁一鸣照片.jpg", "丁一鸣签名.jpg")),
    letter("续办APEC卡", "材料见附件，请查收", ("照片.jpg",), quoted_text="自动回复 代开发票 邮箱升级 退订"),
    letter("新办材料", "参展报名及展位预订已完成，因此申请APEC卡", ("照片.jpg", "护照.jpg")),
    letter("请撤回丁一鸣的申请", "不办了"),
    letter("APEC卡申请", "我公司从事网站建设、搜索引擎优化", ("企业简介.docx", "照片.jpg"), "it@seo.example"),
    letter("续办材料", "材料如附件", ("续办公函.pdf", "照片.jpg"), **headers(precedence="bulk")),
    letter("续办材料", "OA系统转出", ("公函.pdf", "照片.jpg"), **headers(auto_submitted="auto-generated")),
    letter("汇款单，麻烦开发票", "发票抬头：沈阳浩宇机电有限公司", ("外交部汇款单.pdf",)),
    letter("报警回执", "卡丢了", ("报警回执.jpg",)),
    letter("咨询", "您好，邮件已收到，请问签名要多大？"),
    letter("Re: 收件回执", "您的邮件我已收到，签名已重新做，见附件", ("签名.jpg",)),
    letter("", "", ("IMG_1.jpg",)),
    letter("张经理在休假", "丁一鸣的签名由我补上", ("签名.jpg",)),
]


NOBODY = Candidates()
OUR_LETTER = Candidates(by_token=(Sent("<mailintake.x@163.com>", "LN-2026-000011-0", ("wang@haoyu.example",)),))
OUR_SUBJECT = "Re: 【补正告知】LN-2026-000011-0 换卡"

ANSWERS_OF_MACHINES: list[tuple[MessageClass, InboundMessage]] = [
    (M.AUTO_REPLY, letter("王科 11月9日前不在办公室", "我从11月2日起离开办公室，返回后再回复您的邮件。")),
    (M.AUTO_REPLY, letter(OUR_SUBJECT, "本人已于10月30日办理离职，此邮箱停止使用，后续请联系 hr@haoyu.example。")),
    (M.AUTO_REPLY, letter(OUR_SUBJECT, "I no longer work at Haoyu. Please write to hr@haoyu.example.")),
    (M.AUTO_REPLY, letter(OUR_SUBJECT, "您提交的服务请求已登记，工单编号 77120，工程师将在4小时内与您联系。")),
    (M.AUTO_REPLY, letter(OUR_SUBJECT, "Thank you for contacting us. Your ticket #8812 has been created.")),
    (M.AUTO_REPLY, letter(OUR_SUBJECT, "感谢您的来信，我们会在两个工作日内给您答复。")),
    (M.AUTO_REPLY, letter(OUR_SUBJECT, "为防止垃圾邮件，请点击下面的链接，以便邮件投递给收件人。")),
    (
        M.BOUNCE,
        letter(
            "投递不成功",
            "您的信件被目标服务器拒收，原因：信箱已满。原邮件主题：收件回执",
            (),
            "邮件管理员 root@mail.example",
        ),
    ),
    (
        M.BOUNCE,
        letter(
            "Mail delivery", "Your message could not be delivered: 550 user unknown", (), "System ticket@mx.example"
        ),
    ),
    (
        M.BOUNCE,
        letter("递送延迟", "您的邮件暂时无法送达，服务器会继续尝试，无需重新发送。", (), "系统通知 sys@mx.example"),
    ),
    (M.READ_RECEIPT, letter("[已读] 【收件回执】", "邮件已被王科阅读")),
    (M.READ_RECEIPT, letter(OUR_SUBJECT, "您发出的邮件已被收件人打开，阅读时间：2026-11-03 08:12")),
    (M.RECALL_NOTICE, letter("撤回: 换卡材料", "王科 将撤回邮件“换卡材料”。")),
    (M.RECALL_NOTICE, letter("Recall: card papers", 'Wang Ke would like to recall the message, "card papers".')),
    (M.RECALL_NOTICE, letter("撤回: 续办", "王科 希望撤回邮件“续办”")),
]

SAID_BY_PEOPLE_TOO = [
    letter(OUR_SUBJECT, "我在休假，签名下周一补给您，护照号E11223344。"),
    letter("退信", "我上一封好像没发出去，材料重新发您", ("照片.jpg", "签名.jpg")),
    letter("撤回：丁一鸣的换卡申请", "因为卡找到了，申请撤回丁一鸣的材料。"),
    letter("注销", "丁一鸣已经离职，请注销他的商务旅行卡，卡号CHN23456789。"),
    letter("APEC卡", "本人已退休，想注销自己的APEC卡，请问怎么办？"),
    letter("工单", "我司服务台转来的：丁一鸣续办APEC卡，材料见附件。", ("照片.jpg", "签名.jpg")),
    letter("邀请", "丁一鸣急需赴曼谷参加论坛，论坛定于12月召开，申请提前制卡"),
]

NOT_OUR_MATTER = [
    letter(
        "Your online shop", "Hello, we can bring your shop to the first page. Shall we talk?", (), "max@web.example"
    ),
    letter("RFQ", "Dear Sir, attached is our enquiry, kindly quote.", ("drawing.pdf",), "buy@parts.example"),
    letter(
        "关于召开数字化采购大会的通知", "各单位：大会12月5日举行，欢迎参加，详见官网。", (), "会务组 info@meet.example"
    ),
    letter(
        "年底聚餐",
        "各位同事，周五晚上部门聚餐，谁来不了请回复我",
        (),
        "行政 admin@other.example",
        **headers(list_id="<all>"),
    ),
]

LISTED = [
    letter(
        "咨询", "请问APEC卡续办要哪些材料？", **headers(list_id="<office.haoyu.example>", list_unsubscribe="<mailto:x>")
    ),
    letter("材料", "丁一鸣续办商旅卡，请查收", ("IMG_1.jpg",), **headers(auto_submitted="auto-generated")),
    letter("丁一鸣的APEC卡", "他的卡快到期了，麻烦续一下", **headers(precedence="list", list_id="<x.haoyu.example>")),
]


@pytest.mark.parametrize(("kind", "mail"), AUTOMATIC, ids=lambda x: x.subject if isinstance(x, InboundMessage) else x)
def test_automatic_mail_is_parked_under_its_class(kind: MessageClass, mail: InboundMessage, rules: RuleSet) -> None:
    found = screen(known_mail(mail, rules))
    assert (found.message_class, found.parked) == (kind, True), found.evidence


@pytest.mark.parametrize("mail", BY_PEOPLE, ids=lambda mail: mail.subject or "no subject")
def test_mail_of_people_is_not_parked(mail: InboundMessage, rules: RuleSet) -> None:
    found = screen(known_mail(mail, rules))
    assert (found.message_class, found.parked, found.silent) == (None, False, ""), found.evidence


@pytest.mark.parametrize(
    ("kind", "mail"), ANSWERS_OF_MACHINES, ids=lambda x: x.new_text if isinstance(x, InboundMessage) else x
)
def test_a_machine_s_answer_is_known_by_what_it_says_without_any_header(
    kind: MessageClass, mail: InboundMessage, rules: RuleSet
) -> None:
    found = screen(known_mail(mail, rules))
    assert (found.message_class, found.parked) == (kind, True), found.evidence


def test_an_answer_to_our_letter_says_more_than_a_first_mail(rules: RuleSet) -> None:
    mail = letter("Re: 材料", "感谢您的来信，我们会尽快回复。")
    assert screen(known_mail(mail, rules, OUR_LETTER)).message_class is M.AUTO_REPLY
    assert screen(known_mail(mail, rules)).message_class is None


@pytest.mark.parametrize("mail", SAID_BY_PEOPLE_TOO, ids=lambda mail: mail.new_text)
@pytest.mark.parametrize("known", [NOBODY, OUR_LETTER], ids=["first", "answer"])
def test_people_who_speak_of_such_things_are_not_machines(
    mail: InboundMessage, known: Candidates, rules: RuleSet
) -> None:
    found = screen(known_mail(mail, rules, known))
    assert (found.parked, found.silent) == (False, ""), found.evidence


@pytest.mark.parametrize("mail", LISTED, ids=lambda mail: mail.subject)
def test_header_fields_alone_park_nothing_that_asks_names_or_brings(mail: InboundMessage, rules: RuleSet) -> None:
    found = screen(known_mail(mail, rules))
    assert (found.parked, found.silent) == (False, ""), found.evidence


@pytest.mark.parametrize("mail", NOT_OUR_MATTER, ids=lambda mail: mail.subject)
def test_what_has_nothing_to_do_with_us_is_not_answered(mail: InboundMessage, rules: RuleSet) -> None:
    found = screen(known_mail(mail, rules))
    assert found.parked or found.silent == NOT_OURS, found.evidence


def test_whoever_has_a_case_here_is_answered_whatever_he_writes(rules: RuleSet) -> None:
    mail = letter("Re: x", "Hello, shall we talk about it?")
    assert screen(known_mail(mail, rules, OUR_LETTER)).silent == ""
