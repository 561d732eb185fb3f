"""The font that PDFium is given for Chinese text whose font is not in the file, while only the places of words are
asked: every character is a box. A real one has some 20 MB, is read anew for each file, and is not on every machine."""

import ctypes
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import pypdfium2

_EASTERN = frozenset({128, 129, 134, 136})  # Shift-JIS, Hangul, GB 2312, Big5: lfCharSet of a font ([MS-WMF] 2.1.1.5)
_EM, _ABOVE, _BELOW = 1000, 820, -80  # what characters of a Chinese font take of the em square, as a rule
_WIDE, _NARROW = (40, 955), (30, 460)  # left and right edge of a Chinese character, and of a letter in half the room
_FIRST_WIDE = 0x2E80  # CJK radicals: the first characters that are as wide as they are high
_OURS = 1  # the handle of our font; those of the system are addresses


@lru_cache(maxsize=1)
def boxes_font() -> bytes:
    """A TrueType font: glyph 1 for characters up to U+2E7F, glyph 2 for all others (cmap format 13, OpenType 1.9)."""
    glyphs = [b"", _box(*_NARROW), _box(*_WIDE)]
    starts = [sum(map(len, glyphs[:number])) for number in range(len(glyphs) + 1)]
    groups = ((0x20, _FIRST_WIDE - 1, 1), (_FIRST_WIDE, 0x10FFFF, 2))
    character_map = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 13, 0, 16 + 12 * len(groups), 0, 2)
    return _font(
        {
            b"cmap": character_map + b"".join(struct.pack(">III", *group) for group in groups),
            b"glyf": b"".join(glyphs),
            b"head": struct.pack(
                ">IIIIHHQQhhhhHHhhh",
                0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM, 0, 0, 0, _BELOW, _EM, _ABOVE, 0, 8, 2, 1, 0,
            ),
            b"hhea": struct.pack(">IhhhHhhh3h4hhH", 0x10000, _ABOVE, _BELOW, 0, _EM, 0, 0, _EM, 1, *[0] * 7, 3),
            b"hmtx": struct.pack(">HhHhHh", _EM, 0, _EM // 2, _NARROW[0], _EM, _WIDE[0]),
            b"loca": struct.pack(f">{len(starts)}I", *starts),
            b"maxp": struct.pack(">IH13H", 0x10000, len(glyphs), 4, 1, *[0] * 11),
        }
    )  # fmt: skip


def _box(left: int, right: int) -> bytes:
    """A glyph of one contour with four corners."""
    corners = struct.pack(">hhhhhHH4B", 1, left, _BELOW, right, _ABOVE, 3, 0, 1, 1, 1, 1)
    across, down = (left, 0, right - left, 0), (_BELOW, _ABOVE - _BELOW, 0, _BELOW - _ABOVE)
    return corners + struct.pack(">8h", *across, *down)


def _font(tables: Mapping[bytes, bytes]) -> bytes:
    """The table directory and the tables, each on a boundary of four bytes; nobody looks at their sums."""
    at, directory, body = 12 + 16 * len(tables), b"", b""
    for tag, data in tables.items():
        directory += struct.pack(">4sIII", tag, 0, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, 48) + directory + body


class Fonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """The system's fonts as PDFium finds them by itself; while `boxes` is set, ours for what is Chinese, Japanese or
    Korean. Names of methods and arguments are those of fpdf_sysfontinfo.h."""

    boxes = False

    def MapFont(  # noqa: N802
        self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any
    ) -> int | None:
        """The handle of the font that stands for `face`."""
        if self.boxes and charset in _EASTERN:
            return _OURS
        found: int | None = super().MapFont(_, weight, italic, charset, pitch, face, exact)
        return found

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        """A table of the font, or with table 0 its whole file: its length, and its bytes where the buffer has room."""
        if font != _OURS:
            return int(super().GetFontData(_, font, table, buffer, size))
        data = boxes_font() if table == 0 else b""  # asked for by table, it has no ttcf: it is no collection
        if buffer and len(data) <= size:
            ctypes.memmove(buffer, data, len(data))
        return len(data)

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:  # noqa: N802
        """Length of its name with the closing zero; ours has none."""
        return int(super().GetFaceName(_, font, buffer, size)) if font != _OURS else 0

    def GetFontCharset(self, _: Any, font: int) -> int:  # noqa: N802
        """What it was made for."""
        return int(super().GetFontCharset(_, font)) if font != _OURS else min(_EASTERN)

    def DeleteFont(self, _: Any, font: int) -> None:  # noqa: N802
        """The system's are its own to close."""
        if font != _OURS:
            super().DeleteFont(_, font)


@lru_cache(maxsize=1)
def fonts() -> Fonts:
    """Registered with PDFium when the first page is opened, for as long as the process lives."""
    made = Fonts()
    made.setup()
    return made


@contextmanager
def boxes_for_characters() -> Iterator[None]:
    """PDFium reads no Chinese font of the system meanwhile. What is drawn needs them: draw outside."""
    chosen = fonts()
    chosen.boxes = True
    try:
        yield
    finally:
        chosen.boxes = False
