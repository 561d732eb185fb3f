"""PDFs of written and of scanned pages, and where on its page everything stands."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from tests.support import papers
from tests.support.judgement import paper

from mailintake.config import load
from mailintake.model.facts import Area, Field, FileFacts, PdfFacts, PdfShape, Sheet, TextFacts
from mailintake.model.understanding import People
from mailintake.readers.files import ocr, pdf_font
from mailintake.readers.files.measure import measure
from mailintake.readers.files.page_picture import page_picture
from mailintake.readers.files.text import read_text
from mailintake.readers.port import Limits
from mailintake.stages.interpret import interpret
from mailintake.stages.wants import wants_text

LIMITS = Limits()
RULES = load(None).rules
needs_ocr = pytest.mark.skipif(not ocr.available(), reason="the [ocr] extra is not installed")


def measured(tmp_path: Path, data: bytes) -> FileFacts:
    file = tmp_path / "f"
    file.write_bytes(data)
    return measure(file, "f" * 64, LIMITS)


def pdf_of(facts: FileFacts) -> PdfFacts:
    assert facts.pdf is not None
    return facts.pdf


def bound(*files: bytes) -> bytes:
    """Several PDFs as one."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        for data in files:
            with pikepdf.open(io.BytesIO(data)) as part:
                whole.add_pages_from(part)
        whole.save(out)
    return out.getvalue()


def read(tmp_path: Path, data: bytes) -> TextFacts:
    facts = measured(tmp_path, data)
    text = read_text(tmp_path / "f", facts.format, LIMITS, ocr=True)
    assert text is not None
    return text


def near(box: Area | None, left: float, top: float) -> bool:
    """Its upper left corner lies within two hundredths of the page's sides."""
    return box is not None and abs(box.left - left) < 0.02 and abs(box.top - top) < 0.02


LETTER = papers.letter("cancel", [papers.person(1)], papers.company(1), date(2026, 11, 3))


def test_a_scan_has_not_been_read_when_it_has_been_measured(tmp_path: Path) -> None:
    scan = measured(tmp_path, LETTER.scan())
    assert scan.text is None
    assert pdf_of(scan).picture_pages == (1,)
    assert pdf_of(scan).pixels == LETTER.image(110).size


def test_a_written_page_has_been_read_when_it_has_been_measured(tmp_path: Path) -> None:
    written = measured(tmp_path, LETTER.pdf())
    assert written.text is not None
    assert pdf_of(written).picture_pages == ()


def test_a_short_note_without_a_picture_is_written_however_few_its_words(tmp_path: Path) -> None:
    note = measured(tmp_path, papers.Sheet().say(60, 80, "情况说明").say(60, 120, "申请换卡。").pdf())
    assert note.text is not None
    assert note.text.text == "情况说明\n申请换卡。"


def test_the_stamp_of_a_scanning_app_is_no_text_layer(tmp_path: Path) -> None:
    stamped = papers.Sheet().say(400, 800, "某某全能扫描 创建").pdf()
    with pikepdf.open(io.BytesIO(stamped)) as pdf, pikepdf.open(io.BytesIO(LETTER.scan())) as scan:
        pdf.pages[0].add_underlay(scan.pages[0], pikepdf.Rectangle(0, 0, 595, 842))
        out = io.BytesIO()
        pdf.save(out)
    facts = measured(tmp_path, out.getvalue())
    assert facts.text is None
    assert pdf_of(facts).picture_pages == (1,)


def test_a_file_of_written_and_scanned_pages_says_which_are_to_be_looked_at(tmp_path: Path) -> None:
    mixed = measured(tmp_path, bound(LETTER.pdf(), papers.passport_page(papers.person(1)).scan()))
    assert pdf_of(mixed).picture_pages == (2,)
    assert mixed.text is not None
    assert {line.page for line in mixed.text.lines} == {1}


@needs_ocr
def test_the_scanned_pages_of_a_written_file_are_read_by_eye_and_only_those(tmp_path: Path) -> None:
    who = papers.person(1)
    text = read(tmp_path, bound(LETTER.pdf(), papers.passport_page(who).scan(150)))
    assert text.seen_pages == (2,)
    assert who.passport_no in "".join(line.text for line in text.lines if line.page == 2)
    assert {line.score for line in text.lines if line.page == 1} == {1.0}
    facts = measured(tmp_path, bound(LETTER.pdf(), papers.passport_page(who).scan(150)))
    reading = interpret(facts, text, "", RULES)
    assert reading.kind == "cancellation_request"
    assert "passport_page" in reading.also


@needs_ocr
def test_a_scan_is_read_as_the_same_page_sent_as_a_picture(tmp_path: Path) -> None:
    certificate = papers.certificate(papers.person(4), date(2026, 5, 12))
    by_file = {}
    for name, data in (("pdf", certificate.scan(150)), ("jpeg", certificate.jpg(150))):
        facts = measured(tmp_path, data)
        reading = interpret(facts, read(tmp_path, data), "", RULES)
        by_file[name] = (reading.kind, reading.get("name_zh"), reading.get("issue_date"))
    assert by_file["pdf"] == by_file["jpeg"]
    assert by_file["pdf"][2] == "2026-05-12"


def test_what_a_text_layer_says_is_placed_on_its_page(tmp_path: Path) -> None:
    slip = papers.slip(papers.MFA, 1, papers.company(1), date(2026, 11, 3))
    facts = measured(tmp_path, slip.pdf())
    found = {f.name: f for f in interpret(facts, facts.text, "", RULES).fields}
    said = next(text for text in slip.texts if papers.MFA.account in text.words)
    assert found["payee_account"].page == 1
    assert near(found["payee_account"].box, said.x / 595, said.y / 842)
    assert found["amount_cny"].box is not None


def test_what_a_form_says_is_placed_in_its_box(tmp_path: Path) -> None:
    data = papers.form_acroform(papers.form_values(papers.person(7), papers.company(3)) | {"passport_no": ""})
    facts = measured(tmp_path, data)
    reading = interpret(facts, facts.text, "", RULES)
    name = next(f for f in reading.fields if f.name == "name_zh")
    assert name.page == 1
    assert near(name.box, 320 / 595, 110 / 842)
    (blank,) = reading.blank
    assert (blank.name, blank.page) == ("passport_no", 1)
    assert near(blank.box, 320 / 595, (110 + 40 * 6) / 842)


def test_a_field_that_nobody_can_see_has_no_box_to_be_filled_in(tmp_path: Path) -> None:
    data = papers.form_acroform(papers.form_values(papers.person(7), papers.company(3)) | {"mobile": ""})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for widget in pdf.pages[0].obj.Annots:
            if str(widget.T) == "Mobile":
                widget.F = 2
        out = io.BytesIO()
        pdf.save(out)
    facts = measured(tmp_path, out.getvalue())
    assert interpret(facts, facts.text, "", RULES).blank == ()


@needs_ocr
def test_the_zone_of_a_passport_is_placed_where_it_stands_however_the_page_lies(tmp_path: Path) -> None:
    who = papers.person(7)
    page = papers.passport_page(who).image(130)
    for turn in ("0", "180"):
        data = papers.jpeg(papers.degrade(page, turn))
        facts = measured(tmp_path, data)
        number = next(f for f in interpret(facts, read(tmp_path, data), "", RULES).fields if f.name == "passport_no")
        assert number.box is not None
        middle = (number.box.top + number.box.bottom) / 2
        expected = (405 + 9) / 842
        assert abs(middle - (expected if turn == "0" else 1 - expected)) < 0.02, turn


def test_a_place_on_a_page_that_was_turned_and_levelled_is_found_again() -> None:
    assert Sheet(1, 200, 100).place((20, 10, 40, 20)) == Area(0.1, 0.1, 0.2, 0.2)
    # The page lies on its side: turned once, what was at the right edge is on top.
    assert Sheet(1, 200, 100, 1).place((10, 20, 20, 40)) == Area(0.8, 0.1, 0.9, 0.2)
    assert Sheet(1, 200, 100, 2).place((20, 10, 40, 20)) == Area(0.8, 0.8, 0.9, 0.9)
    assert Sheet(1, 0, 0).place((1, 2, 3, 4)) is None


def test_a_reading_of_an_older_version_has_no_places() -> None:
    assert (Field("name_zh", "贺知秋").page, Field("name_zh", "贺知秋").box) == (None, None)


def test_scanned_pages_behind_a_form_are_worth_reading(tmp_path: Path) -> None:

    form = papers.form_acroform(papers.form_values(papers.person(7), papers.company(3)))
    facts = measured(tmp_path, bound(form, papers.passport_page(papers.person(7)).scan()))
    assert pdf_of(facts).shape is PdfShape.ACROFORM
    document = paper("abtc_basic_data")
    people = People((), (document,))
    assert wants_text(people, {document.sha256: facts}, RULES) == (document.sha256,)
    alone = measured(tmp_path, form)
    assert wants_text(people, {document.sha256: alone}, RULES) == ()


def test_words_that_come_again_in_many_rows_stand_each_in_its_own(tmp_path: Path) -> None:
    sheet = (
        papers.Sheet()
        .say(60, 60, "缴费明细", 18)
        .say(60, 100, "职工：康乐天")
        .say(60, 300, "月份")
        .say(400, 300, "基数")
    )
    rows = range(330, 490, 20)
    for number, top in enumerate(rows, 1):
        sheet.say(60, top, f"2026年{number}月", 9).say(400, top, "7350.00", 9)
    facts = measured(tmp_path, sheet.pdf())
    assert facts.text is not None
    tops = [line.at[1] for line in facts.text.lines if line.text == "7350.00" and line.at is not None]
    assert [abs(top - row) <= 4 for top, row in zip(tops, rows, strict=True)] == [True] * len(rows)


def test_places_are_told_without_the_systems_chinese_font_and_pages_drawn_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = pdf_font.Fonts.GetFontData

    def noted(self: pdf_font.Fonts, _: Any, font: int, table: int, buffer: Any, size: int) -> int:
        asked.append(size)
        return real(self, _, font, table, buffer, size)

    monkeypatch.setattr(pdf_font.Fonts, "GetFontData", noted)
    pdf_font.fonts.cache_clear()
    facts = measured(tmp_path, papers.Sheet().say(100, 200, "一一一一", 20).pdf())
    assert facts.text is not None
    (line,) = facts.text.lines
    assert line.at is not None
    assert [abs(a - b) <= 4 for a, b in zip(line.at, (100, 200, 180, 220), strict=True)] == [True] * 4
    assert 0 < max(asked) < 1000
    thin = page_picture(tmp_path / "f", "pdf", 1, 600, LIMITS)
    measured(tmp_path, papers.Sheet().say(100, 200, "龘龘龘龘", 20).pdf())
    thick = page_picture(tmp_path / "f", "pdf", 1, 600, LIMITS)
    assert thin is not None
    assert thick is not None
    assert dark(thick) > 3 * dark(thin)
    assert max(asked) > 1_000_000


def dark(png: bytes) -> int:
    """Pixels with ink."""
    return sum(Image.open(io.BytesIO(png)).convert("L").histogram()[:128])
