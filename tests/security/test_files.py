"""Files made to harm: refused by rule, quickly, within limits, and told to the sender where he can do better
(CWE-22, 23, 409, 434, 451, 611, 674, 776, 835)."""

import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.support import hostile
from tests.support.containers import rar, renamed_7z, zipped
from tests.support.hostile import office_file, with_file, with_headers, word, xml_reaching_for
from tests.support.patience import CPU_SECONDS
from tests.support.worker import Office, application, letter_text, mail, office, pool

from mailintake.model.facts import FileFacts
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import READER_VERSION

CANARY = "canary-7d1f-never-to-be-read"
WORD_XML = "word/document.xml"

NAMES = {
    "parents": "../../../../tmp/evil.jpg",
    "parents, windows": "..\\..\\..\\evil.jpg",
    "absolute": "/etc/cron.d/evil.jpg",
    "drive": "C:\\Windows\\evil.jpg",
    "share": "\\\\evil.example\\share\\evil.jpg",
    "reserved": "CON.jpg",
    "reserved with number": "LPT1",
    "right to left": "照片\u202egpj.exe",
    "null": "照片.jpg\0.exe",
    "long": "片" * 300 + ".jpg",
    "blank": "   ",
    "dots": "..",
    "a dot": ".",
    "hidden": ".htaccess",
    "stream": "照片.jpg::$DATA",
    "line ends": "照片\r\n.jpg",
    "markup": "<script>alert(1)</script>.jpg",
    "shell": "$(touch evil);`id`|&.jpg",
    "template": "{{ 7*7 }}.jpg",
    "percent": "%2e%2e%2f%2e%2e%2fevil.jpg",
    "full width": "．．／．．／evil.jpg",
    "option": "-rf *.jpg",
}


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def attachments(at: Office, sha256: str) -> list[str]:
    reading = at.shells.store.reading(sha256)
    assert reading is not None
    return [text for a in reading.attachments for text in (a.name, a.path)]


def test_hostile_names_are_shown_clean_and_touch_no_path(at: Office, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES.values()):
        inside = zipped({name.replace("\0", "") or "x": b"\xff\xd8\xff" + b"x" * 50})
        at.deliver(with_file(word(name), b"\xff\xd8\xff" + bytes(90), id=f"n{number}"))
        at.deliver(with_file(word("材料.zip"), inside, id=f"z{number}"))
    at.run()
    rows = at.shells.store.messages()
    assert [row.status for row in rows] == ["done"] * 2 * len(NAMES)
    for name in (name for row in rows for name in attachments(at, row.sha256)):
        assert len(name) <= 500
        assert not any(ord(c) < 32 or c in "\u202e\u202d\u2066\0" for c in name)
        assert ".." not in name.split("/")
        assert not name.startswith("/")
    assert not [path for path in tree(tmp_path) if "evil" in path or "照片" in path or "htaccess" in path]
    assert not [path for path in ("/tmp/evil.jpg", "/etc/cron.d/evil.jpg") if Path(path).exists()]


def test_a_7z_that_climbs_out_stays_inside(at: Office, tmp_path: Path) -> None:
    at.deliver(with_file("a.7z", renamed_7z("aaaaaaaaaa.jpg", "../../evil.jpg")))
    at.run()
    assert not [path for path in tree(tmp_path) if "evil" in path]
    assert not (tmp_path.parent / "evil.jpg").exists()


BOMBS: dict[str, Callable[[], tuple[str, bytes]]] = {
    "zip bomb": lambda: ("材料.zip", hostile.zip_bomb(100)),
    "overlapping zip": lambda: ("材料.zip", hostile.overlapping_zip()),
    "nested zip": lambda: ("材料.zip", hostile.nested_zip(40)),
    "image by its header": lambda: ("照片.png", hostile.png_of(60_000, 60_000)),
    "wide image": lambda: ("照片.png", hostile.png_of(2**30, 1)),
    "image of no width": lambda: ("照片.png", hostile.png_of(0, 0)),
    "pdf stream": lambda: ("表.pdf", hostile.pdf_bomb(100)),
    "pdf loop": lambda: ("表.pdf", hostile.pdf_loop()),
    "pdf of open brackets": lambda: ("表.pdf", b"%PDF-1.4\n1 0 obj\n" + b"[" * 200_000),
    "pdf of open dictionaries": lambda: (
        "表.pdf",
        b"%PDF-1.4\n1 0 obj\n" + b"<<" * 100_000 + b"trailer<</Root 1 0 R>>",
    ),
    "entities in docx": lambda: ("函.docx", office_file({WORD_XML: hostile.XML_BOMB})),
    "entities in xlsx": lambda: (
        "表.xlsx",
        office_file({"xl/workbook.xml": hostile.XML_BOMB, "xl/sharedStrings.xml": hostile.XML_BOMB}),
    ),
    "entities in svg": lambda: ("图.svg", hostile.XML_BOMB.encode()),
    "deep docx": lambda: ("函.docx", office_file({WORD_XML: "<w>" * 200_000})),
    "large docx": lambda: ("函.docx", office_file({WORD_XML: "<w>" + "<p/>" * 10_000_000 + "</w>"})),
    "many members": lambda: ("材料.zip", zipped({f"{n}.jpg": b"x" for n in range(1_000)})),
    "deep rtf": lambda: ("函.rtf", b"{\\rtf1" + b"{" * 500_000),
}


def processor_seconds(readers: ReaderPool) -> float:
    """Of this process and of the reader, which is the same one before and after."""
    assert readers._child is not None
    fields = Path(f"/proc/{readers._child.pid}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_little_and_ends_nothing(at: Office, readers: ReaderPool, bomb: str) -> None:
    at.deliver(application(id="warm", set="profile"))
    at.run()  # libraries are loaded
    name, data = BOMBS[bomb]()
    at.deliver(with_file(word(name), data))
    before = processor_seconds(readers)
    at.run()
    assert processor_seconds(readers) - before < CPU_SECONDS / 4
    rows = at.shells.store.messages()
    assert {row.status for row in rows} == {"done"}
    assert all(row.disposition for row in rows)


REACHING: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "docx": lambda path: ("函.docx", office_file({WORD_XML: xml_reaching_for(path)})),
    "xlsx": lambda path: (
        "表.xlsx",
        office_file(
            {
                "xl/workbook.xml": xml_reaching_for(path),
                "xl/sharedStrings.xml": xml_reaching_for(path),
                "xl/worksheets/sheet1.xml": xml_reaching_for(path),
            }
        ),
    ),
    "svg": lambda path: ("图.svg", xml_reaching_for(path).encode()),
    "html": lambda path: ("说明.html", f'<iframe src="file://{path}"></iframe><img src="file://{path}">'.encode()),
    "html of the mail": lambda path: ("a.txt", b"x"),
    "pdf": lambda path: (
        "表.pdf",
        hostile.pdf_of(
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            f"<< /Length 0 /F ({path}) >>\nstream\n\nendstream",
        ),
    ),
}


@pytest.mark.parametrize("kind", REACHING)
def test_no_document_makes_us_read_another_file(at: Office, kind: str, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(CANARY)
    name, data = REACHING[kind](str(tmp_path / "secret"))
    at.deliver(with_file(word(name), data))
    at.run()
    kept = [p for p in (tmp_path / "originals").rglob("*") if p.is_file()]
    assert kept
    assert not [p for p in kept if CANARY.encode() in p.read_bytes()]
    reading = at.shells.store.reading(at.shells.store.messages()[0].sha256)
    assert CANARY not in repr((reading, facts_of(at)))


def facts_of(at: Office) -> dict[str, FileFacts]:
    reading = at.shells.store.reading(at.shells.store.messages()[0].sha256)
    assert reading is not None
    facts = at.shells.store.facts(READER_VERSION, [a.sha256 for a in reading.attachments])
    return {a.name: facts[a.sha256] for a in reading.attachments if a.sha256 in facts}


def test_nothing_in_a_pdf_is_run(at: Office, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    at.deliver(with_file("x.pdf", hostile.pdf_with_script(f"app.launchURL\\('file://{marker}'\\)")))
    at.run()
    assert not marker.exists()
    assert facts_of(at)["x.pdf"].format == "pdf"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("材料.zip", hostile.locked_zip()),
        ("表.pdf", hostile.pdf_locked()),
        ("材料.rar", rar({"photo.jpg": b"secret"}, locked=True)),
    ],
    ids=["zip", "pdf", "rar"],
)
def test_a_locked_file_is_named_in_the_letter(at: Office, name: str, data: bytes) -> None:
    at.deliver(with_file(word(name), data, set="person", without=["abtc_basic_data"]))
    at.run()
    (letter,) = at.letters()
    body = letter.get_body(("plain",))
    assert body is not None
    assert name in body.get_content()


CIPHERTEXT = {
    "pgp": (
        'multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
        "--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n"
        "Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
        "-----BEGIN PGP MESSAGE-----\r\nabc\r\n--b--\r\n",
        "encrypted.asc",
    ),
    "s/mime": (
        "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m",
        "MIAGCSqGSIb3DQEHA6CAMIACAQAxggFXMIIBUwIBADA7",
        "smime.p7m",
    ),
}


@pytest.mark.parametrize("kind", CIPHERTEXT)
def test_a_mail_that_is_all_ciphertext_is_asked_for_again_by_the_name_of_its_file(at: Office, kind: str) -> None:
    type_, body, name = CIPHERTEXT[kind]
    head = with_headers(mail(subject="新办APEC商务旅行卡"), {"Content-Type": type_}).partition(b"\n\n")[0]
    at.deliver(head.replace(b"Content-Transfer-Encoding: base64", b"X-Was: base64") + b"\n\n" + body.encode())
    at.run()
    (letter,) = at.letters()
    assert name in letter_text(letter)


DISGUISED = {
    "program": b"MZ\x90\x00" + bytes(400),
    "elf": b"\x7fELF" + bytes(400),
    "script": b"#!/bin/sh\ntouch /tmp/evil\n",
    "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(300),
    "polyglot": b"%PDF-1.4\n<script>alert(1)</script>MZ",
}


@pytest.mark.parametrize("what", DISGUISED)
def test_a_program_named_like_a_photo_is_no_photo(at: Office, what: str) -> None:
    at.deliver(with_file(word("贺知秋照片.jpg"), DISGUISED[what], set="person", without=["photo"]))
    at.run()
    case, *_ = at.shells.store.cases()
    assert case.assessment is not None
    assert [d for d in case.assessment.documents if d.document.kind == "photo" and d.outcome.value == "ok"] == []


OLD_MACRO = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument\0_VBA_PROJECT".encode("utf-16-le")
MACROS = {
    "docm": office_file({WORD_XML: "<w>贺知秋</w>", "word/vbaProject.bin": b"Sub AutoOpen()"}),
    "xlsm": office_file({"xl/workbook.xml": "<w/>", "xl/vbaProject.bin": b"Sub AutoOpen()"}),
    "doc": OLD_MACRO,
}


@pytest.mark.parametrize("what", MACROS)
def test_a_document_that_brings_a_program_is_asked_for_again_and_not_read(at: Office, what: str) -> None:
    name = f"贺知秋企业简介.{what}"
    at.deliver(with_file(word(name), MACROS[what], set="person"))
    at.run()
    (row,) = at.shells.store.messages()
    reading = at.shells.store.reading(row.sha256)
    assert reading is not None
    facts = at.shells.store.facts(READER_VERSION, (a.sha256 for a in reading.attachments))
    (unsafe,) = [f for f in facts.values() if f.format == "macro"]
    assert (unsafe.problem, unsafe.text) == ("attachment.unsafe", None)
    (letter,) = at.letters()
    assert name in letter_text(letter)


@pytest.mark.parametrize("size", [(4300, 3100), (400, 250)])
def test_a_picture_of_forty_megabytes_or_of_a_hundred_kilobytes_is_measured(at: Office, size: tuple[int, int]) -> None:
    made = io.BytesIO()
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(made, "BMP")
    at.deliver(with_file("photo.bmp", made.getvalue(), set="person", without=["photo"]))
    at.run()
    (row,) = at.shells.store.messages()
    reading = at.shells.store.reading(row.sha256)
    assert reading is not None
    facts = at.shells.store.facts(READER_VERSION, (a.sha256 for a in reading.attachments)).values()
    assert size in [(f.image.width, f.image.height) for f in facts if f.image and f.format == "bmp"]


def test_stored_files_are_readable_by_their_owner_only(at: Office, tmp_path: Path) -> None:
    at.deliver(with_file("x.pdf", b"%PDF"))
    at.run()
    modes = {oct(path.stat().st_mode & 0o077) for path in (tmp_path / "originals").rglob("*")}
    assert modes == {"0o0"}


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    own = pool()
    with office(tmp_path / "office", readers=own) as at:
        bombs = [
            BOMBS["zip bomb"](),
            BOMBS["pdf loop"](),
            ("a.zip", hostile.locked_zip()),
            ("a.7z", b"7z\xbc\xaf'\x1c0"),
        ]
        for number, (name, data) in enumerate(bombs):
            at.deliver(with_file(word(name), data, id=f"t{number}"))
        at.run()
        assert len(at.shells.store.messages("done")) == len(bombs)
    own.close()
    assert os.listdir(tmp_path / "tmp") == []


def test_an_attachment_over_the_limit_is_refused_by_name(at: Office) -> None:
    at.deliver(with_file("big.zip", io.BytesIO(os.urandom(61 * 2**20)).getvalue(), set="person"))
    started = time.monotonic()
    at.run()
    assert time.monotonic() - started < 15
    assert {row.status for row in at.shells.store.messages()} == {"done"}
