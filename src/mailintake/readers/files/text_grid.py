"""Plain text in columns to lines with places, so that every source of text reads like a page."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mailintake.model.facts import Sheet, TextFacts, TextLine

CELL = "\x1f"  # ends a cell of a table (ASCII unit separator): a tab may stand in any paragraph
_GAP = re.compile(r"\s{2,}|\t+")  # blanks between columns
_ACROSS, _DOWN = 6.0, 12.0  # points of a character and of a row where no page says how large it is
_COLUMN = 20  # characters: where the columns of a table begin
_EMPTY = "-"  # stands for an empty cell between full ones, so that the cells behind it stay in their columns
_ROWS_A_PAGE, _LEAST_WIDTH = 64, 595.0


def page_text(text: str, most: int) -> TextFacts:
    """Text without pages, such as an office file's, as pages of equal length."""
    lines: list[TextLine] = []
    widths: dict[int, int] = {}
    for number, row in enumerate(text.splitlines()):
        page, at = divmod(number, _ROWS_A_PAGE)
        found = grid_lines("\n" * at + row, page + 1) if row.strip() else []
        lines += found
        widths[page + 1] = max([widths.get(page + 1, 0), *(line.box[2] for line in found)])
        if len(lines) >= most:
            break
    sheets = (Sheet(n, max(_LEAST_WIDTH, float(w)), _ROWS_A_PAGE * _DOWN) for n, w in widths.items())
    return TextFacts(tuple(lines[:most]), sheets=tuple(sheets))


def grid_lines(text: str, page: int = 1, width: float = 0.0, height: float = 0.0) -> list[TextLine]:
    """One TextLine a cell: cells are parted by CELL, by two blanks or a tab. Places follow the character grid,
    stretched over `width` × `height` points where the page size is known."""
    rows = [row.rstrip(" \t") for row in text.splitlines()]
    widest = max((len(row.expandtabs(8)) for row in rows), default=0)
    if not widest:
        return []
    across = width / widest if width else _ACROSS
    down = height / max(len(rows), 1) if height else _DOWN
    lines = []
    for number, row in enumerate(rows):
        for start, room, cell in _table_cells(row) if CELL in row else _cells(row.expandtabs(8)):
            box = (
                round(start * across),
                round(number * down),
                round((start + room) * across),
                round((number + 1) * down),
            )
            lines.append(TextLine(cell, page, box))
    return lines


class _Placed(NamedTuple):
    start: int  # its first character in the row
    room: int  # characters it may take
    text: str


def _table_cells(row: str) -> Iterator[_Placed]:
    """Each cell; a column begins at the same place in all rows."""
    cells = [" ".join(cell.split()) for cell in row.split(CELL)]
    full = [number for number, cell in enumerate(cells) if cell]
    for number in range(full[0], full[-1] + 1) if full else ():
        text = cells[number] or _EMPTY
        yield _Placed(number * _COLUMN, min(len(text), _COLUMN - 1), text)


def _cells(row: str) -> Iterator[_Placed]:
    start = 0
    for begin, end in [*(gap.span() for gap in _GAP.finditer(row)), (len(row), len(row))]:
        if begin > start and row[start:begin].strip():
            yield _Placed(start, begin - start, row[start:begin].strip())
        start = end


def reading_order(lines: list[TextLine]) -> list[TextLine]:
    """Rows from top to bottom, each from left to right. A line joins a row whose middle it covers."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda item: item.box[1] + item.box[3]):
        middle, height = (line.box[1] + line.box[3]) / 2, line.box[3] - line.box[1]
        row = rows[-1] if rows else []
        last = row[-1].box if row else (0, 0, 0, 0)
        if row and abs(middle - (last[1] + last[3]) / 2) < 0.5 * min(height, last[3] - last[1]):
            row.append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda item: item.box[0])]
