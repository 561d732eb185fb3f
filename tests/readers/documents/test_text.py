"""Text of a file: the layer first, then what OCR sees. Few pictures here: each costs a second."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.support import papers

from mailintake.model.facts import TextLine
from mailintake.readers.files import ocr
from mailintake.readers.files.text import _pages, read_text
from mailintake.readers.files.text_grid import grid_lines, reading_order
from mailintake.readers.port import Limits
from mailintake.stages.interpret.mrz import find_mrz

LIMITS = Limits()
needs_ocr = pytest.mark.skipif(not ocr.available(), reason="the [ocr] extra is not installed")


def text_of(tmp_path: Path, data: bytes, format_: str, *, with_ocr: bool = True) -> str | None:
    file = tmp_path / "f"
    file.write_bytes(data)
    text = read_text(file, format_, LIMITS, ocr=with_ocr)
    return None if text is None else text.text


def test_a_text_layer_is_read_without_ocr(tmp_path: Path) -> None:
    sheet = papers.slip(papers.MFA, 1, papers.company(1), date(2026, 11, 3))
    assert papers.MFA.account in (text_of(tmp_path, sheet.pdf(), "pdf", with_ocr=False) or "")


def test_a_picture_without_ocr_is_not_read(tmp_path: Path) -> None:
    assert text_of(tmp_path, papers.Sheet().say(50, 50, "公函").jpg(), "jpeg", with_ocr=False) is None
    assert text_of(tmp_path, papers.Sheet().say(50, 50, "公函").scan(), "pdf", with_ocr=False) is None


def test_a_broken_picture_is_not_read(tmp_path: Path) -> None:
    assert text_of(tmp_path, b"\xff\xd8\xff broken", "jpeg") is None


@needs_ocr
def test_a_slip_that_was_photographed_upside_down_is_read(tmp_path: Path) -> None:
    sheet = papers.slip(papers.MFA, 2, papers.company(1), date(2026, 11, 3), layout="parties")
    turned = papers.degrade(sheet.image(140), "180")
    found = text_of(tmp_path, papers.jpeg(turned), "jpeg") or ""
    assert papers.MFA.account in found.splitlines()
    assert "人民币壹仟肆佰肆拾元整" in found


@needs_ocr
def test_a_page_on_its_side_in_a_pdf_is_read(tmp_path: Path) -> None:
    sheet = papers.letter("cancel", [papers.person(1)], papers.company(1), date(2026, 11, 3))
    turned = papers.degrade(sheet.image(110), "90")
    found = text_of(tmp_path, papers.picture_pdf(turned), "pdf") or ""
    assert "辽宁省人民政府外事办公室" in found


@needs_ocr
def test_the_zone_of_a_passport_keeps_its_fillers(tmp_path: Path) -> None:
    found = text_of(tmp_path, papers.passport_page(papers.person(7)).jpg(130), "jpeg") or ""
    zone = find_mrz(tuple(found.splitlines()))
    assert zone is not None
    assert zone.number == papers.person(7).passport_no


@needs_ocr
def test_ocr_leaves_no_file_in_the_home_folder_and_needs_no_network(tmp_path: Path) -> None:
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        "from mailintake.readers.files.ocr import warm_up\n"
        "warm_up()\n"
    )
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_ocr
def test_a_clean_scan_is_read_as_well_as_a_photographed_one(tmp_path: Path) -> None:
    who = papers.person(12)
    page = papers.passport_page(who).image(150)
    for picture in (page, papers.degrade(page, "phone")):
        found = text_of(tmp_path, papers.jpeg(picture, 90), "jpeg") or ""
        zone = find_mrz(tuple(found.splitlines()))
        assert zone is not None
        assert (zone.number, zone.proven) == (who.passport_no, True)


@needs_ocr
def test_rows_of_a_list_on_its_side_are_rows_again(tmp_path: Path) -> None:
    sheet = papers.insurance(papers.person(3), papers.company(3), date(2026, 10, 9), 6)
    lying = papers.degrade(sheet.image(120), "90")
    found = (text_of(tmp_path, papers.jpeg(lying), "jpeg") or "").splitlines()
    assert found.index("202610") < found.index("202609") < found.index("202605")
    assert "养老" in found[found.index("202610") : found.index("202609")]


def test_a_page_of_giant_size_is_rendered_small(tmp_path: Path) -> None:
    pytest.importorskip("pypdfium2")
    giant = papers.Sheet((14400, 14400)).say(60, 100, "GIANT", 400)
    (tmp_path / "giant.pdf").write_bytes(giant.pdf())
    ((_number, pixels),) = _pages(tmp_path / "giant.pdf", (1,))
    assert 1e6 < pixels.shape[0] * pixels.shape[1] <= 8.1e6


def test_cells_of_a_text_in_columns_keep_their_places() -> None:
    lines = grid_lines("姓名      王伟\n职务      经理", width=600, height=800)
    assert [line.text for line in lines] == ["姓名", "王伟", "职务", "经理"]
    assert lines[1].box[0] == lines[3].box[0] > lines[0].box[2]


def test_lines_are_read_row_by_row_though_their_tops_differ() -> None:
    right, left, below = (
        TextLine("2", 1, (200, 98, 300, 120)),
        TextLine("1", 1, (0, 102, 90, 122)),
        TextLine("3", 1, (0, 140, 90, 160)),
    )
    assert [line.text for line in reading_order([right, below, left])] == ["1", "2", "3"]
