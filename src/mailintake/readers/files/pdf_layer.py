"""The text layer of a PDF as lines with places, and whether it can be believed."""

from typing import Any

from mailintake.model.facts import TextLine
from mailintake.readers.files.text_grid import grid_lines, reading_order

_MOST_LINES = 2000
_CONTENT_BYTES = 6 * 2**20  # decoded drawing operators of one page; more is a drawing, not a letter
_STRANGE_SHARE = 0.2
_FREE_TEXT = "/FreeText"


def layer_lines(reader: Any, pages: int) -> tuple[TextLine, ...]:
    """Lines of the first `pages` pages; typewriter notes (FreeText annotations) follow the page they lie on."""
    lines: list[TextLine] = []
    for number in range(1, pages + 1):
        page = reader.pages[number - 1]
        lines += _page_lines(reader, page, number)
        lines += _notes(page, number, page_size(page)[1])
        if len(lines) > _MOST_LINES:
            break
    return tuple(lines[:_MOST_LINES]) if believable("".join(line.text for line in lines)) else ()


def page_size(page: Any) -> tuple[float, float]:
    """Width and height in points as seen, after /Rotate."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    return (height, width) if int(page.rotation or 0) % 180 else (width, height)


def believable(text: str) -> bool:
    """False for layers of fonts without a character map: private-use, replacement and control characters."""
    solid = [c for c in text if not c.isspace()]
    strange = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " or "\x7f" <= c <= "\x9f" for c in solid)
    return strange <= _STRANGE_SHARE * len(solid)


def content_size(page: Any) -> int:
    """Decoded bytes of the page's own drawing operators; bounded by pypdf's configuration."""
    contents = page.get_contents()
    return 0 if contents is None else len(contents.get_data())


def _page_lines(reader: Any, page: Any, number: int) -> list[TextLine]:
    """Layout mode keeps columns apart but is blind to text inside form objects (flattened fields) and to turned
    pages; where plain mode sees more, PDFium says where it stands."""
    if not 0 < content_size(page) <= _CONTENT_BYTES:
        return []
    try:
        laid_out = str(page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=False))
    except Exception:  # any fault of the layout mode: the plain mode knows more fonts
        laid_out = ""
    lines = grid_lines(laid_out, number, *page_size(page))
    if laid_out.strip() and not _has_form_objects(page):
        return lines
    plain = str(page.extract_text())
    if _solid(plain) <= _solid(laid_out):
        return lines
    return placed_lines(reader, number) or grid_lines(plain, number, *page_size(page))


def _solid(text: str) -> int:
    return sum(not c.isspace() for c in text)


def _has_form_objects(page: Any) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    named = objects.get_object() if objects is not None else {}
    return any(named[name].get_object().get("/Subtype") == "/Form" for name in named)


def placed_lines(reader: Any, number: int) -> list[TextLine]:
    """Text with its place by PDFium; none where it is not installed (it comes with OCR) or does not like the file."""
    try:
        import pypdfium2
    except ImportError:
        return []
    try:
        with pypdfium2.PdfDocument(reader.stream.getvalue()) as document:
            page = document[number - 1]
            height, text = page.get_height(), page.get_textpage()
            found = []
            for at in range(min(text.count_rects(), _MOST_LINES)):
                left, bottom, right, top = text.get_rect(at)
                line = text.get_text_bounded(left, bottom, right, top).strip()
                if line:
                    box = round(left), round(height - top), round(right), round(height - bottom)
                    found.append(TextLine(" ".join(line.split()), number, box))
    except (pypdfium2.PdfiumError, ValueError):
        return []
    return reading_order(found)


def _notes(page: Any, number: int, height: float) -> list[TextLine]:
    found = []
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        if note is None or note.get("/Subtype") != _FREE_TEXT or not note.get("/Contents"):
            continue
        left, bottom, right, top = (float(edge) for edge in note["/Rect"])
        box = round(left), round(height - top), round(right), round(height - bottom)
        found += [TextLine(t.strip(), number, box) for t in str(note["/Contents"]).splitlines() if t.strip()]
    return found
