"""Text and pictures of office files: Word, Excel, OpenDocument, RTF, HTML, plain text; old binary formats by catdoc."""

import csv
import hashlib
import io
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from shutil import which

from mailintake.model.facts import TextFacts
from mailintake.model.value import value
from mailintake.readers.files.office_odf import OdfEncryptedError, odf_text
from mailintake.readers.files.office_rtf import rtf_text
from mailintake.readers.files.office_xml import docx_text, media, pptx_text, xlsx_text
from mailintake.readers.files.text_grid import CELL, page_text
from mailintake.readers.port import Limits

ENCRYPTED, UNREADABLE = "attachment.encrypted", "attachment.unreadable"
_TEXT_BYTES = 4 * 2**20
_MOST_LINES = 3000
_CATDOC_SECONDS = 10
_LOOKED_AT = 40  # lines that tell whether a text file is a list of values
_TOOLS = {"doc": ("catdoc", "-d", "utf-8", "-w"), "xls": ("xls2csv", "-d", "utf-8", "-c", "\t", "-q", "0")}
_WORKBOOK_TOOL = "xls2csv"
_TOOLS["ppt"] = ("catppt", "-d", "utf-8")
_TOOLS["wps"] = _TOOLS["ole"] = _TOOLS["doc"]
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
_OLE_HEAD = 4 * 2**20


@value
class OfficeText:
    """The text of an office file, or why there is none: a problem's code, or only a detail."""

    text: TextFacts | None = None
    problem: str = ""
    detail: str = ""


def office_text(file: Path, format_: str, limits: Limits) -> OfficeText:
    """Text is None where it could not be read; never raises for what is in the file."""
    if format_ in _TOOLS:
        return _by_tool(file, format_)
    try:
        text = _READERS.get(format_, _plain)(file)
    except OdfEncryptedError:
        return OfficeText(problem=ENCRYPTED, detail="password")
    except Exception as fault:  # zipfile and zlib raise whatever the file provokes
        return OfficeText(problem=UNREADABLE, detail=type(fault).__name__)
    return OfficeText(_facts(text))


def office_images(file: Path, out: Path, limits: Limits) -> tuple[tuple[str, str], ...]:
    """(name, sha256) of the pictures inside a docx, xlsx or PDF, written into `out` under their sha256. Broken files
    and pictures give what could be had."""
    with file.open("rb") as stream:
        is_pdf = b"%PDF-" in stream.read(1024)
    try:
        found = _pdf_images(file, limits) if is_pdf else media(file)
    except Exception:  # a picture hunt is a favour, never a reason to fail
        return ()
    kept = []
    for name, data in found[: limits.archive_entries]:
        digest = hashlib.sha256(data).hexdigest()
        (out / digest).write_bytes(data)
        kept.append((name, digest))
    return tuple(dict.fromkeys(kept))


def _pdf_images(file: Path, limits: Limits) -> list[tuple[str, bytes]]:
    import io
    from typing import cast

    import pikepdf

    found = []
    with pikepdf.open(file) as pdf:
        for number, page in enumerate(pdf.pages[: limits.pdf_pages], 1):
            for name, raw in page.get_images().items():
                if int(raw.get("/Width", 0)) * int(raw.get("/Height", 0)) > limits.image_pixels:
                    continue
                data = io.BytesIO()
                kind = pikepdf.PdfImage(cast("pikepdf.Stream", raw)).extract_to(stream=data)
                found.append((f"{number}-{str(name).strip('/')}{kind}", data.getvalue()))
    return found


def _facts(text: str) -> TextFacts:
    return page_text(text, _MOST_LINES)


def _by_tool(file: Path, format_: str) -> OfficeText:
    with file.open("rb") as stream:
        if _ENCRYPTED_PACKAGE in stream.read(_OLE_HEAD):
            return OfficeText(problem=ENCRYPTED, detail="password")
    name, *options = _TOOLS[format_]
    tool = which(name)
    if tool is None:
        return OfficeText(detail="no_catdoc")
    try:
        done = subprocess.run(  # noqa: S603 - fixed options, a path of ours
            [tool, *options, str(file)], capture_output=True, timeout=_CATDOC_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, OSError) as fault:
        return OfficeText(problem=UNREADABLE, detail=type(fault).__name__)
    text = done.stdout[:_TEXT_BYTES].decode("utf-8", "replace")
    if name == _WORKBOOK_TOOL:
        text = _rows(text, "\t")
    return OfficeText(_facts(text)) if text.strip() else OfficeText(problem=UNREADABLE, detail=f"{name}: no text")


def _plain(file: Path) -> str:
    """A text file; one that is a list of values parted by commas or tabs (RFC 4180) row by row."""
    text = _decoded(file)
    parting = _parting(text)
    return _rows(text, parting) if parting else text


def _decoded(file: Path) -> str:
    with file.open("rb") as stream:
        return decode_text(stream.read(_TEXT_BYTES))


def _parting(text: str) -> str:
    """The character that parts every line into as many values, two or more; "" for running text."""
    lines = [line for line in text.splitlines()[:_LOOKED_AT] if line.strip()]
    for parting in ("\t", ",", ";", "|"):
        try:
            counts = {len(row) for row in csv.reader(lines, delimiter=parting)}
        except csv.Error:
            continue
        if len(counts) == 1 and len(lines) > 1 and counts.pop() > 1:
            return parting
    return ""


def _rows(text: str, parting: str) -> str:
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=parting))
    except csv.Error:
        return text
    return "\n".join(CELL.join(" ".join(cell.split()) for cell in row) for row in rows)


def _rtf(file: Path) -> str:
    with file.open("rb") as stream:
        return rtf_text(stream.read(_TEXT_BYTES))


def _html(file: Path) -> str:
    visible = _Visible()
    visible.feed(_decoded(file))
    return "".join(visible.pieces)


def decode_text(data: bytes) -> str:
    """Bytes of a text file: byte-order mark, then strict UTF-8, then GB18030."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


class _Visible(HTMLParser):
    """Text that a browser shows; table cells are parted by tabs, blocks by line ends."""

    _HIDDEN = frozenset({"script", "style", "head", "title", "template"})
    _BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = self.cells = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in self._HIDDEN:
            self.hidden += 1
        elif tag in ("td", "th"):
            self.cells += 1
        elif tag in self._BLOCKS:
            self.pieces.append(" " if self.cells > 0 and tag not in ("tr", "table") else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("td", "th"):
            self.cells -= 1
            self.pieces.append(CELL)
        elif tag in self._BLOCKS:
            self.pieces.append(" " if self.cells > 0 and tag not in ("tr", "table") else "\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(" ".join(data.split()) if data.strip() else " ")


_READERS: dict[str, Callable[[Path], str]] = {
    "docx": docx_text,
    "xlsx": xlsx_text,
    "pptx": pptx_text,
    "odf": odf_text,
    "rtf": _rtf,
    "html": _html,
}
