"""Where the words of a PDF stand, by PDFium: what its layout mode tells only by columns, to the point."""

from collections import defaultdict
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import Any

import pypdfium2

from mailintake.model.facts import Box, TextLine
from mailintake.model.value import value
from mailintake.readers.files.pdf_font import boxes_for_characters
from mailintake.readers.files.text_grid import reading_order

_MOST_LINES = 2000
_MOST_PAGES = 12  # of which every character is looked up
_MOST_CHARACTERS = 8000  # of one page; a page with more is a table of numbers, and the columns have to do
_FAULTS = (pypdfium2.PdfiumError, ValueError, OSError)

Edges = tuple[float, float, float, float]  # left, bottom, right, top as PDF counts


def as_shown(rectangle: Edges, crop: Edges, rotation: int) -> Box:
    """A rectangle in the page's own coordinates as a box from the upper left corner of the page as a viewer shows it:
    its crop box, turned clockwise by `rotation` degrees (ISO 32000-1, 7.7.3.3)."""
    left, right = sorted((rectangle[0] - crop[0], rectangle[2] - crop[0]))
    low, high = sorted((rectangle[1] - crop[1], rectangle[3] - crop[1]))
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    match rotation % 360:
        case 90:
            box = low, left, high, right
        case 180:
            box = width - right, low, width - left, high
        case 270:
            box = height - high, width - right, height - low, width - left
        case _:
            box = left, height - high, right, height - low
    return round(box[0]), round(box[1]), round(box[2]), round(box[3])


@value
class _Letters:
    """The characters of a page that are no blanks, and the box of each in points."""

    text: str
    boxes: tuple[Box, ...]


_NO_LETTERS = _Letters("", ())


class Places:
    """An open PDF; without one, where PDFium does not like the file, nothing is found."""

    def __init__(self, data: bytes) -> None:
        try:
            self._document: Any = pypdfium2.PdfDocument(data)
        except _FAULTS:
            self._document = None
        self._pages: dict[int, Any] = {}  # opened once: each time PDFium reads fonts that are not in the file anew
        self._letters: dict[int, _Letters] = {}

    def __enter__(self) -> "Places":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._document is not None:
            self._document.close()

    def lines(self, number: int) -> list[TextLine]:
        """The page's text line by line, in reading order."""
        if self._document is None:
            return []
        try:
            page = self._page(number)
            text, found = page.get_textpage(), []
            for at in range(min(text.count_rects(), _MOST_LINES)):
                edges = text.get_rect(at)
                line = text.get_text_bounded(*edges).strip()
                if line:
                    box = as_shown(edges, page.get_cropbox(), page.get_rotation())
                    found.append(TextLine(" ".join(line.split()), number, box, at=box))
        except _FAULTS:
            return []
        return reading_order(found)

    def located(self, lines: list[TextLine], number: int) -> list[TextLine]:
        """The same lines, each with the place where its characters really stand. Words that stand on the page as often
        as among the lines, such as one amount in many rows, are paired one by one in reading order."""
        letters = self._of(number)
        if not letters.text:
            return lines
        alike: dict[str, list[int]] = defaultdict(list)
        for at, line in enumerate(lines):
            alike["".join(line.text.split())].append(at)
        found = list(lines)
        for words, places in alike.items():
            boxes = _standing(words, letters)
            if len(boxes) == len(places):
                chosen = [line.box for line in reading_order([TextLine("", number, box) for box in boxes])]
            elif boxes:
                chosen = [min(boxes, key=partial(_apart, lines[at].box)) for at in places]
            else:
                continue
            for at, box in zip(places, chosen, strict=True):
                found[at] = replace(lines[at], at=box)
        return found

    def _of(self, number: int) -> _Letters:
        if self._document is None or number > _MOST_PAGES:
            return _NO_LETTERS
        if number not in self._letters:
            try:
                self._letters[number] = _letters(self._page(number))
            except _FAULTS:
                self._letters[number] = _NO_LETTERS
        return self._letters[number]

    def _page(self, number: int) -> Any:
        if number not in self._pages:
            with boxes_for_characters():  # PDFium looks for fonts as it opens a page
                self._pages[number] = self._document[number - 1]
        return self._pages[number]


def _letters(page: Any) -> _Letters:
    text = page.get_textpage()
    count = text.count_chars()
    if not 0 < count <= _MOST_CHARACTERS or len(text.get_text_range()) != count:
        return _NO_LETTERS
    crop, rotation = page.get_cropbox(), page.get_rotation()
    kept: list[str] = []
    boxes: list[Box] = []
    for at, character in enumerate(text.get_text_range()):
        if not character.isspace() and character.isprintable():
            kept.append(character)
            boxes.append(as_shown(text.get_charbox(at), crop, rotation))
    return _Letters("".join(kept), tuple(boxes))


def _standing(words: str, letters: _Letters) -> list[Box]:
    """Wherever these words without blanks stand."""
    found: list[Box] = []
    at = letters.text.find(words) if words else -1
    while at >= 0:
        found.append(_around(letters.boxes[at : at + len(words)]))
        at = letters.text.find(words, at + 1)
    return found


def _apart(columns: Box, box: Box) -> float:
    """How far a place is from where the columns put it."""
    return abs(box[1] - columns[1]) + 0.5 * abs(box[0] - columns[0])


def _around(boxes: tuple[Box, ...]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
