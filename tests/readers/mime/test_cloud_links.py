"""Large files behind links of the providers: seen, described, never mistaken, never counted twice."""

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import Mail, build, styled

QQ_URL = "https://wx.mail.qq.com/ftn/download?func=3&amp;key=ab12&amp;code=cd34"
QQ = (
    '<div>材料见附件</div><div id="QQMailBigAttach"><div>从QQ邮箱发来的超大附件</div><div><span class="qqmailbgattach" '
    f'expiretime="1797775140" downloadlink="{QQ_URL}"><a href="{QQ_URL}">申请材料.rar</a> '
    "(128.03M, 2026年12月20日 21:59 到期)</span></div></div>"
)
NETEASE_URL = "https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&amp;file=ab"
NETEASE = (
    '<div>材料见附件</div><div id="divNeteaseBigAttach"><div>从网易163邮箱发来的超大附件</div>'
    '<a href="https://u.163.com/t0/abc">下载客户端</a>'
    f'<a href="{NETEASE_URL}&amp;title=%E6%8A%A4%E7%85%A7.zip">护照.zip</a>'
    "<div>护照.zip (3.61M, 2026年12月20日 21:59 到期)</div></div>"
)
SIRIUS = (
    '<div>您好</div><div id="divNeteaseSiriusCloudAttach">从网易企业邮箱发来的云附件'
    '<a class="divNeteaseSiriusCloudAttachItem" file-name="基本资料.pdf" file-size="31.2MB" expired="2026-12-20 21:59" '
    'href="https://edisk.qiye.163.com/api/biz/attachment/download?identity=ab">下载</a></div>'
)
PLAIN_QQ = (
    "您好，材料见附件。\n\n从QQ邮箱发来的超大附件\n\n申请材料.rar (128.03M, 2026年12月20日 21:59 到期)"
    "进入下载页面：https://mail.qq.com/cgi-bin/ftnExs_download?k=ab&code=cd\n"
)
BAIDU = "通过网盘分享的文件：申请材料.zip\n链接: https://pan.baidu.com/s/1abcDEF?pwd=a1b2 提取码: a1b2"


def html(markup: str) -> bytes:
    return build(Mail("新办", "", html=markup), "163")


def text(body: str) -> bytes:
    return build(Mail("新办", body), styled("apple", body_encoding="base64"))


EXPECTED = {
    "qq": (html(QQ), "申请材料.rar", "128.03M", "wx.mail.qq.com"),
    "qq in plain text": (text(PLAIN_QQ), "申请材料.rar", "128.03M", "mail.qq.com"),
    "163": (html(NETEASE), "护照.zip", "3.61M", "mail.163.com"),
    "163 for companies": (html(SIRIUS), "基本资料.pdf", "31.2MB", "edisk.qiye.163.com"),
}


@pytest.mark.parametrize("provider", EXPECTED)
def test_a_large_file_is_described_with_its_expiry(provider: str, read: Read) -> None:
    raw, name, size, host = EXPECTED[provider]
    (link,) = read(raw).cloud_links
    assert (link.name, link.size_text, link.host) == (name, size, host)
    assert link.expires is not None
    assert link.expires.strftime("%Y-%m-%d %H:%M %z") == "2026-12-20 21:59 +0800"
    assert link.expires_text


def test_a_net_disk_link_is_seen(read: Read) -> None:
    (link,) = read(text(BAIDU)).cloud_links
    assert (link.name, link.host) == ("申请材料.zip", "pan.baidu.com")


def test_both_forms_of_one_mail_give_one_link(read: Read) -> None:
    raw = build(Mail("新办", PLAIN_QQ, html=QQ), "qq")
    assert len(read(raw).cloud_links) == 1


def test_several_files_of_one_block_are_told_apart(read: Read) -> None:
    second = QQ.replace("申请材料", "护照").replace("ab12", "ef56")
    assert [link.name for link in read(html(QQ + second)).cloud_links] == ["申请材料.rar", "护照.rar"]


NOT_LINKS = [
    "https://mail.163.com.evil.example/large-attachment-download/index.html?title=a.zip",
    "https://mail.163.com@evil.example/large-attachment-download/index.html?title=a.zip",
    "https://evil.example/mail.qq.com/cgi-bin/ftnExs_download?k=1",
    "https://mail.qq.com/",
    "https://u.163.com/t0/abc",
    "ftp://pan.baidu.com/s/1abc",
    "http://[broken/",
]


@pytest.mark.parametrize("url", NOT_LINKS)
def test_other_addresses_are_no_large_files(url: str, read: Read) -> None:
    assert read(html(f'<p>您好</p><a href="{url}">下载</a>')).cloud_links == ()
    assert read(text(f"您好 {url} 谢谢")).cloud_links == ()


def test_a_link_in_quoted_history_is_not_offered_again(read: Read) -> None:
    assert read(html(f'<p>谢谢</p><blockquote id="isReplyContent">{QQ}</blockquote>')).cloud_links == ()
    assert read(text(f"谢谢\n\n-----原始邮件-----\n发件人: 李华\n\n{PLAIN_QQ}")).cloud_links == ()


def test_a_block_of_a_provider_without_a_known_link_is_still_seen(read: Read) -> None:
    (link,) = read(text("从网易163邮箱发来的云附件\n材料.rar (31.4M, 2026年12月5日到期)")).cloud_links
    assert link.expires is not None
    assert (link.name, link.host, link.expires.date().isoformat()) == ("材料.rar", "", "2026-12-05")
