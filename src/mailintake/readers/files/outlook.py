"""A mail saved from Outlook (.msg, [MS-OXMSG]) rewritten as the mail it was, so that one reader reads both."""

import struct
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from mailintake.readers.files.archive import ArchiveRefusedError
from mailintake.readers.port import Limits

PROPERTIES = "__properties_version1.0"
_SUBJECT, _BODY, _HTML, _SENDER, _SENT = "0037", "1000", "1013", "5D01", "0039"
_SENDER_NAME, _SENDER_ADDRESS = "0C1A", "0C1F"
_LONG_NAME, _SHORT_NAME, _DATA, _INSIDE, _CONTENT_ID = "3707", "3704", "3701", "3701000D", "3712"
_CODEPAGE = "3FFD"
_HEADS = {0: 32, 1: 24, 2: 8}  # bytes before the first property: of the file, of a mail inside, of an attachment
_DEEPEST = 3
_MOST_ATTACHMENTS = 300
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CODECS = {936: "gb18030", 950: "big5hkscs", 54936: "gb18030", 65001: "utf-8", 1252: "cp1252", 20127: "ascii"}


def mail_of_outlook(file: Path, limits: Limits) -> bytes:
    """Bytes of a mail (RFC 5322) with the same subject, sender, date, text and files; mails inside stay mails.

    ArchiveRefusedError `archive.too_large` beyond the limits, `attachment.unreadable` when it is no such file. Nothing
    in it is compressed, but streams may share their bytes: what is read counts, not what the file takes.
    """
    import olefile

    try:
        with olefile.OleFileIO(str(file)) as ole:
            if not ole.exists(PROPERTIES):
                raise ArchiveRefusedError("attachment.unreadable", "no properties")
            return _Store(ole, limits).mail((), 0).as_bytes(policy=SMTP)
    except ArchiveRefusedError:
        raise
    except Exception as fault:  # olefile raises whatever the file provokes
        raise ArchiveRefusedError("attachment.unreadable", type(fault).__name__) from fault


class _Store:
    """The open file; `at` is the path of a storage in it: () for the mail itself."""

    def __init__(self, ole: Any, limits: Limits) -> None:
        self.ole, self.left, self.limit = ole, limits.archive_bytes, limits.file_bytes

    def mail(self, at: tuple[str, ...], depth: int) -> EmailMessage:
        made = EmailMessage(policy=SMTP)
        fixed = self._fixed(at, _HEADS[1 if at else 0])
        codec = _CODECS.get(int.from_bytes(fixed.get(_CODEPAGE, b"")[:4], "little"), "gb18030")
        made["Subject"] = " ".join(self._text(at, _SUBJECT, codec).split())
        self._sender(made, at, codec)
        sent = int.from_bytes(fixed.get(_SENT, b""), "little")
        with suppress(OverflowError, ValueError):
            if sent:
                made["Date"] = _EPOCH + timedelta(microseconds=sent // 10)
        body, html = self._text(at, _BODY, codec), self._html(at, codec)
        made.set_content(body or "\n")
        if html and not body.strip():
            made.set_content(html, subtype="html")
        for part in self._storages(at)[:_MOST_ATTACHMENTS]:
            self._attach(made, part, depth, codec)
        return made

    def _sender(self, made: EmailMessage, at: tuple[str, ...], codec: str) -> None:
        name = " ".join(self._text(at, _SENDER_NAME, codec).split())
        address = self._text(at, _SENDER, codec) or self._text(at, _SENDER_ADDRESS, codec)
        with suppress(ValueError, IndexError):  # an address of Exchange's directory is none of the internet's
            made["From"] = Address(name, addr_spec=address.strip())

    def _attach(self, made: EmailMessage, at: tuple[str, ...], depth: int, codec: str) -> None:
        inside = (*at, f"__substg1.0_{_INSIDE}")
        name = self._text(at, _LONG_NAME, codec) or self._text(at, _SHORT_NAME, codec)
        if self.ole.exists("/".join((*inside, PROPERTIES))):
            if depth < _DEEPEST:
                made.add_attachment(self.mail(inside, depth + 1))
            return
        data = self._stream(at, f"{_DATA}0102")
        if data is not None:
            name = " ".join(name.split()) or "attachment"
            made.add_attachment(data, "application", "octet-stream", filename=name)
            content_id = self._text(at, _CONTENT_ID, codec).strip("<> \r\n\0")
            if content_id.isascii() and content_id.isprintable() and content_id:
                made.get_payload()[-1]["Content-ID"] = f"<{content_id}>"  # type: ignore[index]

    def _storages(self, at: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Attachments of this storage in order, found by their own property streams."""
        found = {
            tuple(e[: len(at) + 1]) for e in self.ole.listdir() if len(e) > len(at) + 1 and tuple(e[: len(at)]) == at
        }
        return sorted(entry for entry in found if entry[-1].lower().startswith("__attach_version1.0_#"))

    def _fixed(self, at: tuple[str, ...], head: int) -> dict[str, bytes]:
        """Properties of eight bytes or less, by their number ([MS-OXMSG] 2.4.2)."""
        data = self._read("/".join((*at, PROPERTIES))) or b""
        rows = (data[start : start + 16] for start in range(head, len(data) - 15, 16))
        return {f"{struct.unpack_from('<H', row, 2)[0]:04X}": row[8:16] for row in rows}

    def _text(self, at: tuple[str, ...], number: str, codec: str) -> str:
        wide = self._stream(at, f"{number}001F")
        if wide is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(at, f"{number}001E")
        return narrow.decode(codec, "replace").rstrip("\0") if narrow is not None else ""

    def _html(self, at: tuple[str, ...], codec: str) -> str:
        data = self._stream(at, f"{_HTML}0102")
        return data.decode(codec, "replace") if data is not None else self._text(at, _HTML, codec)

    def _stream(self, at: tuple[str, ...], tag: str) -> bytes | None:
        return self._read("/".join((*at, f"__substg1.0_{tag}")))

    def _read(self, path: str) -> bytes | None:
        if not self.ole.exists(path):
            return None
        size = self.ole.get_size(path)
        self.left -= size
        if size > self.limit or self.left < 0:
            raise ArchiveRefusedError("archive.too_large", "bytes")
        with self.ole.openstream(path) as stream:
            data: bytes = stream.read()
        return data
