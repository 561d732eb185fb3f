"""The text layer of a PDF as lines with places, and whether it can be believed."""

from typing import Any

from mailintake.model.facts import TextLine
from mailintake.readers.text_grid import grid_lines

_MOST_LINES = 2000
_CONTENT_BYTES = 6 * 2**20  # decoded drawing operators of one page; more is a drawing, not a letter
_STRANGE_SHARE = 0.2
_FREE_TEXT = "/FreeText"


def layer_lines(reader: Any, pages: int) -> tuple[TextLine, ...]:
    """Lines of the first `pages` pages; typewriter notes (FreeText annotations) follow the page they lie on."""
    lines: list[TextLine] = []
    for number in range(1, pages + 1):
        page = reader.pages[number - 1]
        width, height = page_size(page)
        lines += grid_lines(_page_text(page), number, width, height)
        lines += _notes(page, number, height)
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


def _page_text(page: Any) -> str:
    """Layout mode keeps columns apart; plain mode where a font or a turned page defeats it."""
    if not 0 < content_size(page) <= _CONTENT_BYTES:
        return ""
    try:
        text = str(page.extract_text(extraction_mode="layout", layout_mode_strip_rotated=False))
    except Exception:  # any fault of the layout mode: the plain mode knows more fonts
        text = ""
    return text if text.strip() else str(page.extract_text())


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
