"""Chinese mails in the encodings and habits of the clients that write to the office, with exact truth."""

import itertools
from collections.abc import Callable

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import CLIENTS, File, Mail, build, coremail_results, coremail_trace, name_2231, styled

from mailintake.model.message import Attachment, InboundMessage

CONTENTS = [
    (
        "新办APEC商务旅行卡申请材料（张瑄、朱喆两人）",
        "李镕华",
        "各位老师：\n\n您好！我公司为张瑄、朱喆两位同志申请办理APEC商务旅行卡，材料见附件。\n联系人李镕华 13900001111",
        [
            ("张瑄-照片.jpg", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9),
            ("朱喆 护照首页.pdf", b"%PDF-1.7\r\n\n\r" + b"x" * 500),
        ],
    ),
    (
        "Re: 续办 王芃芃 商旅卡到期",
        "沈阳某某重工有限公司（外事办）",
        "老师，您好。王芃芃的卡 2027 年 3 月到期。\nPlease see the attached files.",
        [
            ("申请人员基本资料（续办）.pdf", b"%PDF-1.4" + b"\0\r\n" * 99),
            ("copy of 企业简介&说明;终稿.doc", b"\xd0\xcf\x11\xe0" * 70),
        ],
    ),
    (
        "補充材料：許功蓋護照掃描件",
        "許功蓋",
        "您好：\n補交護照首頁掃描件一份，請查收。\n許功蓋",
        [("許功蓋的護照.jpg", b"\xff\xd8\xff\xe1" + b"abc" * 333)],
    ),
    ("汇款单", "", "汇款单见附件", [("扫描件0001.pdf", b"%PDF-1.5" + b"1" * 77), ("a.txt", "正文不是附件".encode())]),
    (
        "关于为赵一、钱二、孙三、李四、周五、吴六、郑七、王八等八人办理APEC商务旅行卡的申请及全部附件材料（第二部分，共三部分）请查收谢谢",
        "陈冠霖",
        "附件为第二部分。",
        [
            (
                "关于为赵一钱二孙三李四等八人办理APEC商务旅行卡申请的说明及单位营业执照副本复印件加盖公章.zip",
                b"PK\x03\x04" * 40,
            )
        ],
    ),
    ("APEC", "大连船舶·工会", "请问新办需要哪些材料？\n\n谢谢", []),
    (
        "换护照：旧E12345678 新E87654321",
        "“小刘”@外事",
        "护照信息变更，请办理。",
        [("护照 (1).jpg", b"\xff\xd8\xff" + b"z" * 1000)],
    ),
    (
        "注销刘德财同志APEC商旅卡（已退休）",
        "人力資源部",
        "刘德财同志已退休，申请注销。\n\n此致\n敬礼",
        [("注销申请.docx", b"PK\x03\x04" + bytes(300))],
    ),
]


def cases() -> list[tuple[str, int]]:
    return list(itertools.product(CLIENTS, range(len(CONTENTS))))


def writable(client: str, number: int) -> bool:
    """Whether that client's charset has the characters at all."""
    subject, name, text, files = CONTENTS[number]
    charset = {"gb2312": "gbk"}.get(CLIENTS[client].charset, CLIENTS[client].charset)
    try:
        "".join([subject, name, text, *(file for file, _ in files)]).encode(charset)
    except UnicodeEncodeError:
        return False
    return True


CASES = [case for case in cases() if writable(*case)]


def mail_of(number: int) -> Mail:
    subject, name, text, files = CONTENTS[number]
    return Mail(subject, text, name, files=[File(file, data) for file, data in files])


def assert_exact(message: InboundMessage, number: int, content: Callable[[Attachment], bytes]) -> None:
    subject, name, text, files = CONTENTS[number]
    assert message.subject == subject
    assert message.sender is not None
    assert message.sender.name == name.strip("'\"")
    assert message.sender.addr == "lihua@example.com"
    assert message.new_text == text
    assert [a.name for a in message.attachments] == [file for file, _ in files]
    assert [content(a) for a in message.attachments] == [data for _, data in files]
    assert not any(a.ignored for a in message.attachments)


@pytest.mark.parametrize(("client", "number"), CASES)
def test_subject_name_body_and_every_byte_of_every_file_are_exact(
    client: str, number: int, read: Read, content: Callable[[Attachment], bytes]
) -> None:
    assert_exact(read(build(mail_of(number), client)), number, content)


MIXTURES = [
    styled("foxmail", charset="gbk", body_encoding="quoted-printable"),
    styled("foxmail", charset="gb18030", body_encoding="8bit"),
    styled("qq", charset="utf-8", file_name=name_2231),
    styled("163", body_encoding="8bit", in_both=False),
    styled("outlook", disposition=False),
    styled("apple", charset="gb18030"),
]


@pytest.mark.parametrize("style", range(len(MIXTURES)))
@pytest.mark.parametrize("number", [0, 1, 3, 4, 6])
def test_other_mixtures_of_charset_transfer_encoding_and_file_name_are_exact(
    style: int, number: int, read: Read, content: Callable[[Attachment], bytes]
) -> None:
    assert_exact(read(build(mail_of(number), MIXTURES[style])), number, content)


def test_the_set_is_large_enough() -> None:
    assert len(CASES) + len(MIXTURES) * 5 >= 80


def test_traces_of_the_receiving_server_do_not_disturb(read: Read, content: Callable[[Attachment], bytes]) -> None:
    mail = Mail(*CONTENTS[0][:1], CONTENTS[0][2], CONTENTS[0][1], headers=coremail_results("lihua@example.com"))
    message = read(build(mail, "163", trace=coremail_trace("lihua@example.com")))
    assert message.subject == CONTENTS[0][0]
    assert message.received_hops == 1
    assert message.authentication.spf == "pass"
