"""What each page of a PDF is: written, a picture, or empty. A scan has no words in the file; it is read by eye."""

from enum import StrEnum
from typing import Any

from mailintake.model.facts import TextLine
from mailintake.readers.files.pdf_layer import content_size

_FEW_CHARACTERS = 50  # a scanner app's stamp or a page number is not a text layer
_EMPTY_BYTES = 200  # producers write some operators on an empty page; letters drawn as outlines take thousands
_MOST_OBJECTS, _DEEPEST = 50, 2
_OUTLINES = 20_000  # bytes of drawing that a page with a few words and no picture needs no more than


class PageKind(StrEnum):
    """By what there is to read."""

    WRITTEN = "written"
    PICTURE = "picture"
    EMPTY = "empty"


def page_kind(page: Any, lines: list[TextLine]) -> PageKind:
    """`lines` are the layer's lines of this page."""
    characters = sum(not c.isspace() for line in lines for c in line.text)
    if characters >= _FEW_CHARACTERS:
        return PageKind.WRITTEN
    drawn = content_size(page)
    if images_on(page) or drawn > (_OUTLINES if characters else _EMPTY_BYTES):
        return PageKind.PICTURE
    return PageKind.WRITTEN if characters else PageKind.EMPTY


def images_on(page: Any) -> int:
    """How many image XObjects the page names; not decoded."""
    return len(_images(page))


def largest_image(page: Any) -> tuple[int, int]:
    """Width and height in pixels of the largest picture, as its dictionary says; (0, 0) without one."""
    sizes = [(int(image.get("/Width", 0)), int(image.get("/Height", 0))) for image in _images(page)]
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def _images(holder: Any, depth: int = 0) -> list[Any]:
    """Of a page, and of the forms it is put together from (ISO 32000-1, 8.10)."""
    resources = holder.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    named: Any = objects.get_object() if objects is not None else {}
    found = []
    for name in list(named)[:_MOST_OBJECTS]:
        each = named[name].get_object()
        if each.get("/Subtype") == "/Image":
            found.append(each)
        elif each.get("/Subtype") == "/Form" and depth < _DEEPEST:
            found += _images(each, depth + 1)
    return found[:_MOST_OBJECTS]
