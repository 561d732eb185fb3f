"""Where the boxes lie on the picture of a page, however it is turned, and what they are called."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from mailintake.config import resource
from mailintake.desk.marks import marks_of, pages_of, spans_of, turned, upright
from mailintake.model.document import Document
from mailintake.model.facts import (
    Area,
    Field,
    FileFacts,
    ImageFacts,
    OfdFacts,
    PdfFacts,
    PdfShape,
    Reading,
    Sheet,
    TextFacts,
    TextLine,
)
from mailintake.model.procedure import CheckSpec, DocumentKind, Scope

CORNER = Area(0.1, 0.2, 0.3, 0.25)  # wide and flat, near the upper left corner
SHEET = Sheet(1, 100.0, 200.0)
LINES = TextFacts(
    (TextLine("护照号 E12345678", 1, (10, 20, 60, 30)), TextLine("第二页", 2, (0, 0, 9, 9))), sheets=(SHEET,)
)


def paper(*fields: Field, image: ImageFacts | None = None) -> Document:
    facts = FileFacts("f" * 64, 1, "jpeg", image=image)
    return Document(
        "一.jpg",
        "一.jpg",
        "f" * 64,
        "e" * 64,
        datetime(2026, 11, 2, tzinfo=UTC),
        facts=facts,
        reading=Reading("", fields),
    )


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, (0.1, 0.2)), (90, (0.75, 0.1)), (180, (0.7, 0.75)), (270, (0.2, 0.7)), (360, (0.1, 0.2))]
)
def test_a_box_turns_with_its_page(turn: int, corner: tuple[float, float]) -> None:
    place = turned(CORNER, turn)
    assert (place.left, place.top) == pytest.approx(corner)
    assert place.left < place.right
    assert place.top < place.bottom


def test_four_quarters_lead_back() -> None:
    place = CORNER
    for _ in range(4):
        place = turned(place, 90)
    assert (place.left, place.top, place.right, place.bottom) == pytest.approx((0.1, 0.2, 0.3, 0.25))


def test_everything_read_in_one_line_shares_a_box_and_other_pages_have_theirs() -> None:
    line, other = Area(0, 0.8, 1, 0.9), Area(0, 0.1, 1, 0.2)
    document = paper(
        Field("passport_no", "E1", page=1, box=line), Field("sex", "F", page=1, box=line),
        Field("mobile", "1", page=2, box=other)
    )  # fmt: skip
    (mark,) = marks_of(document, None, 1, 0)
    assert mark.fields == ("passport_no", "sex")
    assert mark.said == "E1 / F"
    assert [m.fields for m in marks_of(document, None, 2, 0)] == [("mobile",)]


def test_the_face_is_shown_on_every_picture_and_strokes_only_where_strokes_are_judged() -> None:
    image = ImageFacts(200, 100, "jpeg", "RGB", ink_box=(20, 10, 180, 90), face_box=(50, 20, 100, 80))
    signature = DocumentKind("s", "签名", "signature", Scope.APPLICANT, "s.missing", checks=(CheckSpec("ink_present"),))
    assert [m.fields for m in marks_of(paper(image=image), None, 1, 0)] == [("face",)]
    both = marks_of(paper(image=image), signature, 1, 0)
    assert [m.fields for m in both] == [("face",), ("ink",)]
    assert both[1].at == Area(0.1, 0.1, 0.9, 0.9)


def test_text_lies_over_an_upright_page_and_over_no_other() -> None:
    (span,) = spans_of(LINES, 1, 0)
    assert span.text == "护照号 E12345678"
    assert span.at == Area(0.1, 0.1, 0.6, 0.15)
    assert spans_of(LINES, 1, 90) == ()
    assert spans_of(None, 1, 0) == ()


def test_a_page_that_lay_on_its_side_is_shown_upright() -> None:
    lying = TextFacts(LINES.lines, sheets=(Sheet(1, 200.0, 100.0, quarter_turns=1),))
    assert upright(lying, 1) == 270
    assert upright(LINES, 1) == 0
    assert len(spans_of(lying, 1, 270)) == 1


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        (None, 1),
        (FileFacts("", 1, "pdf", pdf=PdfFacts(3, PdfShape.TEXT)), 3),
        (FileFacts("", 1, "ofd", ofd=OfdFacts(2)), 2),
        (FileFacts("", 1, "tiff", image=ImageFacts(9, 9, "tiff", "RGB", frames=4)), 4),
        (FileFacts("", 1, "docx", text=TextFacts((), sheets=(SHEET, Sheet(2, 1.0, 1.0)))), 2),
        (FileFacts("", 1, "zip"), 1),
    ],
)
def test_the_pages_of_every_kind_of_file_can_be_leafed_through(facts: FileFacts | None, count: int) -> None:
    assert pages_of(facts) == count


def test_every_field_that_can_be_read_has_a_name_in_words() -> None:
    said = YAML(typ="safe").load(resource("templates/desk/say.yaml").read_text("utf-8"))["field"]
    table = Path("docs/fields.md").read_text("utf-8").splitlines()
    names = {name for line in table if line.startswith("| `") for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert names - set(said) == set()
