"""Plain text in columns to lines with places, so that every source of text reads like a page."""

import re

from mailintake.model.facts import TextLine

_GAP = re.compile(r"\s{2,}|\t+")  # blanks between columns


def grid_lines(text: str, page: int = 1, width: float = 0.0, height: float = 0.0) -> list[TextLine]:
    """One TextLine a cell: cells are parted by two blanks or a tab. Places follow the character grid, stretched over
    `width` × `height` points where the page size is known."""
    rows = [row.rstrip() for row in text.expandtabs(8).splitlines()]
    widest = max(map(len, rows), default=0)
    if not widest:
        return []
    across = width / widest if width else 6.0
    down = height / max(len(rows), 1) if height else 12.0
    lines = []
    for number, row in enumerate(rows):
        for start, cell in _cells(row):
            box = (
                round(start * across),
                round(number * down),
                round((start + len(cell)) * across),
                round((number + 1) * down),
            )
            lines.append(TextLine(cell, page, box))
    return lines


def _cells(row: str) -> list[tuple[int, str]]:
    cells, start = [], 0
    for gap in _GAP.finditer(row):
        if gap.start() > start:
            cells.append((start, row[start : gap.start()]))
        start = gap.end()
    if start < len(row):
        cells.append((start, row[start:]))
    return [(at, cell.strip()) for at, cell in cells if cell.strip()]


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
