"""Automatic mail in all its shapes is parked; what a person sends us never is."""

from typing import Any

import pytest
from tests.support.intake_mails import attachment, letter

from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.stages.screen import screen

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


@pytest.mark.parametrize(("kind", "mail"), AUTOMATIC, ids=lambda x: x.subject if isinstance(x, InboundMessage) else x)
def test_automatic_mail_is_parked_under_its_class(kind: MessageClass, mail: InboundMessage, rules: RuleSet) -> None:
    found = screen(mail, rules)
    assert (found.message_class, found.parked) == (kind, True), found.evidence


@pytest.mark.parametrize("mail", BY_PEOPLE, ids=lambda mail: mail.subject or "no subject")
def test_mail_of_people_is_not_parked(mail: InboundMessage, rules: RuleSet) -> None:
    found = screen(mail, rules)
    assert (found.message_class, found.parked) == (None, False), found.evidence
