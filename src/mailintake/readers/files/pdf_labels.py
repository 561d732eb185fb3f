"""What stands beside a form's box: the label of fields that are called Text1 and have no tool tip."""

from typing import Any

from mailintake.model.facts import Box, TextLine
from mailintake.readers.files.pdf_fields import Fields
from mailintake.readers.files.pdf_layer import placed_lines

_MOST_FIELDS = 300
_MOST_PAGES = 6
_ABOVE = 22  # points: a label above its box stands at most this far from it
_TOUCH = 3


def labels_beside(reader: Any, known: frozenset[str]) -> Fields:
    """(full name, words to the left of the box, else above it) of the text fields that are not `known`. Empty where
    nothing can say where the words stand."""
    found: list[tuple[str, str]] = []
    for number in range(1, min(len(reader.pages), _MOST_PAGES) + 1):
        boxes = _boxes(reader.pages[number - 1], known)[:_MOST_FIELDS]
        lines = placed_lines(reader, number) if boxes else []
        for name, box in boxes:
            label = _left_of(box, lines) or _above(box, lines)
            if label is not None:
                found.append((name, label.text))
    return tuple(found)


def _boxes(page: Any, known: frozenset[str]) -> list[tuple[str, Box]]:
    height, found = float(page.mediabox.height), []
    for reference in page.get("/Annots") or ():
        widget = reference.get_object()
        if widget is None or widget.get("/Subtype") != "/Widget" or "/Rect" not in widget:
            continue
        name = _full_name(widget)
        if name and name not in known:
            x1, y1, x2, y2 = (float(edge) for edge in widget["/Rect"])
            top, bottom = height - max(y1, y2), height - min(y1, y2)
            found.append((name, (round(min(x1, x2)), round(top), round(max(x1, x2)), round(bottom))))
    return found


def _full_name(widget: Any) -> str:
    """Names of the field and of those above it, joined by dots (PDF 32000-1, 12.7.3.2)."""
    parts: list[str] = []
    node, depth = widget, 0
    while node is not None and depth < 20:
        if "/T" in node:
            parts.append(str(node["/T"]))
        parent = node.get("/Parent")
        node, depth = (parent.get_object() if parent is not None else None), depth + 1
    return ".".join(reversed(parts))


def _left_of(box: Box, lines: list[TextLine]) -> TextLine | None:
    """The nearest line before the box whose middle lies at its height."""
    left, top, _, bottom = box
    beside = [x for x in lines if top <= (x.box[1] + x.box[3]) / 2 <= bottom and x.box[2] <= left + _TOUCH]
    return max(beside, key=lambda line: line.box[2], default=None)


def _above(box: Box, lines: list[TextLine]) -> TextLine | None:
    left, top, right, _ = box
    over = [x for x in lines if -_TOUCH <= top - x.box[3] <= _ABOVE and x.box[0] < right and x.box[2] > left]
    return max(over, key=lambda line: line.box[3], default=None)
