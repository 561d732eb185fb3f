"""What is drawn over the picture of a page: the places where something was read, and its text, so that it can be
selected. Pure; places are shares of the page as it is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from mailintake.model.document import Document
from mailintake.model.facts import Area, FileFacts, ImageFacts, TextFacts, area
from mailintake.model.procedure import DocumentKind

_INK = "ink_"  # checks of what was drawn by hand begin with it
FACE, INK = "face", "ink"


class Said(NamedTuple):
    """A name and the value that was read."""

    name: str
    value: str


@dataclass(frozen=True)
class Mark:
    """A rectangle with the names and values of everything that was read in that place."""

    id: int
    read: tuple[Said, ...]
    at: Area

    @property
    def fields(self) -> tuple[str, ...]:
        """The names alone."""
        return tuple(name for name, _ in self.read)

    @property
    def said(self) -> str:
        """The values, one after the other."""
        return " / ".join(value for _, value in self.read if value)


@dataclass(frozen=True)
class Span:
    """A line of text in its place."""

    text: str
    at: Area


def pages_of(facts: FileFacts | None) -> int:
    """How many pages a file shows, at least one."""
    if facts is None:
        return 1
    if facts.pdf:
        return max(1, facts.pdf.pages)
    if facts.ofd:
        return max(1, facts.ofd.pages)
    if facts.image:
        return max(1, facts.image.frames)
    return max((sheet.page for sheet in facts.text.sheets), default=1) if facts.text else 1


def marks_of(document: Document, kind: DocumentKind | None, page: int, turn: int) -> tuple[Mark, ...]:
    """The places of that page, turned as the picture is; fields that stand in one place share a rectangle."""
    found: dict[Area, list[Said]] = {}
    for field in document.reading.fields:
        if field.box is not None and (field.page or 1) == page:
            found.setdefault(field.box, []).append(Said(field.name, field.value))
    image = document.facts.image if document.facts else None
    for name, box in _seen(image, kind) if page == 1 and image else ():
        found.setdefault(box, []).append(Said(name, ""))
    return tuple(Mark(place, tuple(read), turned(at, turn)) for place, (at, read) in enumerate(found.items()))


def _seen(image: ImageFacts, kind: DocumentKind | None) -> Iterator[tuple[str, Area]]:
    """The face, and the strokes where the kind is one whose strokes are judged."""
    judged = kind is not None and any(check.use.startswith(_INK) for check in kind.checks)
    for name, box in ((FACE, image.face_box), (INK, image.ink_box if judged else None)):
        place = area(box, image.width, image.height) if box else None
        if place is not None:
            yield name, place


def spans_of(text: TextFacts | None, page: int, turn: int) -> tuple[Span, ...]:
    """The lines of that page in their places; none where the page stands so that its lines do not run from left to
    right."""
    sheet = next((s for s in text.sheets if s.page == page), None) if text else None
    if text is None or sheet is None or (sheet.quarter_turns * 90 + turn) % 360:
        return ()
    lines = [line for line in text.lines if line.page == page and line.text.strip()]
    placed = ((line.text, sheet.place(line.at or line.box)) for line in lines)
    return tuple(Span(words, turned(at, turn)) for words, at in placed if at is not None)


def upright(text: TextFacts | None, page: int) -> int:
    """By how many degrees, clockwise, the page must be turned for its lines to run from left to right."""
    sheet = next((s for s in text.sheets if s.page == page), None) if text else None
    return sheet.quarter_turns * -90 % 360 if sheet else 0


def turned(place: Area, turn: int) -> Area:
    """The same place on the page turned clockwise by that many degrees, quarters only."""
    match turn % 360:
        case 90:
            return Area(1 - place.bottom, place.left, 1 - place.top, place.right)
        case 180:
            return Area(1 - place.right, 1 - place.bottom, 1 - place.left, 1 - place.top)
        case 270:
            return Area(place.top, 1 - place.right, place.bottom, 1 - place.left)
    return place
