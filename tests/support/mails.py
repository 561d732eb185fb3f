"""Builds raw mails the way Chinese mail clients write them, byte for byte: charsets, encoded words, file names, traces.

`build(Mail(...), "foxmail")` gives the bytes of a mail as Foxmail sends it; `CLIENTS` names the styles. Every knob of a
`Style` can be replaced, to make a mail in any other mixture.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote_from_bytes

CRLF = b"\r\n"
OFFICE = "lnwfapec@163.com"


@dataclass(frozen=True)
class File:
    """One attachment."""

    name: str
    data: bytes
    type: str = "application/octet-stream"


@dataclass(frozen=True)
class Mail:
    """What is said, apart from how a client writes it."""

    subject: str
    text: str
    name: str = ""
    addr: str = "lihua@example.com"
    to: str = OFFICE
    html: str | None = None
    files: Sequence[File] = ()
    date: str = "Thu, 05 Nov 2026 12:55:08 +0800"
    message_id: str = "<202611051255088578@example.com>"
    headers: Sequence[tuple[str, str]] = ()


HeaderWriter = Callable[[str, str], bytes]
NameWriter = Callable[[str, str, str], bytes]


def b_words(text: str, charset: str) -> bytes:
    """Base64 words cut between characters."""
    return _folded(_word_b(piece.encode(_codec(charset)), charset) for piece in _by(text, 14))


def b_words_cut(text: str, charset: str) -> bytes:
    """Base64 words cut between bytes, inside of a character too, as old mailers do."""
    data = text.encode(_codec(charset))
    return _folded(_word_b(data[at : at + 15], charset) for at in range(0, len(data), 15))


def q_words(text: str, charset: str) -> bytes:
    """Quoted-printable words."""
    return _folded(_word_q(piece.encode(_codec(charset)), charset) for piece in _by(text, 8))


def raw_header(text: str, charset: str) -> bytes:
    """The bytes as they are, against the rules."""
    return text.encode(_codec(charset))


def name_quoted_word(key: str, name: str, charset: str) -> bytes:
    """filename="=?gb18030?B?…?=" as QQ and Foxmail write it."""
    return key.encode() + b'="' + _word_b(name.encode(_codec(charset)), charset) + b'"'


def name_folded_words(key: str, name: str, charset: str) -> bytes:
    """Several words, folded, inside one pair of quotation marks."""
    return key.encode() + b'="' + b_words_cut(name, charset) + b'"'


def name_2231(key: str, name: str, charset: str) -> bytes:
    """filename*=charset''percent-encoded (RFC 2231)."""
    return f"{key}*={charset}''{quote_from_bytes(name.encode(_codec(charset)), safe='')}".encode()


def name_2231_sections(key: str, name: str, charset: str) -> bytes:
    """The same in numbered sections cut between bytes."""
    data = name.encode(_codec(charset))
    cuts = [data[at : at + 7] for at in range(0, len(data), 7)]
    rows = [
        f"{key}*{at}*={charset + chr(39) * 2 if at == 0 else ''}{quote_from_bytes(cut, safe='')}"
        for at, cut in enumerate(cuts)
    ]
    return ";\r\n\t".join(rows).encode()


def name_raw(key: str, name: str, charset: str) -> bytes:
    """Raw bytes in quotation marks."""
    return key.encode() + b'="' + name.encode(_codec(charset)) + b'"'


def name_percent(key: str, name: str, _: str) -> bytes:
    """Percent signs without a star, as some web applications write."""
    return f'{key}="{quote_from_bytes(name.encode(), safe=".")}"'.encode()


@dataclass(frozen=True)
class Style:
    """How a client writes."""

    charset: str = "utf-8"
    header: HeaderWriter = b_words
    file_name: NameWriter = name_quoted_word
    body_encoding: str = "base64"
    boundary: str = "----=_Part_77_1183.1793854508"
    quoted_sender: bool = False  # "name" in quotation marks
    in_both: bool = True  # the file name in Content-Type too
    with_html: bool = True
    disposition: bool = True
    headers: tuple[tuple[str, str], ...] = ()
    html_frame: str = "<div>{}</div>"
    line_end: bytes = CRLF
    preamble: bytes = b"This is a multi-part message in MIME format.\r\n"


CLIENTS: dict[str, Style] = {
    "foxmail": Style(
        charset="gb2312",
        boundary="----=_001_NextPart271518336146_=----",
        headers=(("X-Priority", "3"), ("X-Has-Attach", "yes"), ("X-Mailer", "Foxmail 7.2.25.228[cn]")),
        html_frame="<html><head><style>body { line-height: 1.5; }</style></head><body>\n<div>{}</div></body></html>",
    ),
    "qq": Style(
        charset="gb18030",
        boundary="----=_NextPart_690C5B0B_0CA3F8F0_5E1A3C4B",
        quoted_sender=True,
        headers=(("X-QQ-mid", "webmail812t1793854508t8874"), ("X-Mailer", "QQMail 2.x"), ("X-QQ-SENDSIZE", "520")),
        html_frame='<meta http-equiv="Content-Type" content="text/html; charset=GB18030"><div>{}</div>',
    ),
    "163": Style(
        charset="GBK",
        file_name=name_quoted_word,
        boundary="----=_Part_151404_1217938545.1793854508123",
        headers=(("X-Mailer", "Coremail Webmail Server Version XT5.0.14"), ("X-Coremail-Locale", "zh_CN")),
        html_frame='<div style="line-height:1.7;color:#000000;font-size:14px">{}</div>',
    ),
    "netease_master": Style(
        header=b_words,
        file_name=name_2231,
        body_encoding="quoted-printable",
        boundary="=_mailmaster-690c5b0b_5e1a3c4b_1f",
        preamble=b"",
        headers=(("X-Mailer", "MailMasterPC/4.17.9.1009 (Win10 1909)"),),
        html_frame="<!DOCTYPE html><html><body><div>{}</div></body></html>",
    ),
    "outlook": Style(
        charset="gb2312",
        file_name=name_quoted_word,
        boundary="----=_NextPart_000_0025_01DC4E2F.7B1A3C40",
        quoted_sender=True,
        headers=(("X-Mailer", "Microsoft Outlook 16.0"), ("Content-Language", "zh-cn"), ("Thread-Index", "AdxOL3s=")),
        html_frame='<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><!--[if mso]><style>p{margin:0}'
        "</style><![endif]--></head><body><p class=MsoNormal>{}<o:p></o:p></p></body></html>",
    ),
    "apple": Style(
        header=q_words,
        file_name=name_2231_sections,
        body_encoding="quoted-printable",
        boundary="Apple-Mail=_6B3A1C55-0D3E-4C5D-9C1B-3A1F0E6D7C21",
        with_html=False,
        in_both=False,
        preamble=b"",
        headers=(("X-Mailer", "Apple Mail (2.3774.600.62)"),),
    ),
    "raw_gbk": Style(
        charset="gbk", header=raw_header, file_name=name_raw, body_encoding="8bit", with_html=False, preamble=b""
    ),
    "old_unix": Style(
        charset="gb2312",
        header=b_words_cut,
        file_name=name_folded_words,
        body_encoding="quoted-printable",
        with_html=False,
        line_end=b"\n",
    ),
    "web_form": Style(file_name=name_percent, header=raw_header, body_encoding="8bit", with_html=False, in_both=False),
    "traditional": Style(charset="big5", file_name=name_2231, body_encoding="base64"),
}


def build(mail: Mail, client: str | Style = "foxmail", *, trace: Sequence[tuple[str, str]] = ()) -> bytes:
    """The raw bytes of the mail as that client sends it; `trace` are header lines put on top."""
    style = CLIENTS[client] if isinstance(client, str) else client
    head = [f"{name}: {value}".encode() for name, value in trace]
    head += _head(mail, style)
    body = _text_entity(mail, style)
    if mail.files:
        parts = [body, *(_file_entity(file, style) for file in mail.files)]
        body = multipart("mixed", style.boundary, parts, style.preamble)
    raw = CRLF.join([*head, body])
    return raw if style.line_end == CRLF else raw.replace(CRLF, style.line_end)


def multipart(kind: str, boundary: str, parts: Sequence[bytes], preamble: bytes = b"") -> bytes:
    """An entity of several entities (each: header lines, empty line, body)."""
    out = [f'Content-Type: multipart/{kind};\r\n\tboundary="{boundary}"'.encode(), b"", preamble.rstrip(CRLF)]
    for part in parts:
        out += [b"--" + boundary.encode(), part]
    return CRLF.join([*out, b"--" + boundary.encode() + b"--", b""])


def entity(content_type: str, data: bytes, *, encoding: str = "base64", extra: Sequence[str] = ()) -> bytes:
    """A leaf with its header lines."""
    lines = [f"Content-Type: {content_type}", f"Content-Transfer-Encoding: {encoding}", *extra]
    return CRLF.join([*(line.encode() for line in lines), b"", encoded(data, encoding)])


def encoded(data: bytes, encoding: str) -> bytes:
    """Bytes under a transfer encoding, lines ended by CRLF."""
    if encoding == "base64":
        return base64.encodebytes(data).replace(b"\n", CRLF).rstrip(CRLF)
    if encoding == "quoted-printable":
        return binascii.b2a_qp(data, istext=True).replace(CRLF, b"\n").replace(b"\n", CRLF)
    return data


def coremail_trace(
    sender: str, *, host: str = "mx27", transaction: str = "ZsCowABXlwT--.512S3"
) -> list[tuple[str, str]]:
    """The Received line that NetEase puts on top."""
    domain = sender.rpartition("@")[2]
    received = (
        f"from out1.{domain} (unknown [192.0.2.7])\r\n\tby {host} (Coremail) with SMTP id {transaction};\r\n\t"
        "Thu, 05 Nov 2026 12:55:12 +0800 (CST)"
    )
    return [("Received", received)]


def coremail_results(
    sender: str, *, host: str = "mx27", transaction: str = "ZsCowABXlwT--.512S3", spf: str = "pass", dkim: str = "pass"
) -> list[tuple[str, str]]:
    """What NetEase appends below the sender's headers, folded inside words as it does."""
    local, _, domain = sender.partition("@")
    value = f"{host}; spf={spf} smtp.mail={local}\r\n\t@{domain}; dki\r\n\tm={dkim} header.i=@{domain}"
    return [
        ("X-CM-TRANSID", transaction),
        ("Authentication-Results", value),
        ("X-Coremail-Antispam", "1Uf129KBjvJXoW7"),
    ]


def styled(client: str, **changes: Any) -> Style:
    """A client's style with some knobs turned."""
    return replace(CLIENTS[client], **changes)


def _head(mail: Mail, style: Style) -> list[bytes]:
    name = style.header(mail.name, style.charset) if mail.name else b""
    name = b'"' + name + b'"' if name and style.quoted_sender else name
    lines = [
        b"From: " + (name + b" <" + mail.addr.encode() + b">" if name else mail.addr.encode()),
        f"To: {mail.to}".encode(),
        b"Subject: " + style.header(mail.subject, style.charset),
        f"Date: {mail.date}".encode(),
        f"Message-ID: {mail.message_id}".encode(),
        b"MIME-Version: 1.0",
    ]
    return [*lines, *(f"{key}: {value}".encode() for key, value in (*style.headers, *mail.headers))]


def _text_entity(mail: Mail, style: Style) -> bytes:
    type_ = f'text/plain; charset="{style.charset}"'
    plain = entity(type_, _lines(mail.text, style), encoding=style.body_encoding)
    if mail.html is None and not style.with_html:
        return plain
    html = mail.html
    if html is None:
        marked_up = mail.text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>\n")
        html = style.html_frame.replace("{}", marked_up)
    type_ = f'text/html; charset="{style.charset}"'
    marked = entity(type_, _lines(html, style), encoding=style.body_encoding)
    return multipart("alternative", style.boundary + "_alt", [plain, marked])


def _lines(text: str, style: Style) -> bytes:
    return text.replace("\n", "\r\n").encode(_codec(style.charset))


def _file_entity(file: File, style: Style) -> bytes:
    lines = [f"Content-Type: {file.type}".encode()]
    if style.in_both:
        lines[0] += b";\r\n\t" + style.file_name("name", file.name, style.charset)
    lines.append(b"Content-Transfer-Encoding: base64")
    if style.disposition:
        lines.append(b"Content-Disposition: attachment;\r\n\t" + style.file_name("filename", file.name, style.charset))
    return CRLF.join([*lines, b"", encoded(file.data, "base64")])


def _codec(charset: str) -> str:
    """GB 2312 labels are written over GBK bytes, as the clients do."""
    return "gbk" if charset.lower() == "gb2312" else charset


def _by(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)] or [""]


def _folded(words: Sequence[bytes] | object) -> bytes:
    return b"\r\n ".join(words)  # type: ignore[arg-type]


def _word_b(data: bytes, charset: str) -> bytes:
    return b"=?" + charset.encode() + b"?B?" + base64.b64encode(data) + b"?="


def _word_q(data: bytes, charset: str) -> bytes:
    text = "".join(chr(b) if chr(b).isalnum() and b < 128 else "_" if b == 32 else f"={b:02X}" for b in data)
    return b"=?" + charset.encode() + b"?Q?" + text.encode() + b"?="
