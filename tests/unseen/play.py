"""A thread through the whole program: each mail built with our letters to those before it, in a store of its own."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.support.databases import scenario_shells
from tests.support.scenarios import deliver, settle
from tests.unseen.build import Answer, Thread, build

from mailintake.app.contract import as_json
from mailintake.app.replay import Clock
from mailintake.config import Configuration
from mailintake.model.codec import decode, encode
from mailintake.model.facts import TextFacts
from mailintake.model.letter import OutboxState
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import READER_VERSION, MessageReading
from mailintake.worker.shells import Shells

_LATER = timedelta(minutes=2)  # between the Date of a mail and its arrival
_QUIET = timedelta(minutes=10)


@dataclass(frozen=True)
class Letter:
    """One of our letters as its reader sees it."""

    kind: str
    to: tuple[str, ...]
    subject: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """What became of one mail: its row of the contract, and our letters."""

    thread: Thread
    number: int
    spec: Mapping[str, Any]
    row: Mapping[str, Any]
    letters: tuple[Letter, ...]
    raw: bytes = field(repr=False)


class Kept:
    """The real readers; what OCR saw of a file is kept, so that a later run is quick. The first one reads it all."""

    def __init__(self, pool: ReaderPool, folder: Path) -> None:
        self.pool, self.folder = pool, folder
        folder.mkdir(parents=True, exist_ok=True)

    def warm_up(self) -> Mapping[str, bool]:
        return self.pool.warm_up()

    def message(self, raw: Path, out: Path) -> MessageReading:
        return self.pool.message(raw, out)

    def text(self, file: Path, format_: str) -> TextFacts | None:
        kept = self.folder / f"{READER_VERSION}-{hashlib.sha256(file.read_bytes()).hexdigest()}.json"
        if not kept.is_file():
            seen = self.pool.text(file, format_)
            kept.write_text(json.dumps(None if seen is None else encode(seen), ensure_ascii=False), "utf-8")
        said = json.loads(kept.read_text("utf-8"))
        return None if said is None else decode(TextFacts, said)

    def picture(self, file: Path, format_: str, page: int, width: int) -> bytes | None:
        return self.pool.picture(file, format_, page, width)

    def close(self) -> None:
        """The pool lives as long as the run."""


def play(thread: Thread, configuration: Configuration, readers: Kept) -> Iterator[Outcome]:
    """Every mail of the thread in order."""
    clock = Clock(_arrival(thread.mails[0]))
    answers: dict[int, Answer] = {}
    with TemporaryDirectory() as folder, scenario_shells(configuration, Path(folder), clock) as opened:
        shells = replace(opened, readers=readers)
        for number, spec in enumerate(thread.mails, 1):
            clock.now = _arrival(spec)
            raw = build(thread, number, answers)
            done = deliver(shells, raw)
            following = thread.mails[number] if number < len(thread.mails) else None
            if following is None or _arrival(following) - clock.now >= _QUIET or following.get("reply_to") == number:
                settle(shells)
            numbers = [case.number for case in done.decision.cases] if done.decision else []
            sent = [(one.order, one.letter) for one in done.letters if _goes(shells, one.letter.message_id)]
            letters = tuple(
                Letter(order.letter.value, made.to, made.subject, text_of(made.raw)) for order, made in sent
            )
            for order, letter in sent[:1]:
                about = order.case or next(iter(numbers), "")
                answers[number] = Answer(about, letter.message_id, letter.subject, letters[0].text)
            cases = [case for n in numbers if (case := shells.store.case(n)) is not None]
            yield Outcome(thread, number, spec, as_json(f"{number}", done, cases, []), letters, raw)


def _arrival(spec: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(str(spec["at"])) + _LATER


def _goes(shells: Shells, message_id: str) -> bool:
    entry = shells.store.letter(message_id)
    return entry is not None and entry.state is not OutboxState.SUPERSEDED


def text_of(raw: bytes) -> str:
    """The plain text of one of our letters."""
    body = message_from_bytes(raw, policy=default).get_body(("plain",))
    return "" if body is None else str(body.get_content())


def mail_text(raw: bytes) -> str:
    """What a person reads of the mail: subject, text, names of files."""
    message = message_from_bytes(raw, policy=default)
    body = message.get_body(("plain", "html"))
    files = [
        part.get_filename() or part.get_content_type() for part in message.walk() if part.get_content_disposition()
    ]
    said = "" if body is None else str(body.get_content()).strip()
    return f"{message['from']}\n{message['subject']}\n{said}\n[{', '.join(files)}]"
