"""The mails that crash.py sends, and readers that have read them before."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.support.breaking import Breaker
from tests.support.readers import NoReaders
from tests.support.worker import application, mail, shipped

from mailintake.errors import ReaderFailed
from mailintake.model.facts import TextFacts
from mailintake.readers.expand import open_message
from mailintake.readers.files.text import read_text
from mailintake.readers.port import MessageReading

_texts: dict[str, TextFacts | None] = {}
_folders: list[tempfile.TemporaryDirectory[str]] = []
_SENDER = "晴川机械-苏禾 <suhe@qingchuan.example>"


@cache
def mails() -> dict[str, bytes]:
    """Invented mails of several kinds, as the stand-in keeps them."""
    photo = [{"name": "季云舟照片.jpg", "is": "photo", "of": ["b"]}]
    made = {
        "complete": application(id="complete"),
        "lacking": application(
            id="lacking", of=["b"], subject="新办APEC卡 季云舟", text="季云舟首次申请。", without=["photo"]
        ),
        "more": mail(
            id="more", subject="补充 季云舟 照片", text="补充季云舟照片，请查收。", files=photo, **{"from": _SENDER}
        ),
        "enquiry": mail(id="enquiry", **{"from": "anna@wenxun.example"}),
        "other": mail(id="other", subject="你好", text="请问你们几点上班？", **{"from": "ben@wenxun.example"}),
        "away": mail(id="away", subject="自动回复：休假", headers={"Auto-Submitted": "auto-replied"}),
    }
    return {name: raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for name, raw in made.items()}


def kept_folder() -> Path:
    """A folder that goes when this process ends."""
    _folders.append(tempfile.TemporaryDirectory(prefix="crash-"))
    return Path(_folders[-1].name)


@cache
def reading(raw: bytes) -> tuple[MessageReading, Path]:
    """Every mail is read once in this process; a reader process for each of thousands of runs would take hours. Bytes
    that are none of `mails` are read, too, as a reader would: what does not belong there is told by `Ran.faults`."""
    folder = kept_folder()
    (folder / "raw").write_bytes(raw)
    (folder / "out").mkdir()
    configuration = shipped()
    limits, words = configuration.settings.limits, configuration.rules.vocabulary
    return open_message(folder / "raw", folder / "out", words, limits), folder / "out"


def text_of(sha256: str, file: Path, format_: str) -> TextFacts | None:
    """The text of one file, read once wherever it lies."""
    if sha256 not in _texts:
        _texts[sha256] = read_text(file, format_, shipped().settings.limits, ocr=False)
    return _texts[sha256]


class ReadersElsewhere(NoReaders):
    """Stands for the reader process: what it does to the disk is its own affair, its answer is a point."""

    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def message(self, raw: Path, out: Path) -> MessageReading:
        with self._breaker.elsewhere():
            opened, files = reading(raw.read_bytes())
            for file in files.iterdir():
                shutil.copyfile(file, out / file.name)
        self._answer()
        return opened

    def text(self, file: Path, format_: str) -> TextFacts | None:
        with self._breaker.elsewhere():
            read = text_of(file.name, file, format_)
        self._answer()
        return read

    def _answer(self) -> None:
        try:
            self._breaker.reached("read.before")
            self._breaker.reached("read.after")
        except MemoryError:
            raise ReaderFailed("MemoryError") from None
