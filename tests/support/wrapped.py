"""Wrappings made by hand: tars, signed mails, PDF portfolios, OpenDocument files, saved pages, pasted pictures."""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import sys
import tarfile
import zlib
from collections.abc import Mapping
from email.message import EmailMessage
from zipfile import ZipFile

import pikepdf

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "text", "table", "style"))


def tar(members: Mapping[str, bytes], packing: str = "", *, encoding: str = "utf-8") -> bytes:
    """`packing`: nothing, gz, bz2, xz or zst."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.GNU_FORMAT, encoding=encoding) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed(out.getvalue(), packing)


def packed(data: bytes, packing: str) -> bytes:
    """Compressed bytes."""
    match packing:
        case "gz":
            return gzip.compress(data)
        case "bz2":
            return bz2.compress(data)
        case "xz":
            return lzma.compress(data)
        case "zst":
            return zstd.compress(data)
    return data


def der(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    length = len(content)
    size = length.to_bytes(4, "big").lstrip(b"\0") if length > 127 else b""
    return bytes([tag, 0x80 | len(size) if size else length]) + size + content


def signed(entity: bytes, *, indefinite: bool = False, kind: str = "2a864886f70d010702") -> bytes:
    """CMS SignedData around an entity, without any signer; `indefinite`: in pieces of unstated length, as programs that
    sign a stream write it."""
    data = der(0x06, bytes.fromhex("2a864886f70d010701"))
    if indefinite:
        pieces = b"".join(der(0x04, entity[at : at + 1000]) for at in range(0, len(entity), 1000))
        octets = b"\x24\x80" + pieces + b"\0\0"
        content = b"\x30\x80" + data + b"\xa0\x80" + octets + b"\0\0" + b"\0\0"
    else:
        content = der(0x30, data + der(0xA0, der(0x04, entity)))
    inside = der(0x02, b"\x01") + der(0x31, b"") + content + der(0x31, b"")
    return der(0x30, der(0x06, bytes.fromhex(kind)) + der(0xA0, der(0x30, inside)))


def compressed(entity: bytes) -> bytes:
    """CMS CompressedData (RFC 3274)."""
    return signed(zlib.compress(entity), kind="2a864886f70d0109100109")


def signed_mail(content: EmailMessage, wrap: bytes, smime_type: str = "signed-data") -> bytes:
    """The mail with nothing but one opaque part in it; its header says who sent it to whom."""
    made = EmailMessage()
    for field in ("From", "To", "Subject", "Date", "Message-ID"):
        made[field] = content[field]
    made.set_content(wrap, maintype="application", subtype="pkcs7-mime", filename="smime.p7m")
    made.set_param("smime-type", smime_type)
    return made.as_bytes()


def entity_of(mail: EmailMessage) -> bytes:
    """What a program signs: the content with its own header fields alone."""
    lines = mail.as_bytes().replace(b"\r\n", b"\n").split(b"\n\n", 1)
    kept, taken = [], False
    for line in lines[0].split(b"\n"):
        if not line[:1].isspace():
            taken = line.lower().startswith((b"content-", b"mime-version"))
        if taken:
            kept.append(line)
    return (b"\n".join(kept) + b"\n\n" + lines[1]).replace(b"\n", b"\r\n")


def with_files(pdf: bytes, files: Mapping[str, bytes], *, portfolio: bool) -> bytes:
    """A PDF with embedded files; as a portfolio it is only their folder."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as made:
        for name, data in files.items():
            made.attachments[name] = pikepdf.AttachedFileSpec(made, data, filename=name)
        if portfolio:
            made.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection, View=pikepdf.Name.D)
        made.save(out)
    return out.getvalue()


def odt(*paragraphs: str, header: str = "", pictures: Mapping[str, bytes] | None = None) -> bytes:
    """A text document."""
    body = "".join(f"<text:p>{words}</text:p>" for words in paragraphs)
    content = f"<office:document-content {_NAMES}><office:body>{body}</office:body></office:document-content>"
    margin = f"<style:header><text:p>{header}</text:p></style:header>" if header else ""
    styles = f"<office:document-styles {_NAMES}>{margin}</office:document-styles>"
    return _odf("text", content, styles, pictures or {})


def ods(rows: list[list[str]]) -> bytes:
    """A spreadsheet; empty cells are counted, not written, and the last row is padded to the sheet's width."""
    made = ""
    for row in rows:
        cells = ""
        for cell in row:
            cells += f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" if cell else "<table:table-cell/>"
        cells += '<table:table-cell table:number-columns-repeated="16380"/>'
        made += f"<table:table-row>{cells}</table:table-row>"
    table = f"<table:table>{made}</table:table>"
    content = f"<office:document-content {_NAMES}><office:body>{table}</office:body></office:document-content>"
    return _odf("spreadsheet", content, f"<office:document-styles {_NAMES}/>", {})


def _odf(kind: str, content: str, styles: str, pictures: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
        archive.writestr("styles.xml", styles)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        for name, data in pictures.items():
            archive.writestr(f"Pictures/{name}", data)
    return out.getvalue()


def uuencoded(name: str, data: bytes) -> str:
    """A file as old programs put it into a text."""
    lines = [binascii.b2a_uu(data[at : at + 45]).decode("ascii").rstrip("\n") for at in range(0, len(data), 45)]
    return "\n".join((f"begin 644 {name}", *lines, "`", "end"))


def data_uri(data: bytes, kind: str = "jpeg") -> str:
    """A picture as a browser pastes it."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode('ascii')}"


def web_page(text: str, pictures: Mapping[str, bytes]) -> bytes:
    """A page as a browser saves it with its pictures (RFC 2557)."""
    parts = ["Content-Type: text/html; charset=utf-8\r\nContent-Location: https://a.example/\r\n\r\n" + text]
    for name, data in pictures.items():
        body = base64.encodebytes(data).decode("ascii")
        parts.append(
            f"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://a.example/{name}"
            f"\r\n\r\n{body}"
        )
    head = (
        "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://a.example/\r\nSubject: page\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n'
    )
    return (head + "".join(f"------B\r\n{part}\r\n" for part in parts) + "------B--\r\n").encode()
