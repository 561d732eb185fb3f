"""What stands beside a form's box: the label of fields that are called Text1 and have no tool tip."""

from typing import Any

from mailintake.model.facts import Box, FormBox, TextLine, area
from mailintake.model.value import value
from mailintake.readers.files.pdf_fields import Fields
from mailintake.readers.files.pdf_layer import page_size, shown_box
from mailintake.readers.files.pdf_places import Places

_MOST_FIELDS = 300
_MOST_PAGES = 6
_ABOVE = 22  # points: a label above its box stands at most this far from it
_TOUCH = 3
_HIDDEN = 0x2 | 0x20  # Hidden, NoView (ISO 32000-1, 12.5.3)


@value
class Widget:
    """A form field where it stands on a page; `box` in points of the page shown."""

    name: str
    page: int
    box: Box


def widgets(reader: Any) -> tuple[Widget, ...]:
    """Every visible box of the first pages, in the order of the pages."""
    found: list[Widget] = []
    for number in range(1, min(len(reader.pages), _MOST_PAGES) + 1):
        found += _boxes(reader.pages[number - 1], number)[:_MOST_FIELDS]
    return tuple(found)


def form_boxes(reader: Any, found: tuple[Widget, ...]) -> tuple[FormBox, ...]:
    """The boxes as shares of their pages."""
    placed = ((w, area(w.box, *page_size(reader.pages[w.page - 1]))) for w in found)
    return tuple(FormBox(w.name, w.page, place) for w, place in placed if place is not None)


def labels_beside(found: tuple[Widget, ...], known: frozenset[str], places: Places) -> Fields:
    """(full name, words to the left of the box, else above it) of the text fields that are not `known`. Empty where
    nothing can say where the words stand."""
    lines: dict[int, list[TextLine]] = {}
    labels: list[tuple[str, str]] = []
    for widget in (w for w in found if w.name not in known):
        if widget.page not in lines:
            lines[widget.page] = places.lines(widget.page)
        around = lines[widget.page]
        label = _left_of(widget.box, around) or _above(widget.box, around)
        if label is not None:
            labels.append((widget.name, label.text))
    return tuple(labels)


def _boxes(page: Any, number: int) -> list[Widget]:
    found = []
    for reference in page.get("/Annots") or ():
        widget = reference.get_object()
        if widget is None or widget.get("/Subtype") != "/Widget" or "/Rect" not in widget:
            continue
        name = _full_name(widget)
        if name and not int(widget.get("/F", 0)) & _HIDDEN:
            found.append(Widget(name, number, shown_box(page, widget["/Rect"])))
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
