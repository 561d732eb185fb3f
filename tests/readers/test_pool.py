"""The reader process may crash, hang or eat memory: its parent says so within the limit and starts a new one."""

import io
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.support import papers
from tests.support.ofd import ofd

from mailintake.config import load
from mailintake.errors import ReaderFailed
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits

MAIL = (
    b"From: a@b.example\r\nSubject: APEC\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\xe6\x96\xb0\xe5\x8a\x9e\r\n"
)
HOSTILE = {
    "hangs": "import time; time.sleep(60)",
    "dies": "import os; os._exit(9)",
    "talks nonsense": "print('{}' * 3, flush=True); import time; time.sleep(60)",
    "eats memory": "x = bytearray(10 ** 10); print('{\"ok\": null}')",
    "never stops answering": "import sys\nwhile True: sys.stdout.write('x' * 10 ** 6)",
}


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    (tmp_path / "m.eml").write_bytes(MAIL)
    (tmp_path / "out").mkdir()
    return tmp_path / "m.eml"


def reader(seconds: float = 30.0) -> ReaderPool:
    return ReaderPool(load(None).rules.vocabulary, Limits(seconds=seconds), ocr=False)


def test_a_mail_is_read_in_another_process(mail: Path) -> None:
    readers = reader()
    try:
        reading = readers.message(mail, mail.parent / "out")
        assert reading.message.subject == "APEC"
        assert reading.message.new_text.strip() == "新办"
    finally:
        readers.close()


@pytest.mark.parametrize("program", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_reader_that_misbehaves_is_ended_in_time(mail: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    readers = reader(seconds=1.5)
    real, started = subprocess.Popen, time.monotonic()

    def hostile(command: list[str], **options: Any) -> object:
        limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))\n{program}"
        return real([sys.executable, "-c", limited], **options)

    monkeypatch.setattr(subprocess, "Popen", hostile)
    with pytest.raises(ReaderFailed):
        readers.message(mail, mail.parent / "out")
    assert time.monotonic() - started < 10
    monkeypatch.setattr(subprocess, "Popen", real)
    readers = reader()
    assert readers.message(mail, mail.parent / "out").message.subject == "APEC"
    readers.close()


def test_a_missing_file_is_a_failure_and_the_reader_lives_on(mail: Path) -> None:
    readers = reader()
    try:
        with pytest.raises(ReaderFailed):
            readers.message(mail.parent / "absent", mail.parent / "out")
        assert readers.message(mail, mail.parent / "out").message.subject == "APEC"
    finally:
        readers.close()


def test_a_page_is_drawn_in_the_other_process_as_a_picture_of_bounded_size(tmp_path: Path) -> None:
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(papers.jpeg(papers.photo(2, (3000, 4000))))
    (tmp_path / "letter.pdf").write_bytes(papers.Sheet().say(60, 60, "公函").pdf())
    (tmp_path / "list.ofd").write_bytes(ofd(papers.Sheet().say(60, 60, "参保证明"), papers.photo(1)))
    (tmp_path / "facts.txt").write_text("姓名：陶静远\n护照号：EA1234567\n", "utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    readers = reader()
    try:
        sizes = {}
        for name, format_, page in (
            ("scan.jpg", "jpeg", 1),
            ("letter.pdf", "pdf", 1),
            ("list.ofd", "ofd", 2),
            ("facts.txt", "text", 1),
        ):
            png = readers.picture(tmp_path / name, format_, page, 800)
            assert png is not None, name
            with Image.open(io.BytesIO(png)) as drawn:
                assert drawn.format == "PNG"
                sizes[name] = drawn.width
        assert all(780 <= width <= 820 for width in sizes.values()), sizes
        wide = readers.picture(scan, "jpeg", 1, 90_000)
        assert wide is not None
        with Image.open(io.BytesIO(wide)) as drawn:
            assert drawn.width <= 2000
        for name, format_, page in (("letter.pdf", "pdf", 2), ("broken.pdf", "pdf", 1), ("scan.jpg", "zip", 1)):
            assert readers.picture(tmp_path / name, format_, page, 800) is None, name
    finally:
        readers.close()
