"""The text layer of a PDF as lines with places, and whether it can be believed."""

from typing import Any

from mailintake.model.facts import Box, TextLine
from mailintake.readers.files.pdf_places import Places, as_shown
from mailintake.readers.files.text_grid import grid_lines

_MOST_LINES = 2000
_CONTENT_BYTES = 6 * 2**20  # decoded drawing operators of one page; more is a drawing, not a letter
_STRANGE_SHARE = 0.2
_FREE_TEXT = "/FreeText"


def layer_pages(reader: Any, pages: int, places: Places) -> list[list[TextLine]]:
    """Lines of each of the first `pages` pages; typewriter notes (FreeText annotations) follow the page they lie on. A
    page whose characters cannot be believed has no lines."""
    found: list[list[TextLine]] = []
    room = _MOST_LINES
    for number in range(1, pages + 1):
        page = reader.pages[number - 1]
        lines = _page_lines(page, number, places) if room > 0 else []
        lines += _notes(page, number)
        lines = lines[: max(0, room)] if believable("".join(line.text for line in lines)) else []
        room -= len(lines)
        found.append(lines)
    return found


def page_size(page: Any) -> tuple[float, float]:
    """Width and height in points as a viewer shows the page: its crop box after /Rotate."""
    width, height = float(page.cropbox.width), float(page.cropbox.height)
    return (height, width) if int(page.rotation or 0) % 180 else (width, height)


def shown_box(page: Any, rectangle: Any) -> Box:
    """A rectangle in the page's own coordinates as a box on the page shown, in points from its upper left corner."""
    crop = page.cropbox
    corners = float(crop.left), float(crop.bottom), float(crop.right), float(crop.top)
    left, bottom, right, top = (float(edge) for edge in rectangle)
    return as_shown((left, bottom, right, top), corners, int(page.rotation or 0))


def believable(text: str) -> bool:
    """False for layers of fonts without a character map: private-use, replacement and control characters."""
    solid = [c for c in text if not c.isspace()]
    strange = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " or "\x7f" <= c <= "\x9f" for c in solid)
    return strange <= _STRANGE_SHARE * len(solid)


def content_size(page: Any) -> int:
    """Decoded bytes of the page's own drawing operators; bounded by pypdf's configuration."""
    contents = page.get_contents()
    return 0 if contents is None else len(contents.get_data())


def _page_lines(page: Any, number: int, places: Places) -> list[TextLine]:
    """Layout mode keeps columns apart but is blind to text inside form objects (flattened fields) and to turned
    pages; where plain mode sees more, PDFium says where it stands."""
    if not 0 < content_size(page) <= _CONTENT_BYTES:
        return []
    try:
        laid_out = str(page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=False))
    except Exception:  # any fault of the layout mode: the plain mode knows more fonts
        laid_out = ""
    lines = grid_lines(laid_out, number, *page_size(page))
    if not laid_out.strip() or _has_form_objects(page):
        plain = str(page.extract_text())
        if _solid(plain) > _solid(laid_out):
            return places.lines(number) or grid_lines(plain, number, *page_size(page))
    return places.located(lines, number)


def _solid(text: str) -> int:
    return sum(not c.isspace() for c in text)


def _has_form_objects(page: Any) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    named = objects.get_object() if objects is not None else {}
    return any(named[name].get_object().get("/Subtype") == "/Form" for name in named)


def _notes(page: Any, number: int) -> list[TextLine]:
    found = []
    for reference in page.get("/Annots") or ():
        note = reference.get_object()
        if note is None or note.get("/Subtype") != _FREE_TEXT or not note.get("/Contents"):
            continue
        box = shown_box(page, note["/Rect"])
        found += [TextLine(t.strip(), number, box, at=box) for t in str(note["/Contents"]).splitlines() if t.strip()]
    return found
