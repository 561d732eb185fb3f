"""The port of the store: what the shells may ask and tell it. One contract suite runs on SQLite and PostgreSQL."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from mailintake.model.case import Case, Event
from mailintake.model.facts import FileFacts, TextFacts
from mailintake.model.letter import Letter, OutboxEntry, OutboxState
from mailintake.model.message import InboundMessage, MessageRef
from mailintake.model.understanding import Candidates, Decision, Disposition, Sent, StaffNotice
from mailintake.model.value import value


class FileStore(Protocol):
    """Original bytes, by content. A file is either wholly there (fsynced, renamed) or not at all."""

    def put(self, source: Path) -> str:
        """Copy a finished local file; give its sha256. Idempotent. ValueError for links and special files."""

    def put_bytes(self, data: bytes) -> str:
        """The same for bytes in memory (rendered letters)."""

    def path(self, sha256: str) -> Path:
        """A local readable path of those bytes. KeyError when absent."""

    def exists(self, sha256: str) -> bool:
        """Is it there?"""

    def hashes(self) -> Iterable[str]:
        """Every stored sha256, for verify."""

    def digest(self, sha256: str) -> str:
        """The sha256 of the bytes that are really stored, read for it. KeyError when absent."""


@value
class MessageRow:
    """One mail of ours, from the first byte to its fate."""

    id: int
    sha256: str
    refs: tuple[MessageRef, ...]
    received_at: datetime  # when we fetched it
    size: int
    status: str  # received | processing | done | quarantined
    disposition: Disposition | None
    attempts: int
    next_try_at: datetime | None
    subject: str = ""
    sender: str = ""
    message_id: str = ""
    message_class: str = ""
    cases: tuple[str, ...] = ()
    reason: str = ""  # why parked or quarantined


@value
class NoticeRow:
    """A line for staff, open until somebody closes it."""

    id: int
    at: datetime
    notice: StaffNotice
    closed_at: datetime | None = None


class Unit(Protocol):
    """One transaction. Everything said to it commits together or not at all.

    Units are one at a time on a database, also with several workers, and what the store is asked inside one (by the
    same thread) sees what the unit has written: so a unit may read, decide and write, and loses nobody's update.
    """

    # mails
    def add_message(self, sha256: str, ref: MessageRef, size: int, at: datetime) -> bool:
        """Record a mail as received; False when these bytes were known already (the ref is remembered)."""

    def start_processing(self, message_id: int, at: datetime) -> int:
        """attempts += 1, status processing; gives attempts."""

    def finish_message(
        self, message_id: int, message: InboundMessage | None, decision: Decision | None, at: datetime, reason: str = ""
    ) -> None:
        """Record the fate, and what the mail was (subject, sender, Message-ID, class)."""

    def retry_message(self, message_id: int, next_try_at: datetime, reason: str) -> None:
        """Give it back to the queue for later."""

    def quarantine_message(self, message_id: int, reason: str, at: datetime) -> None:
        """Put it aside."""

    def release_message(self, message_id: int, at: datetime) -> None:
        """Out of quarantine, attempts reset."""

    # what readers measured
    def save_facts(self, version: int, facts: Iterable[FileFacts]) -> None: ...
    def save_text(self, version: int, sha256: str, text: TextFacts | None) -> None: ...

    # cases and letters
    def next_number(self, year: int) -> int:
        """Next running number of that year, without gaps in one database."""

    def save_case(self, case: Case) -> None: ...
    def queue_letter(self, letter: Letter, state: OutboxState, now: datetime, send_after: datetime) -> int:
        """Outbox row; the rendered bytes go to the file store first. Same Message-ID twice is an error of ours."""

    def replace_letter(self, entry_id: int, letter: Letter) -> None:
        """New bytes under the same Message-ID, before it was ever tried (dates moved)."""

    def set_outbox(
        self,
        entry_id: int,
        state: OutboxState,
        now: datetime,
        *,
        answer: str = "",
        next_try_at: datetime | None = None,
        count_attempt: bool = False,
    ) -> None: ...
    def supersede_unsent(self, case: str, to: Sequence[str], now: datetime) -> tuple[OutboxEntry, ...]:
        """Mark as superseded the letters about that case that are waiting or ready, were never tried, and went to
        nobody but those addresses; gives them as they were. Letters queued in this unit stay."""

    def add_notice(self, notice: StaffNotice, at: datetime) -> None: ...
    def close_notice(self, notice_id: int, at: datetime, why: str) -> None: ...
    def log(self, event: Event) -> None:
        """Append to the hash-chained event log."""

    def set_value(self, key: str, value: str) -> None:
        """Small facts of the program: last UID per folder, last digest day, breaker states."""


class Store(Protocol):
    """Reading outside a transaction, and the way into one. May raise StoreBusy or StoreUnusable."""

    files: FileStore

    def begin(self) -> AbstractContextManager[Unit]:
        """An exception rolls the unit back. Units do not nest (RuntimeError)."""

    def claim_next(self, now: datetime) -> MessageRow | None:
        """Oldest mail that is due for processing (received, or its retry time has come, or left over by a crash).

        Nobody else gets it while its lease lasts. Several workers on SQLite are threads that share one store.
        """

    def message(self, sha256_or_id: str) -> MessageRow | None:
        """By id, full sha256 or unambiguous prefix of 8 or more, or Message-ID."""

    def messages(self, status: str | None = None, limit: int = 100) -> tuple[MessageRow, ...]:
        """The newest `limit`, newest first."""

    def reading(self, sha256: str) -> InboundMessage | None:
        """The stored parsed mail."""

    def facts(self, version: int, sha256s: Iterable[str]) -> dict[str, FileFacts]: ...
    def text(self, version: int, sha256: str) -> tuple[bool, TextFacts | None]:
        """(was it read, what it gave)."""

    def case(self, number: str) -> Case | None: ...
    def cases(self, *, open_only: bool = True, limit: int = 1000, search: str = "") -> tuple[Case, ...]:
        """Oldest first; `search` is a part of the number, the company, or a name or number of an applicant."""

    def candidates(
        self,
        tokens: Sequence[str],
        numbers: Sequence[str],
        sender: str,
        company_domain: str,
        identifiers: Sequence[str],
    ) -> Candidates:
        """What could matter for one mail. `identifiers`: passport and card numbers and names read in it."""

    def known_uids(self, mailbox: str, folder: str, uidvalidity: int) -> set[int]:
        """UIDs of that folder that have a row."""

    def known_sizes(self, mailbox: str, folder: str, uidvalidity: int) -> dict[int, int]:
        """Bytes of the mails of that folder, by UID; of one that was too large, as the server told them."""

    def sent(self, message_id: str) -> Sent | None: ...
    def outbox(self, states: Sequence[OutboxState] | None = None, limit: int = 500) -> tuple[OutboxEntry, ...]:
        """In the order they were queued. Beyond `limit`: the oldest when only waiting, ready, sending and in_doubt
        are asked for, else the newest."""

    def outbox_entry(self, id_: int) -> OutboxEntry | None: ...
    def letters_to(self, addr: str, since: datetime) -> int:
        """How many letters were queued to that address since then (limits)."""

    def notices(self, *, open_only: bool = True) -> tuple[NoticeRow, ...]: ...
    def events(self, case: str = "", limit: int = 1000) -> tuple[Event, ...]:
        """The newest `limit`, oldest first."""

    def value(self, key: str) -> str | None: ...
    def counts(self, since: date, until: date) -> dict[str, dict[str, int]]:
        """Mails per day ("mails"), per parked class ("parked"), letters per kind ("letters"), findings ("findings").

        Days are those of Asia/Shanghai, both ends included; findings are those of cases that got mail in them.
        """

    def take_lease(self, task: str, now: datetime, lasting: timedelta = ...) -> bool:
        """Take or renew what only one worker may do at a time ("mailbox:main", "sending", "clock"); False while
        another worker has it. It ends by its time, whatever became of its holder."""

    def drop_lease(self, task: str) -> None:
        """Give it back, where it is still ours."""

    def verify(self) -> tuple[str, ...]:
        """Every broken invariant, one line each: row without file, file without its hash, chain broken at event n."""

    def close(self) -> None: ...
