"""New words, history and signature told apart, for each client that writes to the office, in text and in HTML."""

from pathlib import Path

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import Mail, build, styled

NEW = "老师您好，补充张三的签名，请查收。"
OLD = "请于2026年11月20日前补正，编号LN-2026-0007。"

FOLDER = Path(__file__).parent / "replies"


def replies(suffix: str) -> dict[str, str]:
    """How each client writes a reply: {new} above or below {old}, in files named for the client."""
    files = sorted(FOLDER.glob(f"*.{suffix}"))
    return {f.stem: f.read_text("utf-8").removesuffix("\n").replace("{new}", NEW).replace("{old}", OLD) for f in files}


TEXT_REPLIES, HTML_REPLIES = replies("txt"), replies("html")


@pytest.mark.parametrize("client", TEXT_REPLIES)
def test_history_below_a_reply_is_no_new_text(client: str, read: Read) -> None:
    message = read(build(Mail("Re: 补正", TEXT_REPLIES[client]), styled("apple", body_encoding="base64")))
    assert NEW in message.new_text
    assert OLD.strip() not in message.new_text
    assert "LN-2026-0007" in message.quoted_text
    assert "12:55" not in message.new_text


@pytest.mark.parametrize("client", HTML_REPLIES)
def test_history_in_html_is_no_new_text(client: str, read: Read) -> None:
    raw = build(Mail("Re: 补正", "", html=HTML_REPLIES[client]), "163")
    message = read(raw)
    assert message.new_text == NEW
    assert "LN-2026-0007" in message.quoted_text


@pytest.mark.parametrize("client", HTML_REPLIES)
def test_the_html_decides_where_the_plain_text_runs_new_and_old_together(client: str, read: Read) -> None:
    message = read(build(Mail("Re: 补正", f"{NEW}\n{OLD}", html=HTML_REPLIES[client]), "163"))
    assert "LN-2026-0007" not in message.new_text
    assert NEW in message.new_text


PURE_FORWARDS = [
    f"\n\n-------- 转发邮件信息 --------\n发件人：张三 <z@example.com>\n发送日期：2026-11-05\n主题：新办\n{OLD}",
    f"发件人: 张三 <z@example.com>\n发送时间: 2026年11月5日 12:55\n收件人: x\n主题: 新办\n\n{OLD}",
    f"---------- Forwarded message ---------\nFrom: Zhang <z@example.com>\nDate: Thu, Nov 5, 2026\n\n{OLD}",
]


@pytest.mark.parametrize("text", PURE_FORWARDS)
def test_a_pure_forward_has_no_new_text(text: str, read: Read) -> None:
    message = read(build(Mail("Fw: 新办", text), styled("apple", body_encoding="base64")))
    assert message.new_text == ""
    assert OLD in message.quoted_text


APPLICATIONS = [
    "收件人：辽宁省外事服务中心\n发件人：沈阳某某有限公司\n主题：关于张三申请APEC卡的函\n日期：2026年11月5日\n\n现申请新办。",
    "申请人信息如下：\n--------------------\n姓名：张三\n护照号：E12345678\n电话：13900001111",
    "张三来信说：已写道，材料齐全。\n请查收。",
    "一、时间：2026年11月5日 9:00\n二、日期：待定",
    "从我的护照可以看出有效期到2030年。\n谢谢。",
]


@pytest.mark.parametrize("text", APPLICATIONS)
def test_words_that_only_look_like_history_or_a_signature_stay_new(text: str, read: Read) -> None:
    message = read(build(Mail("新办", text), styled("apple", body_encoding="base64")))
    assert message.new_text.split() == text.split()
    assert message.quoted_text == ""
    assert message.signature_text == ""


SIGNATURES = {
    "phone": f"{NEW}\n\n发自我的iPhone",
    "master": f"{NEW}\n\n签名由 网易邮箱大师 定制",
    "sig dashes": f"{NEW}\n-- \n李华\n电话 024-12345678",
    "rule": f"{NEW}\n\n------------------\n李华 人力资源部\n某某（沈阳）有限公司\n电话：024-12345678\n地址：沈阳",
}


@pytest.mark.parametrize("kind", SIGNATURES)
def test_a_signature_is_kept_apart(kind: str, read: Read) -> None:
    message = read(build(Mail("新办", SIGNATURES[kind]), styled("apple", body_encoding="base64")))
    assert message.new_text == NEW
    assert message.signature_text


def test_answers_between_and_below_quoted_lines_are_new(read: Read) -> None:
    text = "在 2026年11月5日，外办 <lnwfapec@163.com> 写道：\n> 请补照片\n照片已补。\n> 请补签名\n签名已补，谢谢。"
    message = read(build(Mail("Re: 补正", text), styled("apple", body_encoding="base64")))
    assert message.new_text == "照片已补。\n签名已补，谢谢。"
    assert "请补签名" in message.quoted_text


def test_a_block_that_netease_injects_is_no_text(read: Read) -> None:
    injected = '<div class="netease-attDown"><a href="https://mail.163.com/x">3个附件 下载 预览</a></div>'
    html = f"<div>{NEW}</div>{injected}"
    assert read(build(Mail("新办", "", html=html), "163")).new_text == NEW
