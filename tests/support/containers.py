"""Containers as people's programs write them, made by hand where no library of ours writes the format."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import docx
import py7zr
from PIL import Image, ImageDraw

NAME_LONG, NAME_SHORT = 0x3707, 0x3704
_INNER = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"


def picture(width: int = 600, height: int = 800, shade: int = 200, kind: str = "JPEG") -> bytes:
    """A picture that no other call with other values gives."""
    image = Image.new("RGB", (width, height), (shade, 120, 60))
    ImageDraw.Draw(image).ellipse((width // 4, height // 4, width // 2, height // 2), fill=(shade // 2, 10, 90))
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def mail(files: Mapping[str, bytes], text: str = "材料见附件") -> bytes:
    """A mail with those attachments."""
    message = EmailMessage()
    message["From"], message["To"] = "纪晓岚 <ji@lanxi.example>", "office@gov.example"
    message["Subject"], message["Date"] = "申请材料", "Mon, 02 Nov 2026 09:30:00 +0800"
    message["Message-ID"] = "<one@lanxi.example>"
    message.set_content(text)
    for name, data in files.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(members: Mapping[str, bytes], *, zip64: bool = False) -> bytes:
    """A zip; with `zip64` in the form for more than 4 GiB."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            with archive.open(name, "w", force_zip64=zip64) as stream:
                stream.write(data)
    return target.getvalue()


def zipped_raw(members: Mapping[bytes, bytes]) -> bytes:
    """A zip whose names are these bytes, without the UTF-8 flag."""
    stand_in = {raw: chr(97 + n) * len(raw) for n, raw in enumerate(members)}
    data = zipped({stand_in[raw]: body for raw, body in members.items()})
    for raw, name in stand_in.items():
        data = data.replace(name.encode(), raw)
    return data


def worded(text: str, pictures: Sequence[bytes]) -> bytes:
    """A Word file with that text and those pictures."""
    document = docx.Document()
    document.add_paragraph(text)
    for data in pictures:
        document.add_picture(io.BytesIO(data))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def old_word(parts: Sequence[bytes]) -> bytes:
    """What a Word 97 file looks like to a reader that does not follow its allocation table."""
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + "WordDocument".encode("utf-16-le").ljust(512, b"\0")
    return head + b"".join(part + bytes(512 - len(part) % 512) for part in parts)


def rar(members: Mapping[str, bytes], *, volume: int = 0, locked: bool = False, damaged: str = "") -> bytes:
    """RAR 2.9 with stored members. `volume` 1 is the first of several, 2 a later one."""
    kind = {0: 0, 1: 0x0101, 2: 0x0001}[volume]
    made = b"Rar!\x1a\x07\x00" + _block(0x73, kind, bytes(6))
    for number, (name, data) in enumerate(members.items(), 1):
        last = number == len(members)
        flags = 0x8000 | (0x04 if locked else 0) | (0x02 if volume == 1 and last else 0)
        flags |= 0x01 if volume == 2 and number == 1 else 0
        crc = zlib.crc32(data) ^ (1 if name == damaged else 0)
        raw = name.encode("ascii")
        body = struct.pack("<IIBIIBBHI", len(data), len(data), 3, crc, 0x5A000000, 29, 0x30, len(raw), 0x20)
        made += _block(0x74, flags, body + raw) + data
    return made + _block(0x7B, 0x4000 | (0x01 if volume == 1 else 0), b"")


def _block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def renamed_7z(name: str, other: str) -> bytes:
    """A 7z whose one member is called what no writer would call it; both checksums of the header made right."""
    target = io.BytesIO()
    with py7zr.SevenZipFile(target, "w") as archive:
        archive.set_encoded_header_mode(False)
        archive.writestr(b"mine", name)
    raw = bytearray(target.getvalue().replace(name.encode("utf-16-le"), other.encode("utf-16-le")))
    at, size = struct.unpack_from("<QQ", raw, 12)
    struct.pack_into("<I", raw, 28, zlib.crc32(raw[32 + at : 32 + at + size]))
    struct.pack_into("<I", raw, 8, zlib.crc32(raw[12:32]))
    assert other.encode("utf-16-le") in raw
    return bytes(raw)


def tnef(files: Sequence[tuple[str, str, bytes]], *, before: bytes = b"") -> bytes:
    """winmail.dat with (short name, long name or nothing, bytes); `before` stands in front of the attachments."""
    made = struct.pack("<IH", 0x223E9F78, 1) + before
    for short, long, data in files:
        made += tnef_object(2, 0x9002, 6, bytes(14)) + tnef_object(2, 0x8010, 1, short.encode("gb18030") + b"\0")
        made += tnef_object(2, 0x800F, 6, data)
        made += tnef_object(2, 0x9005, 6, tnef_properties({NAME_LONG: long} if long else {}))
    return made


def tnef_with_mail(inner: bytes) -> bytes:
    """winmail.dat around a mail that was forwarded as an attachment; `inner` is a TNEF stream."""
    value = _INNER + inner
    padded = value + bytes(-len(value) % 4)
    props = struct.pack("<IHHII", 1, 0x000D, 0x3701, 1, len(value)) + padded
    head = struct.pack("<IH", 0x223E9F78, 1)
    return head + tnef_object(2, 0x9002, 6, bytes(14)) + tnef_object(2, 0x9005, 6, props)


def tnef_object(level: int, name: int, kind: int, data: bytes) -> bytes:
    """One object with its checksum."""
    return struct.pack("<BHHI", level, name, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def tnef_properties(texts: Mapping[int, str]) -> bytes:
    """MAPI properties of Unicode strings."""
    made = struct.pack("<I", len(texts))
    for name, text in texts.items():
        raw = text.encode("utf-16-le") + b"\0\0"
        made += struct.pack("<HHII", 0x001F, name, 1, len(raw)) + raw + bytes(-len(raw) % 4)
    return made


def written(folder: Path, data: bytes) -> Path:
    """The bytes as a file of that folder."""
    file = folder / "mail.eml"
    file.write_bytes(data)
    return file
