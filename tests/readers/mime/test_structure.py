"""Mails inside mails, alternatives, reports, encrypted mail, files without a name, ids."""

import base64
import binascii
import hashlib
from collections.abc import Callable

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import File, Mail, build, encoded, entity, multipart, styled

from mailintake.model.message import Attachment, Note

HEAD = b"From: a@example.com\r\nSubject: outer\r\n"


def inner(subject: str = "新办申请") -> bytes:
    files = [File("照片.jpg", b"\xff\xd8\xff\xe0 photo")]
    return build(Mail(subject, "张三新办，材料见附件。", "王五", "wang@example.net", files=files), "foxmail")


def as_part(raw: bytes, encoding: str) -> bytes:
    return b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: %s\r\n\r\n" % encoding.encode() + encoded(
        raw, encoding
    )


TEXT = entity("text/plain; charset=utf-8", "转上，请查收。".encode())


@pytest.mark.parametrize("encoding", ["7bit", "8bit", "base64", "quoted-printable"])
def test_a_mail_inside_is_forwarded_and_its_files_are_among_ours(
    encoding: str, read: Read, content: Callable[[Attachment], bytes]
) -> None:
    raw = inner()
    message = read(HEAD + multipart("mixed", "out", [TEXT, as_part(raw, encoding)]))
    (child,) = message.forwarded
    assert child.sender is not None
    assert (child.subject, child.sender.addr) == ("新办申请", "wang@example.net")
    assert message.new_text == "转上，请查收。"
    assert message.quoted_text == "新办申请\n张三新办，材料见附件。"
    assert [(a.path, a.name, a.part) for a in message.attachments] == [("新办申请.eml/照片.jpg", "照片.jpg", "2.2")]
    assert content(message.attachments[0]) == b"\xff\xd8\xff\xe0 photo"
    assert child.sha256 == hashlib.sha256(raw).hexdigest()


def test_a_mail_that_is_nothing_but_a_forwarded_mail_has_no_new_text(read: Read) -> None:
    message = read(HEAD + b"Content-Type: message/rfc822\r\n\r\n" + inner())
    assert message.new_text == ""
    assert "张三新办" in message.quoted_text
    assert message.attachments[0].path == "新办申请.eml/照片.jpg"


def test_forwards_five_deep_keep_their_paths_and_stay_a_tree(read: Read) -> None:
    raw = inner("第0层")
    for level in range(1, 6):
        raw = build(Mail(f"第{level}层", "", "x"), styled("apple")).replace(
            b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n', b""
        ) + multipart("mixed", f"level{level}", [as_part(raw, "8bit")])
    message = read(raw)
    assert message.attachments[0].path == "第4层.eml/第3层.eml/第2层.eml/第1层.eml/第0层.eml/照片.jpg"
    assert len(message.forwarded) == 1
    assert len(message.forwarded[0].forwarded) == 1


def test_plain_text_is_preferred_and_html_taken_where_there_is_no_usable_text(read: Read) -> None:
    html = entity("text/html; charset=utf-8", "<p>正文<br>第二行</p><script>no</script><style>no</style>".encode())

    def of(text: str) -> str:
        plain = entity("text/plain; charset=utf-8", text.encode())
        return read(HEAD + multipart("alternative", "alt", [plain, html])).new_text

    assert of("纯文本") == "纯文本"
    assert of(" \r\n ") == "正文\n第二行"
    assert of("您的邮件客户端不支持HTML格式") == "正文\n第二行"


def test_html_keeps_its_lines_and_loses_its_code(read: Read) -> None:
    html = (
        "<html><head><title>t</title><style>p{}</style></head><body><!-- c --><p>一&nbsp;二</p>"
        "<ul><li>三</li><li>四</li></ul><table><tr><td>姓名</td><td>张三</td></tr></table>"
        "<div>a &lt; b &amp; c<br/>d</div><pre>x\n  y</pre></body></html>"
    )
    message = read(HEAD + entity("text/html; charset=utf-8", html.encode()))
    assert message.new_text == "一 二\n三\n四\n姓名\t张三\na < b & c\nd\nx\ny"


def test_every_leaf_that_is_no_body_text_is_a_file_named_or_not(read: Read) -> None:
    parts = [
        TEXT,
        entity("application/octet-stream", b"%PDF-1.7 x"),
        entity("text/calendar; method=REQUEST", b"BEGIN:VCALENDAR"),
        entity("text/plain; charset=utf-8", b"notes", extra=["Content-Disposition: attachment"]),
        entity("application/ms-tnef; name=winmail.dat", b"\x78\x9f\x3e\x22"),
        entity("image/heic", b"heic"),
    ]
    message = read(HEAD + multipart("mixed", "mix", parts))
    assert [a.name for a in message.attachments] == [
        "part-2.pdf",
        "part-3.ics",
        "part-4.txt",
        "winmail.dat",
        "part-6.heic",
    ]
    assert [a.ignored for a in message.attachments] == ["", "calendar", "", "", ""]
    assert [a.part for a in message.attachments] == ["2", "3", "4", "5", "6"]


def test_the_whole_mail_can_be_one_file(read: Read, content: Callable[[Attachment], bytes]) -> None:
    raw = HEAD + entity('application/pdf; name="=?gb2312?B?u6q/7rWlLnBkZg==?="', b"%PDF-1.4")
    (attachment,) = read(raw).attachments
    assert (attachment.path, attachment.part) == ("华款单.pdf", "1")
    assert content(attachment) == b"%PDF-1.4"


def test_two_files_of_one_name_have_paths_of_their_own(read: Read) -> None:
    part = entity("image/jpeg; name=photo.jpg", b"\xff\xd8\xff")
    attachments = read(HEAD + multipart("mixed", "mix", [part, part])).attachments
    assert [a.path for a in attachments] == ["photo.jpg", "photo (2).jpg"]
    assert [a.name for a in attachments] == ["photo.jpg", "photo.jpg"]


def test_a_delivery_report_shows_its_type_and_the_mail_it_is_about(read: Read) -> None:
    status = entity(
        "message/delivery-status", b"Final-Recipient: rfc822; x@example.com\r\nStatus: 5.1.1", encoding="7bit"
    )
    about = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@example.org>\r\nSubject: letter\r\n"
    report = multipart("report; report-type=delivery-status", "rep", [TEXT, status, about])
    message = read(b"From: postmaster@example.com\r\nReturn-Path: <>\r\n" + report)
    assert (message.content_type, message.report_type) == ("multipart/report", "delivery-status")
    assert message.return_path == ""
    assert message.forwarded[0].message_id == "<ours@example.org>"
    assert message.documents == ()


@pytest.mark.parametrize(
    ("body", "encrypted"),
    [
        (entity("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"0"), True),
        (entity("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", b"0"), False),
        (multipart("encrypted", "enc", [entity("application/pgp-encrypted", b"Version: 1")]), True),
        (b"\r\n-----BEGIN PGP MESSAGE-----\r\nabc", True),
        (multipart("signed", "sig", [TEXT, entity("application/pgp-signature; name=signature.asc", b"x")]), False),
    ],
)
def test_encrypted_mail_is_noted(body: bytes, encrypted: bool, read: Read) -> None:
    assert (Note.ENCRYPTED_MAIL in read(HEAD + body).notes) == encrypted


def test_a_signature_of_the_mail_is_no_document(read: Read) -> None:
    raw = HEAD + multipart("signed", "sig", [TEXT, entity("application/pkcs7-signature; name=smime.p7s", b"x")])
    assert read(raw).documents == ()


def test_a_boundary_that_is_named_wrongly_is_found_by_its_parts(read: Read) -> None:
    raw = HEAD + multipart("mixed", "right", [TEXT, entity("image/png; name=a.png", b"\x89PNG")])
    message = read(raw.replace(b'boundary="right"', b'boundary="wrong"'))
    assert message.new_text == "转上，请查收。"
    assert [a.name for a in message.attachments] == ["a.png"]
    assert Note.BOUNDARY_MISSING in message.notes


def test_a_mail_cut_off_in_a_file_keeps_what_came(read: Read, content: Callable[[Attachment], bytes]) -> None:
    raw = HEAD + multipart("mixed", "mix", [TEXT, entity("image/jpeg; name=a.jpg", b"\xff\xd8\xff" * 300)])
    message = read(raw[:-300])
    assert message.new_text == "转上，请查收。"
    assert content(message.attachments[0]).startswith(b"\xff\xd8\xff")
    assert Note.BOUNDARY_MISSING in message.notes


def test_a_part_without_an_empty_line_does_not_swallow_the_next(read: Read) -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n"
    message = read(HEAD + raw + b"--b\r\n\r\ntext\r\n--b--\r\n")
    assert message.new_text == "text"
    assert [a.size for a in message.attachments] == [0]


def test_quoted_printable_and_uuencoded_files_are_exact(read: Read, content: Callable[[Attachment], bytes]) -> None:
    data = bytes(range(256))
    uu = b"begin 644 a.bin\r\n" + b"\r\n".join(binascii.b2a_uu(data[at : at + 45]).rstrip() for at in range(0, 256, 45))
    quoted = "".join(f"={byte:02X}" for byte in data).encode()
    quoted = b"=\r\n".join(quoted[at : at + 72] for at in range(0, len(quoted), 72))
    parts = [
        b"Content-Type: a/b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted,
        b"Content-Type: a/b\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n" + uu + b"\r\n`\r\nend",
    ]
    assert [content(a) for a in read(HEAD + multipart("mixed", "mix", parts)).attachments] == [data, data]


IDS = {
    b"<a@b>": ("<a@b>",),
    b"<a@b>rubbish": ("<a@b>",),
    b"<a@b>\r\n\t<c@d>": ("<a@b>", "<c@d>"),
    b"<very-long\r\n\t-id@b>": ("<very-long-id@b>",),
    b"a@b c@d": ("<a@b>", "<c@d>"),
    b"your mail of Monday": (),
    b"<a@b> <a@b>": ("<a@b>",),
}


@pytest.mark.parametrize("value", IDS)
def test_message_ids_are_read_whole_and_once(value: bytes, read: Read) -> None:
    message = read(
        HEAD + b"References: " + value + b"\r\nIn-Reply-To: " + value + b"\r\nMessage-ID: " + value + b"\r\n\r\n"
    )
    assert message.references == IDS[value]
    assert message.in_reply_to == IDS[value]
    assert message.message_id == (IDS[value] or ("",))[0]


def test_an_empty_file_is_an_empty_message(read: Read) -> None:
    message = read(b"")
    assert (message.size, message.subject, message.sender, message.new_text) == (0, "", None, "")


def test_reading_twice_gives_the_same_value(read: Read) -> None:
    raw = HEAD + multipart("mixed", "mix", [TEXT, as_part(inner(), "base64"), entity("image/png", b"\x89PNG")])
    assert read(raw) == read(raw)


def test_text_is_free_of_control_and_bidi_characters(read: Read) -> None:
    text = "新办\u202e申请\x00\x1b[31m\u200b材料\r\n第二行\x0b"
    message = read(HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + text.encode())
    assert message.new_text == "新办申请[31m材料\n第二行"


def test_flowed_text_is_joined(read: Read) -> None:
    text = "这是一段 \r\n被折行的文字。\r\n下一段"
    raw = HEAD + b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n" + text.encode()
    assert read(raw).new_text == "这是一段被折行的文字。\n下一段"


def test_base64_with_one_line_of_all_is_the_same(read: Read, content: Callable[[Attachment], bytes]) -> None:
    data = bytes(range(256)) * 2000
    raw = HEAD + b"Content-Type: a/b\r\nContent-Transfer-Encoding: BASE64\r\n\r\n" + base64.b64encode(data)
    assert content(read(raw).attachments[0]) == data
