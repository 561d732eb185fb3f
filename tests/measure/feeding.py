"""Labelled threads, fed to the program mail by mail as their README asks."""

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from unittest.mock import patch

from mailintake.app.replay import replay
from mailintake.config import Configuration
from mailintake.model.codec import decode, encode
from mailintake.model.facts import TextFacts
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import READER_VERSION

NO_REPLY = "<no-reply-was-written@nowhere.invalid>"


@dataclass(frozen=True)
class Step:
    """One mail of a thread: what the labels expect, what the program said, and the text of its letters."""

    name: str
    expected: Mapping[str, Any]
    line: Mapping[str, Any]
    texts: tuple[str, ...]
    sender: str
    earlier: tuple["Step", ...] = field(default=())

    @property
    def text(self) -> str:
        """All letters of this step."""
        return "\n".join(self.texts)


class RememberingReaders(ReaderPool):
    """Readers that keep the text of pictures between runs: measuring again costs seconds, not minutes."""

    folder = Path()

    def text(self, file: Path, format_: str) -> TextFacts | None:
        """As the real one."""
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        how = "ocr" if self._start["ocr"] else "plain"
        kept = self.folder / f"{READER_VERSION}-{how}-{digest}.json"
        if kept.is_file():
            stored = json.loads(kept.read_text("utf-8"))
            return None if stored is None else decode(TextFacts, stored)
        text = super().text(file, format_)
        kept.write_text(json.dumps(None if text is None else encode(text), ensure_ascii=False), "utf-8")
        return text


@contextmanager
def remembering(folder: Path | None) -> Iterator[None]:
    """Texts of pictures are kept in `folder`; without one nothing changes."""
    if folder is None:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    kept = type("Kept", (RememberingReaders,), {"folder": folder})
    with patch("mailintake.app.build.ReaderPool", kept):
        yield


def threads(root: Path, only: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The labels of every thread, or of those named."""
    loaded = [json.loads(path.read_text("utf-8")) for path in sorted((root / "truth").glob("*.json"))]
    return [thread for thread in loaded if not only or thread["scenario"] in only]


def feed(configuration: Configuration, root: Path, thread: Mapping[str, Any]) -> Iterator[Step]:
    """Every step of one thread, in an empty store of its own."""
    done: list[Step] = []
    with tempfile.TemporaryDirectory() as scratch:
        state = Path(scratch, "state")
        state.mkdir()
        for labels in thread["steps"]:
            raw = (root / "mail" / thread["scenario"] / labels["mail"]).read_bytes()
            raw = _answering(raw, labels, done)
            file = Path(scratch, labels["mail"])
            file.write_bytes(raw)
            line = _one(configuration, file, datetime.fromisoformat(labels["at"]), state)
            texts = tuple(_text(Path(letter["eml"])) for letter in line["letters"])
            sender = str(message_from_bytes(raw, policy=policy.compat32).get("From", ""))
            step = Step(f"{thread['scenario']}/{labels['mail'][:2]}", labels, line, texts, sender, tuple(done))
            done.append(step)
            yield step


def without_ocr(configuration: Configuration) -> Configuration:
    """The same rules on a machine without the OCR package."""
    return replace(configuration, settings=replace(configuration.settings, ocr=False))


def _one(configuration: Configuration, file: Path, now: datetime, state: Path) -> Mapping[str, Any]:
    return next(line for _, _, line in replay(configuration, (file,), now=now, state=state))


def _answering(raw: bytes, labels: Mapping[str, Any], done: list[Step]) -> bytes:
    """The case number and the Message-ID of our reply, where the sender would have copied them."""
    wanted = labels.get("follows", "01.eml")
    answered = next((s for s in done if s.expected["mail"] == wanted), None)
    line = answered.line if answered else {"letters": [], "cases": []}
    letters, cases = line["letters"], line["cases"]
    number = next((x["case"] for x in letters if x["case"]), cases[0]["number"] if cases else "")
    identity = letters[0]["message_id"] if letters else NO_REPLY
    return raw.replace(b"{CASE}", number.encode()).replace(b"{REPLY-ID}", identity.encode())


def _text(eml: Path) -> str:
    """The plain text of a letter, subject first."""
    letter = message_from_bytes(eml.read_bytes(), policy=policy.default)
    body = letter.get_body(("plain", "html"))
    return f"{letter['Subject']}\n{body.get_content() if body else ''}"
