"""A small office to run passes in: a folder as mailbox, a scripted mailer, a clock that stands where it is put."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.databases import database_at
from tests.support.readers import NoReaders
from tests.support.scenarios import expanded

from mailintake.app.demo.mails import Answer, build_mail, parse_script
from mailintake.app.replay import Clock
from mailintake.config import Configuration, load, resource_folders
from mailintake.config.settings import MailboxSettings, SendingLimits, SentCopy
from mailintake.letters.render import Renderer
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.port import Mailbox
from mailintake.mailer.port import Accepted, Mailer
from mailintake.model.letter import LetterPolicy, Mode, OutboxEntry, OutboxState
from mailintake.model.zone import SHANGHAI
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Readers
from mailintake.store.open import open_store
from mailintake.worker.intake.polling import Watch
from mailintake.worker.passes import Report, Worker
from mailintake.worker.shells import Shells

MONDAY = datetime(2026, 11, 2, 9, 30, tzinfo=SHANGHAI)  # an ordinary working day
NO_LIMITS = SendingLimits(per_hour=1000, gap_seconds=0, per_day=1000)
ENQUIRY: dict[str, Any] = {
    "subject": "咨询APEC商务旅行卡新办",
    "text": "您好，请问首次申请APEC商务旅行卡需要什么材料？谢谢。",
}


@dataclass
class ScriptedMailer:
    """Raises what it is told to, one a letter; then takes everything."""

    outcomes: list[Exception | Accepted] = field(default_factory=list)
    taken: list[tuple[bytes, str, tuple[str, ...]]] = field(default_factory=list)

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        outcome = self.outcomes.pop(0) if self.outcomes else Accepted("250 ok")
        if isinstance(outcome, Exception):
            raise outcome
        self.taken.append((raw, sender, tuple(recipients)))
        return outcome

    def close(self) -> None:
        """Nothing is open."""


@cache
def shipped() -> Configuration:
    """The shipped configuration, loaded once."""
    return load(None)


@cache
def renderer() -> Renderer:
    """The shipped templates, compiled once."""
    return Renderer(*resource_folders("templates", None))


def letter_text(letter: EmailMessage) -> str:
    """The plain text of a letter that was sent."""
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def configured(policy: LetterPolicy, **settings: Any) -> Configuration:
    """The shipped rules with that letter policy and those settings."""
    shared = shipped()
    chosen: dict[str, Any] = {
        "sending": NO_LIMITS,
        "sent_copy": SentCopy.NEVER,
        "mailboxes": (),
        "letters": policy,
    } | settings
    return replace(shared, settings=replace(shared.settings, **chosen), letters=policy)


@dataclass
class Office:
    """Shells and the world around them."""

    shells: Shells
    clock: Clock
    inbox: Path
    mailer: Any
    watch: Watch
    worker: Worker
    _count: int = 0

    def deliver(self, raw: bytes, folder: str = "") -> Path:
        """A mail arrives."""
        self._count += 1
        place = self.inbox / folder
        place.mkdir(exist_ok=True)
        file = place / f"{self._count:04d}.eml"
        file.write_bytes(raw)
        return file

    def run(self, later: timedelta = timedelta(0)) -> Report:
        """One pass, after that time."""
        self.clock.now += later
        return self.worker.run_once()

    def outbox(self, *states: OutboxState) -> tuple[OutboxEntry, ...]:
        """Letters to applicants; all of them where no state is named."""
        entries = self.shells.store.outbox(states or None)
        return tuple(e for e in entries if e.letter.value != "digest")

    def notices(self, code: str = "") -> list[str]:
        """Texts of the open lines for staff with that code; without one, their codes."""
        open_rows = [row.notice for row in self.shells.store.notices()]
        return [n.text if code else n.code for n in open_rows if code in ("", n.code)]

    def letters(self) -> list[EmailMessage]:
        """What the mailer took, digests left out."""
        mails = [message_from_bytes(raw, policy=default) for raw, _, _ in self.mailer.taken]
        return [m for m in mails if isinstance(m, EmailMessage) and "日报" not in str(m["Subject"])]


@contextmanager
def office(
    folder: Path,
    *,
    policy: LetterPolicy | None = None,
    mailer: Mailer | None = None,
    mailboxes: dict[str, Mailbox] | None = None,
    readers: Readers | None = None,
    watch: Watch | None = None,
    publish: Callable[[Any], None] | None = None,
    now: datetime = MONDAY,
    **settings: Any,
) -> Iterator[Office]:
    """An office in that folder; what it holds from an earlier one is taken over."""
    inbox, spool = folder / "inbox", folder / "spool"
    for place in (inbox, spool):
        place.mkdir(parents=True, exist_ok=True)
    settings["mailboxes"] = settings.pop("mailboxes_settings", ())
    configuration = configured(policy or LetterPolicy(default_mode=Mode.AUTO, quiet_seconds=0), **settings)
    boxes: dict[str, Mailbox] = mailboxes or {"main": FolderMailbox("main", inbox)}
    clock, sender = Clock(now), mailer or ScriptedMailer()
    watched = watch or Watch("main", ("INBOX",), None, everything=True)
    store = open_store(configuration.settings.database or database_at(folder), folder / "originals")
    shells = Shells(store, readers or NoReaders(), boxes, sender, renderer, configuration, clock, spool)
    watches = tuple(replace(watched, mailbox=name) for name in boxes)
    worker = Worker(shells, watches, None, publish, lambda: 1.0)
    try:
        yield Office(shells, clock, inbox, sender, watched, worker, sum(1 for _ in inbox.rglob("*.eml")))
    finally:
        worker.retire()
        store.close()


def mail(answer: Answer | None = None, /, **spec: Any) -> bytes:
    """One mail in the language of the scenarios; without anything, an enquiry."""
    row = ENQUIRY | {"id": "m1", "at": "2026-11-02 09:20", "from": "苏禾 <suhe@qingchuan.example>"} | spec
    script = parse_script(expanded({"mails": [row]}))
    return build_mail(script.mails[0], script, shipped().rules, answer)


def application(**spec: Any) -> bytes:
    """A first application of one person with all papers."""
    plain = {
        "subject": "新办APEC商务旅行卡 贺知秋",
        "text": "您好，我公司贺知秋首次申请办理APEC商务旅行卡，材料见附件。",
        "set": "new",
        "of": ["a"],
    }
    return mail(**(plain | spec))


def pool() -> ReaderPool:
    """A reader process without OCR."""
    shared = shipped()
    return ReaderPool(shared.rules.vocabulary, shared.settings.limits, ocr=False)


def intake_box(name: str, user: str) -> MailboxSettings:
    """Settings of a mailbox that belongs to that address."""
    return MailboxSettings(name, host="127.0.0.1", user=user)
