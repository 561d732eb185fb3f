"""The reader process may crash, hang or eat memory: its parent says so within the limit and starts a new one."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

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
