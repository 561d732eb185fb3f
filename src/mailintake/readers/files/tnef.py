"""winmail.dat: the files that Outlook wrapped into TNEF ([MS-OXTNEF]), under their long names."""

import io
import logging
import struct
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from mailintake.readers.files.archive import ArchiveRefusedError, Entry

if TYPE_CHECKING:
    from tnefparse.tnef import TNEFAttachment

_SIGNATURE = 0x223E9F78
_HEAD = struct.Struct("<BHHI")  # level, name, type, length of the value; a checksum of two bytes follows the value
_FIRST = 6  # signature and key
_ATTACHMENT_LEVEL = 2
_CODEPAGE, _RENDERING, _PROPERTIES, _TITLE = 0x9007, 0x9002, 0x9005, 0x8010
_SMALLEST_PROPERTY = 4
_MOST_OBJECTS = 5000
_EMBEDDED = b"\x07\x03\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"  # IID_IMessage: a mail in the mail
_DEEPEST = 3


class _Object(NamedTuple):
    level: int
    name: int
    raw: bytes  # head, value and checksum
    value: bytes


def entries_tnef(file: Path, _out: Path) -> Iterator[Entry]:
    """Files in order; a mail inside gives its files too. ArchiveRefusedError when it is no TNEF.

    The library decodes one attachment attribute at a time: a fault in the properties of the message, which nobody
    needs here, or of one file costs nothing else, and a count that the bytes cannot hold is never looped over.
    """
    logging.getLogger("tnefparse").setLevel(logging.CRITICAL)
    yield from _entries(file.read_bytes(), 0)


def _entries(data: bytes, depth: int) -> Iterator[Entry]:
    if len(data) < _FIRST or struct.unpack_from("<I", data)[0] != _SIGNATURE:
        raise ArchiveRefusedError("archive.unreadable", "no TNEF signature")
    for number, group in enumerate(_attachments(data), 1):
        inner = _embedded(group)
        if inner and depth < _DEEPEST:
            for name, size, opener in _entries(inner, depth + 1):
                yield Entry(f"message-{number}/{name}", size, opener)
        elif not inner:
            yield from _file(group, number)


def _attachments(data: bytes) -> list[list[_Object]]:
    """The objects of each attachment; attAttachRenddata starts one (2.1.3.3)."""
    groups: list[list[_Object]] = []
    for item in _objects(data):
        if item.name == _RENDERING:
            groups.append([])
        if groups and item.level == _ATTACHMENT_LEVEL:
            groups[-1].append(item)
    return groups


def _objects(data: bytes) -> Iterator[_Object]:
    at = _FIRST
    for _ in range(_MOST_OBJECTS):
        if at + _HEAD.size > len(data):
            return
        level, name, _type, length = _HEAD.unpack_from(data, at)
        begin, end = at + _HEAD.size, at + _HEAD.size + length + 2
        if end > len(data):
            return
        yield _Object(level, name, data[at:end], data[begin : end - 2])
        at = end
    raise ArchiveRefusedError("archive.too_large", "objects")


def _embedded(group: list[_Object]) -> bytes:
    """The TNEF stream of a mail inside, or nothing."""
    for item in group:
        at = item.value.find(_EMBEDDED) if item.name == _PROPERTIES else -1
        if at >= 0 and item.value[at + len(_EMBEDDED) :].startswith(struct.pack("<I", _SIGNATURE)):
            return item.value[at + len(_EMBEDDED) :]
    return b""


def _file(group: list[_Object], number: int) -> Iterator[Entry]:
    from tnefparse.tnef import TNEFAttachment, TNEFObject

    found = TNEFAttachment("cp936")  # what 8-bit names are in, here; the long name is UTF-16 whenever Outlook wrote it
    for item in group:
        if item.name == _PROPERTIES and not _plausible(item.value):
            continue
        try:
            found.add_attr(TNEFObject(item.raw))
        except Exception:  # noqa: S112 - whatever the bytes provoke: the other attributes may still be good
            continue
    if found.data:
        data = bytes(found.data)
        yield Entry(_name(found, group, number), len(data), partial(io.BytesIO, data))


def _plausible(value: bytes) -> bool:
    """A property takes at least four bytes; the library would loop over any number it is told."""
    return len(value) >= 4 and struct.unpack_from("<I", value)[0] <= len(value) // _SMALLEST_PROPERTY


def _name(found: "TNEFAttachment", group: list[_Object], number: int) -> str:
    """The long name; else the short one, 8.3 in the sender's code page."""
    try:
        name = str(found.long_filename())
    except Exception:  # the short name is decoded as UTF-8, which it is not
        name = ""
    if not name.strip("\0 "):
        title = next((item.value for item in group if item.name == _TITLE), b"")
        name = title.decode("gb18030", "replace")
    return name.strip("\0 ") or f"attachment-{number}"
