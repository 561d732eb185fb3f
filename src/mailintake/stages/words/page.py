"""Lines of text arranged as a page: rows of cells, and the running text with broken lines joined."""

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from mailintake.model.facts import Area, Box, Sheet, TextFacts, TextLine
from mailintake.model.value import value
from mailintake.stages.words.fold import simplify

_LONGEST_LINE, _MOST_CHARACTERS = 4000, 40_000  # of a stranger's text; the papers of this office are pages, not books
_SAME_ROW = 0.5  # how much of the lower of two lines must overlap to be one row
_FULL_LINE = 0.86  # a line this long (share of the widest) goes on in the next one
_LONG_LINE = 0.55
_COLUMN, _EMPTY = 120, "-  "  # points from column to column of a grid of cells; an empty cell
_BETWEEN_WORDS = re.compile(r"([A-Za-z,])\0(?=[a-z])")  # a joined English line needs its blank
_SENTENCE_ENDS = frozenset(".。;；!！?？:：")


@value
class Cell:
    """One line of text in its row; `text` is folded."""

    text: str
    row: int
    page: int
    box: Box
    score: float
    place: Area | None = None  # on the page as a viewer shows it

    def place_of(self, words: str) -> Area | None:
        """Where in the line some of its words stand, by the width of the characters before them; the whole line when
        they do not."""
        at = self.text.find(words) if words else -1
        if self.place is None or at < 0:
            return self.place
        whole = max(1, _width(self.text))
        across = (self.place.right - self.place.left) / whole
        left = self.place.left + across * _width(self.text[:at])
        return replace(self.place, left=round(left, 4), right=round(left + across * _width(words), 4))


@value
class Page:
    """All pages of a document as rows, top to bottom; cells left to right."""

    rows: tuple[tuple[Cell, ...], ...]
    source: str

    @property
    def text(self) -> str:
        """A row a line, cells parted by two blanks."""
        return "\n".join(row_text(row) for row in self.rows)

    @property
    def table(self) -> str:
        """The same with a dash for every cell that lacks in front of a row's first, where the text lies in a grid of
        cells: a second row of headings stands under what it parts."""
        return "\n".join(_EMPTY * self._skipped(row) + row_text(row) for row in self.rows)

    def _skipped(self, row: tuple[Cell, ...]) -> int:
        left = row[0].box[0]
        edges = {cell.box[0] for cell in self.cells if cell.page == row[0].page and cell.box[0] < left}
        return len(edges) if left % _COLUMN == 0 and all(edge % _COLUMN == 0 for edge in edges) else 0

    @property
    def cells(self) -> tuple[Cell, ...]:
        """All cells in reading order."""
        return tuple(cell for row in self.rows for cell in row)

    @property
    def flow(self) -> str:
        """Running text: a line that fills the width is joined to the next one."""
        widest = {c.page: max(x.box[2] for x in self.cells if x.page == c.page) for c in self.cells}
        pieces: list[str] = []
        for row in self.rows:
            text = row_text(row)
            pieces.append(text)
            full = len(row) == 1 and _spans(row[0], widest[row[0].page])
            if not full or text[-1:] in _SENTENCE_ENDS:
                pieces.append("\n")
        return _BETWEEN_WORDS.sub(r"\1 ", "\0".join(pieces).replace("\0\n\0", "\n")).replace("\0", "").strip()


def _spans(cell: Cell, widest: int) -> bool:
    """From about the left margin to about the right one; a line set at the right margin ends there by itself."""
    left, _, right, _ = cell.box
    return 0 < _FULL_LINE * widest <= right and right - left >= _LONG_LINE * widest


def row_text(row: tuple[Cell, ...]) -> str:
    """Cells of one row, parted by two blanks."""
    return "  ".join(cell.text for cell in row)


def _width(text: str) -> int:
    """In half-widths: a Chinese character is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def parted(text: TextFacts) -> tuple[TextFacts, ...]:
    """The written pages of a file and those that were read by eye apart: what is sure of one is not of the other."""
    if not text.seen_pages:
        return (text,)
    written = tuple(line for line in text.lines if line.page not in text.seen_pages)
    seen = tuple(line for line in text.lines if line.page in text.seen_pages)
    return replace(text, lines=written, seen_pages=()), replace(text, lines=seen, seen_pages=(), source="ocr")


def by_page(page: Page) -> tuple[Page, ...]:
    """Each sheet of the file alone."""
    sheets = dict.fromkeys(row[0].page for row in page.rows)
    return tuple(Page(tuple(row for row in page.rows if row[0].page == sheet), page.source) for sheet in sheets)


@lru_cache(maxsize=32)
def arrange(text: TextFacts) -> Page:
    """Lines come in reading order; those that overlap in height are one row. Lines without a place are rows.

    Kept for the papers of one mail: whose they are and what they say is asked of the same pages.
    """
    sheets = {sheet.page: sheet for sheet in text.sheets}
    rows: list[list[Cell]] = []
    room = _MOST_CHARACTERS
    for line in text.lines:
        folded = simplify(line.text[:_LONGEST_LINE]).strip()
        room -= len(folded)
        if not folded or room < 0:
            continue
        if not (rows and _joins(rows[-1][-1], line)):
            rows.append([])
        rows[-1].append(Cell(folded, len(rows) - 1, line.page, line.box, line.score, _place(line, sheets)))
    ordered = tuple(tuple(sorted(row, key=lambda cell: cell.box[0])) for row in rows)
    return Page(ordered, text.source)


def _place(line: TextLine, sheets: dict[int, Sheet]) -> Area | None:
    sheet = sheets.get(line.page)
    return sheet.place(line.at or line.box) if sheet is not None else None


def _joins(last: Cell, line: TextLine) -> bool:
    if last.page != line.page or line.box == (0, 0, 0, 0):
        return False
    overlap = min(last.box[3], line.box[3]) - max(last.box[1], line.box[1])
    lower = min(last.box[3] - last.box[1], line.box[3] - line.box[1])
    apart = line.box[0] >= last.box[2] or line.box[2] <= last.box[0]
    return overlap > _SAME_ROW * lower and (apart or overlap > 0.8 * lower)
