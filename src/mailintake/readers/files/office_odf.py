"""Words of OpenDocument files (OASIS ODF 1.3): text documents and spreadsheets of LibreOffice and WPS."""

from pathlib import Path

from mailintake.readers.files.office_xml import opened, read_member
from mailintake.readers.files.text_grid import CELL
from mailintake.readers.files.xml_events import walk_xml

_CONTENT, _MANIFEST, _STYLES = "content.xml", "META-INF/manifest.xml", "styles.xml"
_MOST_REPEATED, _MOST_CELLS = 50, 20_000
_PARAGRAPHS = ("p", "h")
_NOTES = ("annotation", "tracked-changes", "sequence-decls")


class OdfEncryptedError(Exception):
    """The parts of the package are encrypted."""


def odf_text(file: Path) -> str:
    """Header and footer of the pages, then the body; a row of a table is one line. ValueError where it is broken."""
    with opened(file) as archive:
        names = archive.namelist()
        if _MANIFEST in names and b"encryption-data" in read_member(archive, archive.getinfo(_MANIFEST)):
            raise OdfEncryptedError
        if _CONTENT not in names:
            raise ValueError("no content part")
        parts = [name for name in (_STYLES, _CONTENT) if name in names]
        return "\n".join(_Words(name).read(read_member(archive, archive.getinfo(name))) for name in parts)


class _Words:
    """Paragraphs and tables in reading order. Of the styles only the headers and footers of pages are words."""

    def __init__(self, part: str) -> None:
        self.pieces: list[str] = []
        self.counts = int(part != _STYLES)  # of styles.xml only what stands in a header or footer
        self.reading = self.cells = self.skipped = self.written = 0
        self.repeated, self.cell, self.said = 1, "", ""

    def read(self, data: bytes) -> str:
        walk_xml(data, self._start, self._end, self._text)
        return "".join(self.pieces)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _NOTES:
            self.skipped += 1
        elif name in ("header", "footer"):
            self.counts += 1
        elif name in _PARAGRAPHS:
            self.reading += 1
        elif name in ("table-cell", "covered-table-cell"):
            self.cells += 1
            self.repeated = _number(attributes.get("number-columns-repeated", "1"))
            self.said, self.cell = _stated(attributes), ""
        elif name in ("s", "tab", "line-break") and self.reading:
            self._text(
                {"s": " " * _number(attributes.get("c", "1")), "tab": "\t"}.get(name, " " if self.cells else "\n")
            )

    def _end(self, name: str) -> None:
        if name in _NOTES:
            self.skipped -= 1
        elif name in ("header", "footer"):
            self.counts -= 1
        elif name in _PARAGRAPHS:
            self.reading -= 1
            self._add(" " if self.cells else "\n")
        elif name in ("table-cell", "covered-table-cell"):
            self._close_cell()
        elif name == "table-row" and not self.cells:
            self.pieces.append("\n")

    def _close_cell(self) -> None:
        text = self.said or " ".join(self.cell.split())
        self.cells -= 1
        times = self.repeated if text else min(self.repeated, _MOST_REPEATED)
        for _ in range(min(times, _MOST_REPEATED)):
            self.written += 1
            if self.written < _MOST_CELLS:
                self.pieces.append(text + CELL)
        self.repeated, self.cell, self.said = 1, "", ""

    def _text(self, piece: str) -> None:
        if self.reading and not self.skipped and self.counts:
            self._add(piece)

    def _add(self, piece: str) -> None:
        if self.cells:
            self.cell += piece
        else:
            self.pieces.append(piece)


def _stated(attributes: dict[str, str]) -> str:
    """A day is given in the attributes as ISO 8601; what is shown of it may lack its year (19.383)."""
    return attributes.get("date-value", "")[:10]


def _number(text: str) -> int:
    return min(int(text), _MOST_REPEATED) if text.isdecimal() else 1
