"""Words of docx and xlsx by a sweep of our own: headers, text boxes and tables that the usual libraries do not see."""

import re
from datetime import date, timedelta
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from mailintake.readers.files.text_grid import CELL
from mailintake.readers.files.xml_events import walk_xml

_PART_BYTES = 24 * 2**20
_CHUNK = 1 << 16
_DOCX_PARTS = re.compile(r"word/(header\d*|document|footer\d*|footnotes|endnotes)\.xml$")
_DOCX_ORDER = ("header", "document", "foot", "end")
_SHEETS = re.compile(r"xl/worksheets/sheet(\d+)\.xml$")
_SLIDES = re.compile(r"ppt/slides/slide(\d+)\.xml$")
_MEDIA = re.compile(r"(?:(?:word|xl|ppt)/media|Pictures)/[^/]+$")
_STYLES, _BOOK = "xl/styles.xml", "xl/workbook.xml"
_MOST_SHEETS = 20
_MOST_CELLS, _WIDEST = 20_000, 200
_LAST_DAY = 2_958_466  # 31 December 9999
_DAY_ZERO = date(1899, 12, 30)  # of the 1900 system, whose 29 February 1900 never was
_DAY_ZERO_1904 = date(1904, 1, 1)
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)})  # ECMA-376 18.8.30, East Asian too
_DATE_LETTERS = re.compile(r"[yd]", re.IGNORECASE)
_NOT_LETTERS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def docx_text(file: Path) -> str:
    """Header, body, notes; a table row is one line with its cells parted by tabs. ValueError where it is broken."""
    with opened(file) as archive:
        parts = [n for n in archive.namelist() if _DOCX_PARTS.match(n)]
        if "word/document.xml" not in parts:
            raise ValueError("no document part")
        parts.sort(key=lambda n: next(i for i, start in enumerate(_DOCX_ORDER) if n[5:].startswith(start)))
        return "\n".join(_Words().read(read_member(archive, archive.getinfo(n))) for n in parts)


def xlsx_text(file: Path) -> str:
    """Every sheet, a row a line, cells parted by tabs. ValueError where it is broken."""
    with opened(file) as archive:
        names = archive.namelist()
        shared: list[str] = []
        if "xl/sharedStrings.xml" in names:
            shared = _Strings().read(read_member(archive, archive.getinfo("xl/sharedStrings.xml")))
        styles = _Styles().read(read_member(archive, archive.getinfo(_STYLES))) if _STYLES in names else _Styles()
        if _BOOK in names and b'date1904="1"' in read_member(archive, archive.getinfo(_BOOK)):
            styles.day_zero = _DAY_ZERO_1904
        sheets = sorted((n for n in names if _SHEETS.match(n)), key=lambda n: int(_SHEETS.match(n)[1]))  # type: ignore[index]
        rows = [_Rows(shared, styles).read(read_member(archive, archive.getinfo(n))) for n in sheets[:_MOST_SHEETS]]
        return "\n".join(rows)


def media(file: Path) -> list[tuple[str, bytes]]:
    """(name, bytes) of the pictures inside a docx, xlsx, pptx or an OpenDocument file."""
    with opened(file) as archive:
        inside = [i for i in archive.infolist() if _MEDIA.match(i.filename)]
        return [(i.filename.rpartition("/")[2], read_member(archive, i)) for i in inside]


def read_member(archive: ZipFile, member: ZipInfo) -> bytes:
    """One entry in chunks: the size it declares is the stranger's word. ValueError when it is larger than we read."""
    found = bytearray()
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            found += chunk
            if len(found) > _PART_BYTES:
                raise ValueError("part too large")
    return bytes(found)


def opened(file: Path) -> ZipFile:
    """The package. ValueError where it is none."""
    try:
        return ZipFile(file)
    except BadZipFile as fault:
        raise ValueError(str(fault)) from None


def pptx_text(file: Path) -> str:
    """The words of every slide in order. ValueError where it is broken."""
    with opened(file) as archive:
        slides = sorted((n for n in archive.namelist() if _SLIDES.match(n)), key=lambda n: int(_SLIDES.match(n)[1]))  # type: ignore[index]
        return "\n".join(_Words().read(read_member(archive, archive.getinfo(n))) for n in slides[:_MOST_SHEETS])


class _Words:
    """w:t in reading order. mc:Fallback repeats what mc:Choice says, so it is left out."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.reading = False
        self.skipped = self.cells = 0

    def read(self, data: bytes) -> str:
        walk_xml(data, self._start, self._end, self._text)
        return "".join(self.pieces)

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "Fallback":
            self.skipped += 1
        elif name == "t":
            self.reading = not self.skipped
        elif name == "tc":
            self.cells += 1
        elif name in ("tab", "br", "cr") and not self.skipped and self.pieces:
            self.pieces.append("\t" if name == "tab" else "\n")

    def _end(self, name: str) -> None:
        if name == "Fallback":
            self.skipped -= 1
        elif name == "t":
            self.reading = False
        elif name == "p" and not self.skipped:
            self.pieces.append(" " if self.cells else "\n")
        elif name == "tc":
            self.cells -= 1
            self.pieces.append(CELL)
        elif name == "tr" and not self.cells:
            self.pieces.append("\n")

    def _text(self, piece: str) -> None:
        if self.reading:
            self.pieces.append(piece)


class _Strings:
    """The shared strings of a workbook; phonetic hints (rPh) are no content."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self.pieces: list[str] = []
        self.reading = self.hint = False

    def read(self, data: bytes) -> list[str]:
        walk_xml(data, self._start, self._end, self._text)
        return self.found

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.reading = name == "t" and not self.hint
        self.hint = self.hint or name == "rPh"
        if name == "si":
            self.pieces = []

    def _end(self, name: str) -> None:
        self.reading = False
        if name == "rPh":
            self.hint = False
        elif name == "si":
            self.found.append("".join(self.pieces))

    def _text(self, piece: str) -> None:
        if self.reading:
            self.pieces.append(piece)


class _Styles:
    """Which styles of a workbook show a number as a day."""

    def __init__(self) -> None:
        self.dates: list[bool] = []
        self.custom: dict[str, bool] = {}
        self.reading = False
        self.day_zero = _DAY_ZERO

    def read(self, data: bytes) -> "_Styles":
        walk_xml(data, self._start, self._end, lambda _: None)
        return self

    def shown(self, text: str, style: str) -> str:
        """A number as the workbook shows it: a day where its style says so, and never in scientific notation."""
        try:
            number = float(text)
        except ValueError:
            return text
        if style.isdecimal() and int(style) < len(self.dates) and self.dates[int(style)] and 1 <= number < _LAST_DAY:
            return (self.day_zero + timedelta(days=int(number))).isoformat()
        return str(int(number)) if number.is_integer() and abs(number) < 1e18 else text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            letters = _NOT_LETTERS.sub("", attributes.get("formatCode", ""))
            self.custom[attributes.get("numFmtId", "")] = bool(_DATE_LETTERS.search(letters))
        elif name == "cellXfs":
            self.reading = True
        elif name == "xf" and self.reading:
            number = attributes.get("numFmtId", "")
            built_in = number.isdecimal() and int(number) in _DATE_FORMATS
            self.dates.append(self.custom.get(number, built_in))

    def _end(self, name: str) -> None:
        self.reading = self.reading and name != "cellXfs"


class _Rows:
    """The cells of one sheet."""

    def __init__(self, shared: list[str], styles: _Styles) -> None:
        self.shared, self.rows, self.row = shared, list[str](), list[str]()
        self.styles, self.style = styles, ""
        self.pieces: list[str] = []
        self.kind, self.reading, self.cells = "", False, 0

    def read(self, data: bytes) -> str:
        walk_xml(data, self._start, self._end, self._text)
        return "\n".join(self.rows)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = []
        elif name == "c":
            self.kind, self.pieces, self.style = attributes.get("t", ""), [], attributes.get("s", "")
            self._up_to(attributes.get("r", ""))
        self.reading = name in ("v", "t")

    def _end(self, name: str) -> None:
        self.reading = False
        if name == "c" and self.cells < _MOST_CELLS:
            self.cells += 1
            self.row.append(self._value("".join(self.pieces)))
        elif name == "row" and any(self.row):
            self.rows.append(CELL.join(self.row))

    def _up_to(self, reference: str) -> None:
        """Cells that are not there leave their columns empty."""
        column = 0
        for letter in reference.rstrip("0123456789").upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        if len(self.row) < column <= _WIDEST:
            self.row += [""] * (column - 1 - len(self.row))

    def _value(self, text: str) -> str:
        if self.kind == "s":
            return self.shared[int(text)] if text.isdecimal() and int(text) < len(self.shared) else ""
        return self.styles.shown(text, self.style) if self.kind in ("", "n") else text

    def _text(self, piece: str) -> None:
        if self.reading:
            self.pieces.append(piece)
