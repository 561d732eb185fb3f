"""A PDF to PdfFacts and its text layer: pypdf, and pikepdf where pypdf gives up. Nothing inside is ever run."""

import io
import logging
from pathlib import Path
from typing import Any

from mailintake.model.facts import PdfFacts, PdfShape, Sheet, TextFacts, TextLine
from mailintake.model.value import value
from mailintake.readers.files.pdf_fields import Fields, acroform_fields, form_fields, tool_tips, xfa_fields
from mailintake.readers.files.pdf_labels import form_boxes, labels_beside, widgets
from mailintake.readers.files.pdf_layer import layer_pages, page_size
from mailintake.readers.files.pdf_pages import PageKind, images_on, largest_image, page_kind
from mailintake.readers.files.pdf_places import Places
from mailintake.readers.port import Limits

ENCRYPTED, UNREADABLE = "attachment.encrypted", "attachment.unreadable"
_FEW_NOTES = 3
_STREAM_BYTES = 16 * 2**20  # what one stream may unpack to
_ADOBE_PLACEHOLDER = ("please wait", "eventually replaced", "reader_download", "adobe.com/go/acrreader")
logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # a stranger's PDF must not fill our log


@value
class PdfMeasured:
    """What was found in a PDF: its facts and the text that is written in it, or the code of what is wrong with it."""

    pdf: PdfFacts | None = None
    text: TextFacts | None = None
    problem: str = ""
    detail: str = ""


class _Locked(Exception):
    """Opens only with a password."""


def measure_pdf(file: Path, limits: Limits) -> PdfMeasured:
    """Facts and text layer. Never raises for what is in the file."""
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
            return PdfMeasured(problem=ENCRYPTED, detail="password")
        except Exception:  # pypdf raises whatever the file provokes
            return _measure_repaired(file, limits)


def _measure_repaired(file: Path, limits: Limits) -> PdfMeasured:
    import pikepdf

    whole = io.BytesIO()
    try:
        with pikepdf.open(file, attempt_recovery=True) as pdf:
            pdf.save(whole, encryption=False)
        return _measure(_open(whole), file, limits, repaired=True)
    except pikepdf.PasswordError:
        return PdfMeasured(problem=ENCRYPTED, detail="password")
    except Exception as fault:  # the second reader failed as well
        return PdfMeasured(problem=UNREADABLE, detail=type(fault).__name__)


def _open(data: io.BytesIO) -> Any:
    from pypdf import PdfReader

    reader = PdfReader(data)
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Locked
    return reader


def _measure(reader: Any, file: Path, limits: Limits, *, repaired: bool) -> PdfMeasured:
    pages = len(reader.pages)
    if not pages:
        return PdfMeasured(problem=UNREADABLE, detail="no pages")
    looked_at = min(pages, limits.pdf_pages)
    tree = form_fields(reader)
    fields, xfa = acroform_fields(tree), _xfa(reader, file)
    with Places(reader.stream.getvalue()) as places:
        layer = layer_pages(reader, looked_at, places)
        kinds = [page_kind(reader.pages[i], layer[i]) for i in range(looked_at)]
        shape = _shape(fields, xfa, layer, kinds, _notes_count(reader, looked_at))
        tips, found = tool_tips(tree), widgets(reader) if fields else ()
        beside = labels_beside(found, frozenset(dict(tips)), places) if found else ()
    seen_only = tuple(i + 1 for i in range(looked_at) if kinds[i] is PageKind.PICTURE)
    named = dict(fields) | {k: v for k, v in xfa or () if v or k not in dict(fields)}
    size = page_size(reader.pages[0])
    facts = PdfFacts(
        pages,
        shape,
        tuple(named.items()),
        (round(size[0], 1), round(size[1], 1)),
        sum(images_on(reader.pages[i]) for i in range(looked_at)),
        repaired,
        tips + beside,
        seen_only,
        form_boxes(reader, found),
        largest_image(reader.pages[0]),
    )
    return PdfMeasured(facts, _written(reader, layer, kinds, shape))


def _written(reader: Any, layer: list[list[TextLine]], kinds: list[PageKind], shape: PdfShape) -> TextFacts | None:
    """The text layer, or None where there are only pictures to be read: nobody has looked at them yet."""
    if shape in (PdfShape.XFA, PdfShape.EMPTY_FORM, PdfShape.PLACEHOLDER) and _placeholder(layer):
        return TextFacts(())
    written = [i for i, kind in enumerate(kinds) if kind is PageKind.WRITTEN]
    if not written and PageKind.PICTURE in kinds:
        return None
    sheets = tuple(Sheet(i + 1, *page_size(reader.pages[i])) for i in written)
    return TextFacts(tuple(line for i in written for line in layer[i]), sheets=sheets)


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


def _shape(
    fields: Fields, xfa: Fields | None, layer: list[list[TextLine]], kinds: list[PageKind], notes: int
) -> PdfShape:
    if xfa is not None and any(value for _, value in xfa):
        return PdfShape.XFA
    if any(value for _, value in fields):
        return PdfShape.ACROFORM
    if xfa is not None or (fields and notes < _FEW_NOTES):
        return PdfShape.EMPTY_FORM
    if _placeholder(layer):
        return PdfShape.PLACEHOLDER
    if PageKind.WRITTEN in kinds:
        return PdfShape.TEXT
    return PdfShape.SCAN if PageKind.PICTURE in kinds else PdfShape.BLANK


def _placeholder(layer: list[list[TextLine]]) -> bool:
    """The page that stands in a dynamic XFA form for viewers that cannot show it."""
    text = " ".join(line.text for lines in layer for line in lines).lower()
    return sum(phrase in text for phrase in _ADOBE_PLACEHOLDER) >= 2


def _notes_count(reader: Any, pages: int) -> int:
    annotations = (a.get_object() for i in range(pages) for a in reader.pages[i].get("/Annots") or ())
    return sum(a is not None and a.get("/Subtype") == "/FreeText" for a in annotations)
