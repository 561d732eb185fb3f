"""Invented mails, cases and letters for tests of the store."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy import text

from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Missing, Verdict
from mailintake.model.case import Applicant, Case, Event, Participant, State
from mailintake.model.document import Document, Outcome
from mailintake.model.facts import FileFacts, ImageFacts, TextFacts, TextLine
from mailintake.model.letter import OUTBOX_TRANSITIONS, Letter, LetterKind, Mode, OutboxState
from mailintake.model.message import Address, InboundMessage, MessageRef
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import (
    Classification,
    Decision,
    Disposition,
    Link,
    LinkedBy,
    People,
    Screening,
    Understanding,
)
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import Unit

NUMBER = "ABTC-2026-0001"
NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def sha(number: int) -> str:
    """A made-up hash."""
    return f"{number:064x}"


def ref(uid: int, folder: str = "INBOX", uidvalidity: int = 1) -> MessageRef:
    """A place in the mailbox."""
    return MessageRef("office", folder, uidvalidity, uid)


def a_message(sha256: str, message_id: str = "<m1@company.example>") -> InboundMessage:
    """A parsed mail, hostile in its subject."""
    sender = Address("林小满", "lin@company.example")
    return InboundMessage(sha256, 1234, "申请\0新办 \ud800", sender, message_id=message_id, new_text="您好\0")


def some_facts(sha256: str, problem: str = "") -> FileFacts:
    """A picture with text."""
    text = TextFacts((TextLine("一行", 1, (0, 0, 5, 5), 0.5),), "ocr")
    return FileFacts(sha256, 10, "jpeg", problem, image=ImageFacts(600, 800, "jpeg", "RGB"), text=text)


def a_case(number: str = "ABTC-2026-0001", **changes: Any) -> Case:
    """A case of one company and two people, with one good paper, one faulty and one missing."""
    people = (
        Applicant("a1", "林小满", "LIN, XIAOMAN", "EA7654321", card_no="CHN30000001"),
        Applicant("a2", "周望舒", "ZHOU WANGSHU", "EA7654322", old_passport_no="EA1111111"),
    )
    document = Document("a/照片.jpg", "照片.jpg", sha(7), sha(1), NOW, "photo", "a1", facts=some_facts(sha(7)))
    finding = Finding("photo.size", {"width": 480, "height": 640}, {"width": 600, "height": 800})
    assessment = Assessment(
        Verdict.CORRECTABLE,
        (CheckedDocument(document, Outcome.NOT_OK, (finding,)),),
        (Missing("signature", "signature.missing", "a1", tolerable=True),),
    )
    case = Case(
        number,
        ProcedureKey.NEW,
        "first_time",
        State.AWAITING_CORRECTION,
        "沈阳晴川机械有限公司",
        NOW,
        NOW,
        NOW,
        "rules-1",
        people,
        (Participant("Lin@Company.example", "林小满"),),
        (document,),
        assessment=assessment,
        messages=(sha(1),),
    )
    return replace(case, **changes)


def a_letter(message_id: str = "<l1@office.example>", **changes: Any) -> Letter:
    """A rendered letter."""
    letter = Letter(
        LetterKind.CORRECTION,
        Mode.AUTO,
        ("lin@company.example",),
        (),
        "补正告知",
        message_id,
        f"Message-ID: {message_id}\r\n\r\nbody".encode(),
        "ABTC-2026-0001",
        sha(1),
        date(2026, 11, 23),
    )
    return replace(letter, **changes)


def a_decision(
    sha256: str, *cases: Case, disposition: Disposition = Disposition.CASE_OPENED, kind: MessageClass | None = None
) -> Decision:
    """What the stages said about that mail."""
    classification = Classification(kind or MessageClass.APPLICATION)
    understood = Understanding(sha256, Screening(None, False), Link(LinkedBy.NEW), classification, People((), ()))
    return Decision(disposition, cases, understanding=understood)


def an_event(number: int = 1, case: str = "") -> Event:
    """One line of the log."""
    return Event(NOW + timedelta(seconds=number), "machine", "case.opened", case, sha(number), (("n", str(number)),))


@dataclass(frozen=True)
class Place:
    """Where a store lives, so that a test can open it again."""

    url: str
    files: Path

    def open(self) -> SqlStore:
        """A store object of its own."""
        return open_store(self.url, self.files)

    @property
    def is_sqlite(self) -> bool:
        """Only one instance works there."""
        return self.url.startswith("sqlite")


def add(store: SqlStore, number: int, data: bytes | None = None) -> str:
    """A mail that arrived; gives its sha256."""
    sha256 = store.files.put_bytes(data or f"mail {number}".encode())
    with store.begin() as unit:
        unit.add_message(sha256, ref(number), 6, NOW)
    return sha256


def break_rows(store: SqlStore, *statements: str) -> None:
    """Somebody works on the tables by hand, past every foreign key."""
    with store._engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))
        connection.commit()
        connection.invalidate()


def letter_in(unit: Unit, letter: Letter, state: OutboxState, queued_at: datetime = NOW) -> int:
    """A letter that came to that state along the table; its number."""
    number = unit.queue_letter(letter, OutboxState.READY, queued_at, queued_at)
    ways: dict[OutboxState, tuple[OutboxState, ...]] = {OutboxState.READY: (OutboxState.READY,)}
    for before in (found := [OutboxState.READY]):
        for after in OUTBOX_TRANSITIONS[before]:
            if after not in ways:
                ways[after] = (*ways[before], after)
                found.append(after)
    for before, after in pairwise(ways[state]):
        assert unit.move(number, before, after, queued_at)
    return number
