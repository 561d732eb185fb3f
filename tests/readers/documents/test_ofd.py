"""OFD files: words with places, scanned pages, seals; files that want to hurt."""

import time
from datetime import date
from pathlib import Path

import pytest
from tests.support import papers
from tests.support.ofd import ofd, packed, seal_bytes
from tests.support.patience import CPU_SECONDS

from mailintake.config import load
from mailintake.model.facts import FileFacts
from mailintake.readers.files import ocr
from mailintake.readers.files.measure import measure
from mailintake.readers.files.ofd_seals import seal_owner
from mailintake.readers.files.text import read_text
from mailintake.readers.port import Limits
from mailintake.stages.interpret import interpret

LIMITS = Limits()
RULES = load(None).rules
needs_ocr = pytest.mark.skipif(not ocr.available(), reason="the [ocr] extra is not installed")
LIST = papers.insurance(papers.person(5), papers.company(2), date(2026, 11, 2), 8)
SLIP = papers.slip(papers.CENTRE, 2, papers.company(1), date(2026, 11, 3))


def measured(tmp_path: Path, data: bytes) -> FileFacts:
    (tmp_path / "f").write_bytes(data)
    return measure(tmp_path / "f", "f" * 64, LIMITS)


@pytest.mark.parametrize("apart", [False, True], ids=["words", "characters"])
@pytest.mark.parametrize("absolute", [False, True], ids=["relative", "absolute"])
def test_a_list_of_insurance_says_as_an_ofd_what_it_says_as_a_pdf(tmp_path: Path, apart: bool, absolute: bool) -> None:
    facts = measured(tmp_path, ofd(LIST, character_by_character=apart, absolute=absolute))
    as_pdf = measured(tmp_path, LIST.pdf())
    assert facts.format == "ofd"
    assert facts.problem == ""
    reading, same = (interpret(f, f.text, "", RULES) for f in (facts, as_pdf))
    assert reading.kind == same.kind == "social_insurance"
    assert {(f.name, f.value, f.sure) for f in reading.fields} == {(f.name, f.value, f.sure) for f in same.fields}


def test_what_a_receipt_says_is_placed_on_its_page(tmp_path: Path) -> None:
    facts = measured(tmp_path, ofd(SLIP))
    reading = interpret(facts, facts.text, "", RULES)
    account = next(f for f in reading.fields if f.name == "payee_account")
    said = next(text for text in SLIP.texts if papers.CENTRE.account in text.words)
    assert (account.value, account.page) == (papers.CENTRE.account, 1)
    assert account.box is not None
    assert abs(account.box.top - said.y / 842) < 0.02
    assert reading.kind == "remittance_centre"


def test_words_of_the_template_are_words_of_the_page(tmp_path: Path) -> None:
    frame = papers.Sheet().say(200, 40, "社会保险个人参保证明")
    facts = measured(tmp_path, ofd(papers.Sheet().say(60, 90, "姓名").say(120, 90, "陶静远"), template=frame))
    assert facts.text is not None
    assert facts.text.text == "社会保险个人参保证明\n姓名\n陶静远"


def test_whose_seal_it_bears_is_said(tmp_path: Path) -> None:
    facts = measured(tmp_path, ofd(LIST, seal="听涛市社会保险事业服务中心"))
    assert facts.ofd is not None
    assert facts.ofd.seals == ("听涛市社会保险事业服务中心",)


@pytest.mark.parametrize("data", [b"", b"0", b"0\x84\xff\xff\xff\xff", b"\x30\x80" * 500, seal_bytes("x" * 300)[:50]])
def test_a_broken_seal_is_nobodys(data: bytes) -> None:
    assert seal_owner(data) == ""


@needs_ocr
def test_a_scanned_page_is_read_by_eye_and_a_written_one_is_not(tmp_path: Path) -> None:
    certificate = papers.certificate(papers.person(4), date(2026, 5, 12))
    data = ofd(LIST, certificate.image(150))
    facts = measured(tmp_path, data)
    assert facts.ofd is not None
    assert (facts.ofd.pages, facts.ofd.picture_pages) == (2, (2,))
    text = read_text(tmp_path / "f", "ofd", LIMITS, ocr=True)
    assert text is not None
    assert text.seen_pages == (2,)
    reading = interpret(facts, text, "", RULES)
    assert (reading.kind, reading.also) == ("social_insurance", ("no_criminal_record",))
    assert reading.get("issue_date") == "2026-05-12"


def test_an_encrypted_file_is_named(tmp_path: Path) -> None:
    assert measured(tmp_path, ofd(LIST, encrypted=True)).problem == "attachment.encrypted"


NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
ONCE_MORE = '<ofd:CompositeObject ResourceID="7"/>' * 50


def element(name: str, inside: str, attributes: str = "") -> str:
    return f"<ofd:{name} {NS} {attributes}>{inside}</ofd:{name}>"


def with_page(content: str) -> bytes:
    """A file of one page; its resources hold a unit that draws itself fifty times."""
    unit = element("CompositeGraphicUnit", element("Content", ONCE_MORE), 'ID="7"')
    page = element("Pages", '<ofd:Page ID="1" BaseLoc="p.xml"/>')
    parts = {
        "OFD.xml": element("OFD", element("DocBody", element("DocRoot", "d.xml"))),
        "d.xml": element("Document", element("CommonData", element("PublicRes", "r.xml")) + page),
        "p.xml": content,
        "r.xml": element("Res", element("CompositeGraphicUnits", unit)),
    }
    return packed({name: text.encode() for name, text in parts.items()})


def drawing(content: str) -> str:
    return element("Page", element("Content", element("Layer", content)))


NUMBERS = element(
    "TextObject",
    '<ofd:TextCode X="nan" DeltaX="g 99999999999 1">a</ofd:TextCode>',
    f'Boundary="x" Size="1e999" CTM="{"9" * 5000}"',
)
HOSTILE = {
    "no package": b"PK\x03\x04 broken OFD.xml",
    "no document": packed({"OFD.xml": b"<OFD/>", "Doc_0/x": b""}),
    "entities": with_page('<!DOCTYPE x [<!ENTITY a "aaaa">]><Page>&a;</Page>'),
    "outside": packed({"OFD.xml": b"<OFD><DocBody><DocRoot>../../../../etc/passwd</DocRoot></DocBody></OFD>"}),
    "itself in itself": with_page(drawing(ONCE_MORE)),
    "deep": with_page(f"<ofd:Page {NS}>{'<ofd:PageBlock>' * 5000}{'</ofd:PageBlock>' * 5000}</ofd:Page>"),
    "giant page": with_page(element("Page", element("Area", element("PhysicalBox", "0 0 1e300 1e300")))),
    "numbers": with_page(drawing(NUMBERS)),
    "bomb": with_page(element("Page", " " * 40_000_000)),
    "many": with_page(element("Page", "<ofd:x/>" * 300_000)),
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_neither_hangs_nor_raises_nor_says_anything(tmp_path: Path, data: bytes) -> None:
    started = time.process_time()
    facts = measured(tmp_path, data)
    assert time.process_time() - started < CPU_SECONDS
    assert facts.problem in ("attachment.unreadable", "") or facts.format == "zip"
    assert facts.text is None or not facts.text.text.strip("a\n")
