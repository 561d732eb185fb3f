"""The morning as a workbook and as CSV, for staff who sort and filter."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import xlsxwriter

from mailintake.config.resource import resource
from mailintake.letters.render import Renderer
from mailintake.model.digest import CaseLine, Digest

Cell = str | int | date | None
_FORMULA = ("=", "+", "-", "@")
_WIDTHS = (18, 10, 34, 18, 14, 16, 12, 10, 44, 40)
_WEEK = 7


def workbook_bytes(digest: Digest, renderer: Renderer | None = None) -> bytes:
    """The workbook in memory, for a mail."""
    made = io.BytesIO()
    digest_workbook(digest, made, renderer)
    return made.getvalue()


def digest_workbook(digest: Digest, target: Path | io.BytesIO, renderer: Renderer | None = None) -> None:
    """Write three sheets: today, this week, everything open. Header row frozen, filters, real dates; what strangers
    wrote stays text, whatever it begins with."""
    shown = renderer or Renderer(resource("templates"))
    words = shown.digest_words
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target if isinstance(target, io.BytesIO) else str(target), options) as book:
        book.set_properties({"created": datetime(digest.day.year, digest.day.month, digest.day.day)})  # noqa: DTZ001
        styles = _styles(book)
        everything = digest.everything
        week = digest.day + timedelta(days=_WEEK)
        sheets = (
            (*digest.due_today, *digest.overdue),
            tuple(line for line in everything if line.due and line.due <= week),
            everything,
        )
        for title, lines in zip(words.sheets, sheets, strict=True):
            _sheet(book, title, [_cells(line, shown) for line in lines], words.columns, styles)


def digest_csv(digest: Digest, target: Path, renderer: Renderer | None = None) -> None:
    """Everything open as CSV with a byte order mark, so that Excel reads it as UTF-8; no cell can be a formula."""
    shown = renderer or Renderer(resource("templates"))
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(shown.digest_words.columns)
        writer.writerows([guarded(cell) for cell in _cells(line, shown)] for line in digest.everything)


def guarded(cell: Cell) -> str:
    """A cell as text that no spreadsheet takes for a formula, also behind blanks and in full-width characters."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if isinstance(cell, str) and _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """What a spreadsheet sees: compatibility forms folded, blanks and characters without width in front ignored."""
    if text.startswith(("\t", "\r", "\n")):
        return True
    seen = (c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and unicodedata.category(c) != "Cf")
    return next(seen, "") in _FORMULA


def _cells(line: CaseLine, shown: Renderer) -> tuple[Cell, ...]:
    words, phrases = shown.digest_words, shown.digest_lines
    return (
        line.number,
        _word(words.procedures, line.procedure),
        line.company,
        " ".join(line.people),
        _word(words.states, line.state),
        _word(words.dues, line.due_kind.value if line.due_kind else ""),
        line.due,
        line.days_left,
        phrases.todos(line, words),
        phrases.flags(line, words),
    )


def _word(words: Mapping[str, str], code: str) -> str:
    return words.get(code, code)


def _styles(book: Any) -> SimpleNamespace:
    text = {"valign": "top", "text_wrap": True}
    return SimpleNamespace(
        head=book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#14213D", "valign": "vcenter"}),
        text=book.add_format(text),
        date=book.add_format(text | {"num_format": "yyyy-mm-dd", "align": "left"}),
        late=book.add_format(text | {"font_color": "#A8322A", "bold": True}),
    )


def _sheet(book: Any, title: str, rows: Iterable[tuple[Cell, ...]], columns: tuple[str, ...], styles: Any) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for column, (name, width) in enumerate(zip(columns, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, styles.head)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, last, column, cell, styles)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _write(sheet: Any, row: int, column: int, cell: Cell, styles: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), styles.date)  # noqa: DTZ001
    elif isinstance(cell, int):
        sheet.write_number(row, column, cell, styles.late if cell < 0 else styles.text)
    elif cell:
        sheet.write_string(row, column, cell, styles.text)
