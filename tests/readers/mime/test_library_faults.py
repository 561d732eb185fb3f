"""Minimal mails on which mail-parser raises or loses something without a word: ours reads them."""

import base64
from collections.abc import Callable

import pytest
from tests.readers.mime.conftest import Read

from mailintake.model.message import Attachment, Note

HEAD = b"From: a@example.com\r\nDate: Thu, 5 Nov 2026 12:55:08 +0800\r\n"


def test_an_inner_boundary_that_never_comes_loses_nothing(read: Read) -> None:
    inner = "Content-Type: multipart/mixed; boundary=i\n\n申请\n"
    raw = b"Content-Type: multipart/mixed; boundary=o\n\n--o\n" + inner.encode()
    message = read(raw)
    assert message.new_text == "申请"
    assert Note.BOUNDARY_MISSING in message.notes


SUBJECTS = {
    "raw GBK": (b"\xd0\xc2\xb0\xec\xc9\xea\xc7\xeb", "新办申请"),
    "GBK letters under gb2312": (b"=?gb2312?B?" + base64.b64encode("朱镕申请".encode("gbk")) + b"?=", "朱镕申请"),
    "x-gbk": (b"=?x-gbk?B?" + base64.b64encode("朱喆".encode("gbk")) + b"?=", "朱喆"),
    "unknown label": (b"=?x-unknown?B?" + base64.b64encode("朱喆".encode()) + b"?=", "朱喆"),
    "NUL in the label": (b"=?ut\0f-8?B?" + base64.b64encode("朱喆".encode()) + b"?=", "朱喆"),
    "line break in a word": (b"=?utf-8?B?" + base64.b64encode("新\r\nBcc: x@y.z".encode()) + b"?=", "新 Bcc: x@y.z"),
    "bidi override": (b"=?utf-8?B?" + base64.b64encode("新办\u202egpj".encode()) + b"?=", "新办gpj"),
    "blank inside Q": (b"=?utf-8?Q?=E6=96=B0 =E5=8A=9E?=", "新 办"),
    "missing end": (b"=?utf-8?B?" + base64.b64encode("新办".encode()), "新办"),
    "glued to a prefix": (b"Re:=?gbk?B?" + base64.b64encode("新办".encode("gbk")) + b"?=", "Re:新办"),
    "language": (b"=?utf-8*zh-cn?B?" + base64.b64encode("新办".encode()) + b"?=", "新办"),
    "base64 cut anywhere": (b"=?utf-8?B?5paw5Yq?=\r\n =?utf-8?B?e55Sz6K+3?=", "新办申请"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SUBJECTS)
def test_subjects_that_the_library_loses_are_read(kind: str, read: Read) -> None:
    raw, truth = SUBJECTS[kind]
    assert read(HEAD + b"Subject: " + raw + b"\r\n\r\nx").subject == truth


def test_raw_bytes_in_a_header_are_noted(read: Read) -> None:
    assert Note.RAW_8BIT_HEADER in read(HEAD + b"Subject: \xd0\xc2\xb0\xec\r\n\r\n").notes


def test_a_character_cut_between_two_words_is_whole(read: Read) -> None:
    data = "共399元，材料齐全".encode("gb2312")
    words = [b"=?gb2312?B?" + base64.b64encode(data[at : at + 6]) + b"?=" for at in range(0, len(data), 6)]
    assert read(HEAD + b"Subject: " + b"\r\n ".join(words) + b"\r\n\r\n").subject == "共399元，材料齐全"


def test_a_raw_gbk_sender_name_is_read_even_where_a_trail_byte_is_a_backslash(read: Read) -> None:
    raw = (
        b'From: "'
        + "许誠".encode("gbk")
        + b'" <a@example.com>\r\nTo: "'
        + "許功\\蓋".encode("big5")
        + b'" <b@example.com>\r\n\r\n'
    )
    message = read(raw)
    assert message.sender is not None
    assert message.sender.name == "许誠"
    assert message.to[0].addr == "b@example.com"


DISPOSITIONS = {
    "starred form first": (b"attachment; filename=\"x.jpg\"; filename*=utf-8''%E7%85%A7%E7%89%87.jpg", "照片.jpg"),
    "raw GBK": (b'attachment; filename="' + "护照誠.jpg".encode("gbk") + b'"', "护照誠.jpg"),
    "trail byte 5C before the quotation mark": (b'attachment; filename="' + "许誠".encode("gbk") + b'"', "许誠"),
    "no quotation marks": (b"attachment; filename=" + "张三 照片.jpg".encode(), "张三 照片.jpg"),
    "quotation mark never closed": (b'attachment; filename="a b.jpg', "a b.jpg"),
    "semicolon inside": (b'attachment; filename="a;b.jpg"; size=3', "a;b.jpg"),
    "section in plain words": (b'attachment; filename*0="=?utf-8?B?54Wn54mH"; filename*1="LmpwZw==?="', "照片.jpg"),
    "GBK in RFC 2231": (b"attachment; filename*=GBK''%D5%D5%C6%AC.jpg", "照片.jpg"),
    "no charset in RFC 2231": (b"attachment; filename*=%E7%85%A7%E7%89%87.jpg", "照片.jpg"),
    "percent without a star": (b'attachment; filename="%E7%85%A7%E7%89%87.jpg"', "照片.jpg"),
    "path of the sender's disk": (b'attachment; filename="C:\\\\Users\\\\a\\\\photo.jpg"', "photo.jpg"),
    "traversal": (b'attachment; filename="../../etc/passwd"', "passwd"),
    "bidi override": ("attachment; filename=\"photo\u202egpj.exe\"".encode(), "photogpj.exe"),
    "line break in a word": (b'attachment; filename="=?utf-8?B?YQ0KYi5qcGc=?="', "a b.jpg"),
    "escaped quotation mark": (b'attachment; filename="a\\"b.jpg"', "a_b.jpg"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DISPOSITIONS)
def test_file_names_that_the_library_loses_are_read(kind: str, read: Read) -> None:
    raw, truth = DISPOSITIONS[kind]
    mail = HEAD + b"Content-Type: image/jpeg\r\nContent-Disposition: " + raw + b"\r\n\r\ndata"
    assert [a.name for a in read(mail).attachments] == [truth]


def test_a_damaged_file_name_yields_to_the_name_of_the_content_type(read: Read) -> None:
    mail = HEAD + b'Content-Type: image/jpeg; name="=?utf-8?B?54Wn54mHLmpwZw==?="\r\n'
    mail += b'Content-Disposition: attachment; filename="????.jpg"\r\n\r\ndata'
    assert read(mail).attachments[0].name == "照片.jpg"


BODIES = {
    "GBK under gb2312": ("gb2312", "朱镕、刘喆、张瑄".encode("gbk"), "朱镕、刘喆、张瑄"),
    "GBK under utf-8": ("utf-8", "补充材料见附件".encode("gbk"), "补充材料见附件"),
    "GBK under iso-8859-1": ("iso-8859-1", "补充材料见附件".encode("gbk"), "补充材料见附件"),
    "UTF-8 under iso-8859-1": ("iso-8859-1", "补充材料见附件".encode(), "补充材料见附件"),
    "GBK under us-ascii": ("us-ascii", "补充材料见附件".encode("gbk"), "补充材料见附件"),
    "unknown label": ("x-foo", "补充材料见附件".encode("gbk"), "补充材料见附件"),
    "no text codec": ("rot13", "补充材料".encode(), "补充材料"),
    "costly codec": ("idna", "补充材料".encode(), "补充材料"),
    "Big5 without label": ("", "補充材料請查收，謝謝老師".encode("big5"), "補充材料請查收，謝謝老師"),
    "true Latin": ("iso-8859-1", "Müller, café".encode("latin-1"), "Müller, café"),
    "utf-8 with mark": ("utf-8", "\ufeff补充".encode(), "补充"),
    "hz": ("hz-gb-2312", "补充材料".encode("hz"), "补充材料"),
    "utf-7": ("utf-7", "补充".encode("utf-7"), "补充"),
    "utf-16": ("utf-16", "补充".encode("utf-16"), "补充"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_under_a_wrong_label_are_read(kind: str, read: Read) -> None:
    charset, data, truth = BODIES[kind]
    label = f"; charset={charset}" if charset else ""
    mail = HEAD + f"Content-Type: text/plain{label}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    assert read(mail + base64.b64encode(data)).new_text == truth


def test_one_damaged_byte_does_not_turn_the_rest_into_other_characters(read: Read) -> None:
    data = "补充材料见附件，请查收，谢谢各位老师。祝好".encode()
    mail = HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + data[:3] + b"\xff" + data[3:]
    message = read(mail)
    assert message.new_text.endswith("请查收，谢谢各位老师。祝好")
    assert Note.CHARSET_GUESSED in message.notes


def test_a_picture_without_name_id_or_disposition_is_a_file_with_a_stable_name(
    read: Read, content: Callable[[Attachment], bytes]
) -> None:
    part = b"--b\r\nContent-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4AAQ\r\n"
    inner = b"Content-Type: multipart/mixed; boundary=c\r\n\r\n" + part.replace(b"--b", b"--c") + b"--c--\r\n"
    mail = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part + b"--b\r\n" + inner + b"--b--\r\n"
    first, second = read(mail).attachments
    assert (first.name, first.part) == ("part-1.jpg", "1")
    assert (second.name, second.part) == ("part-2.1.jpg", "2.1")
    assert content(first) == b"\xff\xd8\xff\xe0\x00\x10"


LEADS = {
    "byte order mark": b"\xef\xbb\xbf",
    "mbox line": b"From lihua@example.com Thu Nov  5 12:55:08 2026\r\n",
    "line without a colon": b"this is no header\r\n",
    "empty lines": b"\r\n\r\n",
}


@pytest.mark.parametrize("lead", LEADS)
def test_junk_before_the_headers_loses_none_of_them(lead: str, read: Read) -> None:
    message = read(LEADS[lead] + HEAD + b"Subject: x\r\n\r\nbody")
    assert message.sender is not None
    assert (message.subject, message.sender.addr, message.new_text) == ("x", "a@example.com", "body")


def test_a_line_without_a_colon_between_headers_loses_none_below_it(read: Read) -> None:
    message = read(b"From: a@example.com\r\nrubbish line\r\nSubject: x\r\nContent-Type: text/plain\r\n\r\nbody")
    assert (message.subject, message.new_text) == ("x", "body")


def test_a_repeated_subject_is_still_one_text(read: Read) -> None:
    message = read(HEAD + b"Subject: first\r\nSubject: second\r\n\r\n")
    assert message.subject == "first"
    assert [value for name, value in message.headers if name == "subject"] == ["first", "second"]


DAMAGED_BASE64 = {
    "no padding": b"QUJDRA",
    "blanks and stars": b"QU JD\r\n*RA==",
    "padding inside": b"QUI=\r\nQ0Q=",
    "a footer behind": b"QUJDRA==\r\n-- \r\nChecked by some filter!\r\n",
}


@pytest.mark.parametrize("kind", DAMAGED_BASE64)
def test_damaged_base64_gives_what_can_be_had(kind: str, read: Read, content: Callable[[Attachment], bytes]) -> None:
    mail = HEAD + b"Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert content(read(mail + DAMAGED_BASE64[kind]).attachments[0]) == b"ABCD"


def test_two_from_headers_leave_no_sender(read: Read) -> None:
    message = read(b"From: a@example.com\r\nFrom: b@example.com\r\n\r\n")
    assert message.sender is None
    assert Note.SEVERAL_FROM in message.notes


SENDERS = {
    b"Zhang San <A.B@Example.COM>": ("Zhang San", "a.b@example.com"),
    b"a@example.com (Zhang)": ("Zhang", "a@example.com"),
    b'"boss@gov.example" <evil@example.net>': ("boss@gov.example", "evil@example.net"),
    b"boss@gov.example <evil@example.net>": ("boss@gov.example", "evil@example.net"),
    b'"unclosed <a@example.com>': ("unclosed", "a@example.com"),
    "张三,某某公司 <a@example.com>".encode(): ("某某公司", "a@example.com"),
    b"=?utf-8?B?5byg5LiJIDxhQGV4YW1wbGUuY29tPg==?=": ("张三", "a@example.com"),
    b"=?utf-8?Q?Li,_Hua?= <a@example.com>": ("Li, Hua", "a@example.com"),
    b"<a@example.com>": ("", "a@example.com"),
    b"foo <a@example.com> bar <b@example.com>": None,
    b"undisclosed-recipients:;": None,
    b"nobody": None,
    b"": None,
}


@pytest.mark.parametrize("value", SENDERS)
def test_the_sender_is_one_mailbox_or_nobody(value: bytes, read: Read) -> None:
    message = read(b"From: " + value + b"\r\n\r\n")
    sender = message.sender and (message.sender.name, message.sender.addr)
    assert sender == SENDERS[value]
    assert (Note.NO_FROM in message.notes) == (SENDERS[value] is None)


@pytest.mark.parametrize("zone", [b"+4800", b"-9999", b"+2400", b"+0860"])
def test_a_time_zone_that_does_not_exist_leaves_the_mail_without_a_date_at_most(zone: bytes, read: Read) -> None:
    message = read(b"From: a@example.com\r\nSubject: x\r\nDate: Mon, 02 Nov 2026 09:20:00 " + zone + b"\r\n\r\nhello")
    assert message.subject == "x"
    assert message.date is None or abs(message.date.timestamp() - 1793582400) < 3 * 86400


def test_a_fault_of_the_library_means_no_view_and_never_no_mail(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes) -> None:
        raise AttributeError("'NoneType' object has no attribute 'index'")

    monkeypatch.setattr("mailparser.parse_from_bytes", fail)
    message = read(HEAD + b"To: x@example.com, y@example.com\r\n\r\n")
    assert message.sender is not None
    assert message.sender.addr == "a@example.com"
    assert len(message.to) == 2
    assert message.date is not None
    assert message.date.isoformat() == "2026-11-05T12:55:08+08:00"
    assert Note.ENVELOPE_UNREADABLE in message.notes


DATES = {
    b"Thu, 5 Nov 2026 12:55:08 +0800 (CST)": "2026-11-05T12:55:08+08:00",
    b"Thu, 5 Nov 2026 12:55:08 CST": "2026-11-05T12:55:08+08:00",
    b"Thu, 5 Nov 2026 12:55:08": "2026-11-05T12:55:08+08:00",
    b"2026-11-05 12:55:08": "2026-11-05T12:55:08+08:00",
    b"Thu, 5 Nov 2026 04:55:08 GMT": "2026-11-05T04:55:08+00:00",
    b"yesterday": None,
    b"Thu, 5 Nov 99999 12:55:08 +0800": None,
    b"Thu, 5 Nov 2026 12:55:08 +9999": None,
}


@pytest.mark.parametrize("value", DATES)
def test_a_date_is_aware_or_noted_as_bad(value: bytes, read: Read) -> None:
    message = read(b"From: a@example.com\r\nDate: " + value + b"\r\n\r\n")
    assert (message.date and message.date.isoformat()) == DATES[value]
    assert (Note.BAD_DATE in message.notes) == (DATES[value] is None)
