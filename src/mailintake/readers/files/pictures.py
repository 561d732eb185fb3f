"""Word files that only wrap pictures: a photo, a signature, a scan pasted into a page with next to no words."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from mailintake.model.facts import FileFacts
from mailintake.readers.files.archive import ArchiveReading, ArchiveRefusedError, Budget, Member
from mailintake.readers.files.embedded import pasted_in_page
from mailintake.readers.files.office import office_images
from mailintake.readers.names import clean_name
from mailintake.readers.port import Limits

WRAPPERS = frozenset({"docx", "doc", "wps", "ole", "odf", "html"})
_PACKAGES = ("docx", "odf")
FEW_WORDS = 80  # characters: a name, a caption, "see the picture below"; a letter with a seal has more
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_STAND_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def wraps_pictures(facts: FileFacts) -> bool:
    """Could the pictures be what this file was sent for?"""
    text = "" if facts.text is None else "".join(facts.text.text.split())
    return facts.format in WRAPPERS and len(text) <= FEW_WORDS and facts.problem != "attachment.encrypted"


def open_pictures(file: Path, format_: str, out: Path, budget: Budget, limits: Limits) -> ArchiveReading:
    """The pictures of a Word file in order, bytes in `out` by sha256; within the budget of the mail."""
    if format_ == "html":
        found = tuple(_pasted(file, out, limits))
    else:
        found = office_images(file, out, limits) if format_ in _PACKAGES else tuple(_carved(file, out))
    members: list[Member] = []
    try:
        for name, sha256 in found:
            size = (out / sha256).stat().st_size
            budget.entry()
            budget.take(size)
            members.append(Member(clean_name(name), sha256, size))
    except ArchiveRefusedError as refused:
        return ArchiveReading(tuple(members), refused.problem, str(refused))
    return ArchiveReading(tuple(members))


def _pasted(file: Path, out: Path, limits: Limits) -> Iterator[tuple[str, str]]:
    """Pictures whose data stand in the markup itself."""
    for number, found in enumerate(pasted_in_page(file, limits), 1):
        digest = hashlib.sha256(found.data).hexdigest()
        (out / digest).write_bytes(found.data)
        yield f"image{number}.{found.suffix}", digest


def _carved(file: Path, out: Path) -> Iterator[tuple[str, str]]:
    """Pictures of the old binary formats: JPEG and PNG stand in them byte by byte ([MS-ODRAW] 2.2.23)."""
    data, at, number = file.read_bytes(), 0, 0
    while True:
        starts = [found for found in (data.find(_JPEG, at), data.find(_PNG, at)) if found >= 0]
        if not starts:
            return
        begin = min(starts)
        is_png = data.startswith(_PNG, begin)
        end = _png_end(data, begin) if is_png else _jpeg_end(data, begin)
        at = max(end, begin + 1)
        if end:
            number += 1
            digest = hashlib.sha256(data[begin:end]).hexdigest()
            (out / digest).write_bytes(data[begin:end])
            yield f"image{number}.{'png' if is_png else 'jpeg'}", digest


def _png_end(data: bytes, begin: int) -> int:
    """Behind IEND, or 0 (PNG 5.3: length, type, data, CRC)."""
    at = begin + len(_PNG)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if kind == b"IEND":
            return at if at <= len(data) else 0
    return 0


def _jpeg_end(data: bytes, begin: int) -> int:
    """Behind EOI, or 0: segments are stepped over by their length, so a thumbnail inside ends nothing (T.81 B.1.1)."""
    at = begin + 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return 0
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF or marker in _STAND_ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            at = _after_scan(data, at)
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else 0


def _after_scan(data: bytes, at: int) -> int:
    """The next marker behind entropy-coded bytes; stuffed zeros and restart markers belong to them."""
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)
