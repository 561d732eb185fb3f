"""Columns that line up on a terminal, where a Chinese character takes two places."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

_GAP = "  "
_WIDE = ("W", "F")


def width(text: str) -> int:
    """Places that a text takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in _WIDE) for c in text)


def aligned(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Each row as a line; a column is as wide as its widest cell, the last one is left as it is."""
    cells = [[_printable(cell) for cell in row] for row in rows]
    columns = max((len(row) for row in cells), default=0)
    widths = [max((width(row[i]) for row in cells if i < len(row)), default=0) for i in range(columns)]
    for row in cells:
        padded = (cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row))
        yield _GAP.join(padded).rstrip()


def _printable(cell: object) -> str:
    """One line whatever a stranger put into a subject or a file name: no control, no bidirectional characters."""
    text = "" if cell is None else str(cell)
    return "".join(" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or unicodedata.category(c)[0] != "C")


def blocks(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Rows of blocks: columns line up inside a block. A block begins at a row with a label; an empty row is a blank."""
    block: list[Sequence[object]] = []
    for row in rows:
        if block and (not row or row[0] or len(row) != len(block[-1])):
            yield from aligned(block)
            block = []
        if row:
            block.append(("    ", *row[1:]) if not row[0] else row)
        else:
            yield ""
    yield from aligned(block)
