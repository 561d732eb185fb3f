"""PDFs in every shape and every kind of damage."""

import io
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from tests.support import papers
from tests.support.patience import CPU_SECONDS

from mailintake.config import load
from mailintake.model.facts import FileFacts, PdfShape
from mailintake.readers.files.pdf import measure_pdf
from mailintake.readers.port import Limits
from mailintake.stages.interpret import interpret

VALUES = papers.form_values(papers.person(7), papers.company(3))
NAMES = {"name_zh": "ChineseName", "employer": "Company", "passport_no": "PassportNo"}

Measure = Callable[..., Any]


@pytest.fixture
def measure(tmp_path: Path) -> Measure:
    def run(data: bytes, limits: Limits = Limits()) -> Any:  # noqa: B008
        file = tmp_path / "f"
        file.write_bytes(data)
        found = measure_pdf(file, limits)
        return found.pdf, found.text, found.problem, found.detail

    return run


def saved(data: bytes, **options: Any) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "shape"),
    [
        (lambda: papers.form_acroform(VALUES), PdfShape.ACROFORM),
        (lambda: papers.form_acroform({}), PdfShape.EMPTY_FORM),
        (lambda: papers.form_xfa(VALUES), PdfShape.XFA),
        (lambda: papers.form_xfa(VALUES, single_stream=True), PdfShape.XFA),
        (lambda: papers.form_xfa(dict.fromkeys(VALUES, "")), PdfShape.EMPTY_FORM),
        (papers.form_placeholder, PdfShape.PLACEHOLDER),
        (lambda: papers.form_text(VALUES), PdfShape.TEXT),
        (lambda: papers.form_scan(VALUES), PdfShape.SCAN),
        (lambda: papers.Sheet().pdf(), PdfShape.BLANK),
    ],
    ids=["acroform", "empty", "xfa array", "xfa stream", "xfa empty", "placeholder", "text", "scan", "blank"],
)
def test_a_form_is_told_by_its_shape(measure: Measure, make: Callable[[], bytes], shape: PdfShape) -> None:
    facts, text, problem, _ = measure(make())
    assert problem == ""
    assert facts.shape is shape
    if shape in (PdfShape.ACROFORM, PdfShape.XFA):
        found = {name.rpartition(".")[2]: value for name, value in facts.fields}
        assert {f: found[n] for f, n in NAMES.items()} == {f: VALUES[f] for f in NAMES}
    if shape in (PdfShape.XFA, PdfShape.PLACEHOLDER):
        assert text.lines == ()  # the placeholder is never content


def test_chinese_bytes_that_are_not_utf16_are_read_as_what_they_are(measure: Measure) -> None:
    data = papers.form_acroform({**VALUES, "name_zh": "GBKNAME"}).replace(
        b"(GBKNAME)", b"(" + "王伟伟".encode("gb18030") + b"x)"
    )
    facts, *_ = measure(saved(data))
    assert dict(facts.fields)["ChineseName"] == "王伟伟x"


def test_a_password_to_open_is_named_and_one_to_edit_does_not_matter(measure: Measure) -> None:
    data = papers.form_text(VALUES)
    shut = saved(data, encryption=pikepdf.Encryption(user="u", owner="o"))
    assert measure(shut)[2] == "attachment.encrypted"
    readable = saved(data, encryption=pikepdf.Encryption(user="", owner="o"))
    facts, text, problem, _ = measure(readable)
    assert (facts.shape, problem) == (PdfShape.TEXT, "")
    assert VALUES["passport_no"] in text.text


def test_a_file_without_its_table_of_contents_is_repaired(measure: Measure) -> None:
    data = papers.form_acroform(VALUES)
    facts, _, problem, _ = measure(data[: data.rindex(b"xref")])
    assert problem == ""
    assert facts.shape is PdfShape.ACROFORM


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4 garbage" * 50], ids=["header only", "garbage"])
def test_what_is_no_pdf_inside_is_unreadable(measure: Measure, data: bytes) -> None:
    assert measure(data)[2] == "attachment.unreadable"


def test_a_file_cut_in_half_is_unreadable_or_repaired_but_never_an_exception(measure: Measure) -> None:
    data = papers.form_acroform(VALUES)
    for share in (0.2, 0.5, 0.9):
        facts, _, problem, _ = measure(data[: int(len(data) * share)])
        assert facts is not None or problem == "attachment.unreadable"


def test_a_stream_that_unpacks_to_hundreds_of_megabytes_costs_neither_time_nor_an_exception(
    measure: Measure,
) -> None:
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        bomb = zlib.compress(b"0" * 300_000_000, 9)
        page.obj.Contents = pikepdf.Stream(pdf, bomb)
        page.obj.Contents = pdf.make_indirect(pikepdf.Stream(pdf, bomb, Filter=pikepdf.Name.FlateDecode))
        out = io.BytesIO()
        pdf.save(out, compress_streams=False)
    start = time.process_time()
    measure(out.getvalue())
    assert time.process_time() - start < CPU_SECONDS


def test_pages_beyond_the_limit_are_counted_and_not_read(measure: Measure) -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(20):
            with pikepdf.open(io.BytesIO(papers.form_text(VALUES))) as one:
                pdf.pages.append(one.pages[0])
        pdf.save(out)
    facts, text, _, _ = measure(out.getvalue(), Limits(pdf_pages=2))
    assert facts.pages == 20
    assert {line.page for line in text.lines} == {1, 2}


def test_a_stamp_of_a_scanner_app_does_not_make_a_scan_a_text(measure: Measure) -> None:
    with (
        pikepdf.open(io.BytesIO(papers.form_scan(VALUES))) as scan,
        pikepdf.open(io.BytesIO(papers.Sheet().say(400, 800, "Scanned by App").pdf())) as stamp,
    ):
        scan.pages[0].add_overlay(stamp.pages[0], None)
        out = io.BytesIO()
        scan.save(out)
    assert measure(out.getvalue())[0].shape is PdfShape.SCAN


def test_typewriter_notes_on_an_empty_form_are_read_as_text(measure: Measure) -> None:
    with pikepdf.open(io.BytesIO(papers.form_acroform({}))) as pdf:
        page = pdf.pages[0].obj
        for row, value in enumerate(("王伟", "E12345678", "2031-02-05")):
            note = pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Contents=pikepdf.String(value),
                Rect=pikepdf.Array([320, 700 - 40 * row, 500, 718 - 40 * row]),
            )  # fmt: skip
            page.Annots.append(pdf.make_indirect(note))
        out = io.BytesIO()
        pdf.save(out)
    facts, text, _, _ = measure(out.getvalue())
    assert facts.shape is PdfShape.TEXT
    assert "E12345678" in text.text


@pytest.mark.parametrize("tips", [True, False])
def test_fields_without_a_speaking_name_are_known_by_their_tip_or_by_the_words_beside_them(
    tmp_path: Path, tips: bool
) -> None:
    names = {field: f"Text{at}" for at, field in enumerate(VALUES)}
    (tmp_path / "f.pdf").write_bytes(papers.form_acroform(VALUES, names=names, tips=tips))
    facts = measure_pdf(tmp_path / "f.pdf", Limits()).pdf
    assert facts is not None
    reading = interpret(FileFacts("0" * 64, 1, "pdf", pdf=facts), None, "form.pdf", load(None).rules)
    assert {f.name: f.value for f in reading.fields} == VALUES
