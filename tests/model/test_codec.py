"""The codec gives back every value it was given and refuses what does not fit."""

from datetime import UTC, datetime

import pytest

from mailintake.model.case import Applicant, Case, State
from mailintake.model.codec import decode, encode
from mailintake.model.document import Document
from mailintake.model.facts import FileFacts, ImageFacts, PdfFacts, PdfShape, Reading, TextFacts, TextLine
from mailintake.model.letter import LetterKind, LetterPolicy, Mode
from mailintake.model.procedure import ProcedureKey

AT = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


def a_case() -> Case:
    facts = FileFacts(
        "ab" * 32,
        10,
        "jpeg",
        image=ImageFacts(600, 800, "jpeg", "RGB", ink_box=(1, 2, 3, 4)),
        pdf=PdfFacts(1, PdfShape.ACROFORM, fields=(("a", "b"),), page_size=(595.0, 842)),
        text=TextFacts((TextLine("x"),), "ocr"),
    )
    document = Document(
        "a.zip/b.jpg", "b.jpg", "ab" * 32, "cd" * 32, AT, "photo", "a1", facts=facts, reading=Reading("photo")
    )
    people = (Applicant("a1", "张三"),)
    opened = (AT, AT, AT, "r1", people)
    return Case(
        "LN-2026-000001-5", ProcedureKey.NEW, "first_time", State.COMPLETE, "公司", *opened, documents=(document,)
    )


def test_a_case_survives_the_round_trip() -> None:
    assert decode(Case, encode(a_case())) == a_case()


def test_maps_with_enum_keys_survive() -> None:
    policy = LetterPolicy(modes={LetterKind.RECEIVED: Mode.AUTO})
    assert decode(LetterPolicy, encode(policy)).mode(LetterKind.RECEIVED) is Mode.AUTO


@pytest.mark.parametrize("bad", [[], {"key": 5}, {"key": "a1", "unknown": 1}, {}, {"key": "a1", "fields": "x"}])
def test_a_misfit_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(Applicant, bad)
