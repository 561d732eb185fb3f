"""A PDF to PdfFacts and its text layer: pypdf, and pikepdf where pypdf gives up. Nothing inside is ever run."""

import io
import logging
from pathlib import Path
from typing import Any

from mailintake.model.facts import PdfFacts, PdfShape, TextFacts, TextLine
from mailintake.readers.files.pdf_fields import Fields, acroform_fields, tool_tips, xfa_fields
from mailintake.readers.files.pdf_labels import labels_beside
from mailintake.readers.files.pdf_layer import content_size, layer_lines, page_size
from mailintake.readers.port import Limits

ENCRYPTED, UNREADABLE = "attachment.encrypted", "attachment.unreadable"
_FEW_CHARACTERS = 50  # a scanner app's stamp or a page number is not a text layer
_FEW_NOTES = 3
_EMPTY_BYTES = 200  # producers write some operators on an empty page; letters drawn as outlines take thousands
_STREAM_BYTES = 16 * 2**20  # what one stream may unpack to
_FIELDS_READ = (PdfShape.ACROFORM, PdfShape.XFA)
_ADOBE_PLACEHOLDER = ("please wait", "eventually replaced", "reader_download", "adobe.com/go/acrreader")
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a stranger's PDF must not fill our log

Measured = tuple[PdfFacts | None, TextFacts | None, str, str]


class _Locked(Exception):
    """Opens only with a password."""


def measure_pdf(file: Path, limits: Limits) -> Measured:
    """(facts, text layer, problem code, detail). Never raises for what is in the file."""
    from pypdf import apply_configuration

    with apply_configuration(
        zlib_maximum_output_length=_STREAM_BYTES,
        lzw_maximum_output_length=_STREAM_BYTES,
        run_length_maximum_output_length=_STREAM_BYTES,
        stream_decoding_work_maximum_length=4 * _STREAM_BYTES,
    ):
        try:
            return _measure(_open(io.BytesIO(file.read_bytes())), file, limits, repaired=False)
        except _Locked:
            return None, None, ENCRYPTED, "password"
        except Exception:  # pypdf raises whatever the file provokes
            return _measure_repaired(file, limits)


def _measure_repaired(file: Path, limits: Limits) -> Measured:
    import pikepdf

    whole = io.BytesIO()
    try:
        with pikepdf.open(file, attempt_recovery=True) as pdf:
            pdf.save(whole, encryption=False)
        return _measure(_open(whole), file, limits, repaired=True)
    except pikepdf.PasswordError:
        return None, None, ENCRYPTED, "password"
    except Exception as fault:  # the second reader failed as well
        return None, None, UNREADABLE, type(fault).__name__


def _open(data: io.BytesIO) -> Any:
    from pypdf import PdfReader

    reader = PdfReader(data)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Locked
    return reader


def _measure(reader: Any, file: Path, limits: Limits, *, repaired: bool) -> Measured:
    pages = len(reader.pages)
    if not pages:
        return None, None, UNREADABLE, "no pages"
    looked_at = min(pages, limits.pdf_pages)
    lines = layer_lines(reader, looked_at)
    fields, xfa = acroform_fields(reader), _xfa(reader, file)
    drawn = any(content_size(reader.pages[i]) > _EMPTY_BYTES for i in range(min(looked_at, limits.text_pages)))
    images = _images(reader, looked_at)
    shape = _shape(fields, xfa, lines, _notes_count(reader, looked_at), images > 0 or drawn)
    if shape in (PdfShape.XFA, PdfShape.EMPTY_FORM, PdfShape.PLACEHOLDER) and _placeholder(lines):
        lines = ()
    named = dict(fields) | {k: v for k, v in xfa or () if v or k not in dict(fields)}
    size = page_size(reader.pages[0])
    points = round(size[0], 1), round(size[1], 1)
    tips = tool_tips(reader)
    labels = tips + labels_beside(reader, frozenset(dict(tips))) if fields and shape in _FIELDS_READ else tips
    facts = PdfFacts(pages, shape, tuple(named.items()), points, images, repaired, labels)
    return facts, TextFacts(lines), "", ""


def _xfa(reader: Any, file: Path) -> Fields | None:
    """XFA by pikepdf: pypdf shows nothing of a single-stream XFA and does not say so."""
    form = reader.trailer["/Root"].get("/AcroForm")
    if form is None or "/XFA" not in form.get_object():
        return None
    import pikepdf

    try:
        with pikepdf.open(file) as pdf:
            return xfa_fields(pdf)
    except pikepdf.PdfError:
        return ()


def _shape(fields: Fields, xfa: Fields | None, lines: tuple[TextLine, ...], notes: int, drawn: bool) -> PdfShape:
    if xfa is not None and any(value for _, value in xfa):
        return PdfShape.XFA
    if any(value for _, value in fields):
        return PdfShape.ACROFORM
    if xfa is not None or (fields and notes < _FEW_NOTES):
        return PdfShape.EMPTY_FORM
    if _placeholder(lines):
        return PdfShape.PLACEHOLDER
    characters = sum(not c.isspace() for line in lines for c in line.text)
    if characters >= _FEW_CHARACTERS or (characters and not drawn):
        return PdfShape.TEXT
    return PdfShape.SCAN if drawn else PdfShape.BLANK


def _placeholder(lines: tuple[TextLine, ...]) -> bool:
    """The page that stands in a dynamic XFA form for viewers that cannot show it."""
    text = " ".join(line.text for line in lines).lower()
    return sum(phrase in text for phrase in _ADOBE_PLACEHOLDER) >= 2


def _notes_count(reader: Any, pages: int) -> int:
    annotations = (a.get_object() for i in range(pages) for a in reader.pages[i].get("/Annots") or ())
    return sum(a is not None and a.get("/Subtype") == "/FreeText" for a in annotations)


def _images(reader: Any, pages: int) -> int:
    """Image XObjects named by the pages; not decoded."""
    count = 0
    for i in range(pages):
        resources = reader.pages[i].get("/Resources")
        objects = resources.get_object().get("/XObject") if resources is not None else None
        named: Any = objects.get_object() if objects is not None else {}
        count += sum(named[name].get_object().get("/Subtype") == "/Image" for name in named)
    return count
