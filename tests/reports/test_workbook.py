"""The morning for people who sort and filter."""

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.support.digests import morning

from mailintake.model.digest import Digest
from mailintake.reports.workbook import digest_csv, digest_workbook, guarded

FORMULA = '=HYPERLINK("http://example.net","点我")'


@pytest.fixture(scope="module")
def poisoned() -> Digest:
    """A morning in which a company is called like a formula."""
    made = morning()
    return replace(made, waiting=tuple(replace(line, company=FORMULA) for line in made.waiting))


def test_three_sheets_hold_today_this_week_and_everything(tmp_path: Path, poisoned: Digest) -> None:
    digest_workbook(poisoned, tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["今天", "本周", "全部在办"]
    assert [sheet.max_row - 1 for sheet in book] == [3, 3, 6]


def test_header_is_frozen_and_filtered_and_dates_are_dates(tmp_path: Path, poisoned: Digest) -> None:
    digest_workbook(poisoned, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["全部在办"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:J7"
    assert sheet["G2"].value == datetime(2026, 11, 20)
    assert sheet["H2"].value == -2


def test_a_formula_of_a_stranger_stays_text(tmp_path: Path, poisoned: Digest) -> None:
    digest_workbook(poisoned, tmp_path / "a.xlsx")
    cells = [cell for row in load_workbook(tmp_path / "a.xlsx")["全部在办"] for cell in row if cell.value == FORMULA]
    assert [cell.data_type for cell in cells] == ["s"]
    assert all(cell.hyperlink is None for cell in cells)


def test_csv_opens_as_utf8_in_excel_without_formulas(tmp_path: Path, poisoned: Digest) -> None:
    digest_csv(poisoned, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader((tmp_path / "a.csv").open(encoding="utf-8-sig", newline="")))
    assert rows[0][0] == "收件编号"
    assert f"'{FORMULA}" in [cell for row in rows for cell in row]


@pytest.mark.parametrize(("cell", "text"), [("@x", "'@x"), (-2, "-2"), (None, ""), ("abc", "abc"), ("\t=1", "'\t=1")])
def test_only_text_is_guarded(cell: str | int | None, text: str) -> None:
    assert guarded(cell) == text


def test_an_empty_morning_still_makes_a_workbook(tmp_path: Path) -> None:
    digest_workbook(morning(cases=()), tmp_path / "a.xlsx")
    assert load_workbook(tmp_path / "a.xlsx")["今天"].max_row == 1
