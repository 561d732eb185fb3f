"""The port every source of mail implements; one contract suite runs on all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mailintake.model.message import MessageRef

Slice = bytes | memoryview  # good until the next one is asked for


@dataclass(frozen=True, slots=True)
class Listed:
    """One mail on the server, before it is fetched. `size` in bytes as the server tells it."""

    ref: MessageRef
    size: int
    internal_date: str = ""  # ISO 8601 when the server tells it


@dataclass(frozen=True, slots=True)
class FolderState:
    """What SELECT told."""

    folder: str
    uidvalidity: int
    exists: int


class Mailbox(Protocol):
    """A mailbox with folders. Every method may raise MailboxUnavailable; open() also MailboxLoginRefused."""

    name: str

    def open(self) -> None:
        """Connect, log in, identify (RFC 2971). Idempotent."""

    def select(self, folder: str) -> FolderState:
        """Open a folder read-only and tell its state."""

    def list_after(self, folder: str, last_uid: int) -> Sequence[Listed]:
        """Mails with a UID above `last_uid`, ascending. Constant cost when there is none."""

    def list_all(self, folder: str) -> Sequence[Listed]:
        """Every mail, ascending, for the daily reconciliation."""

    def slices(self, listed: Listed, limit: int | None = None) -> Iterator[Slice]:
        """The raw bytes (the first `limit` of them) slice by slice, for one who keeps them or nothing of them: a fault
        may come after any slice. MessageVanished when gone."""

    def fetch(self, listed: Listed, target: Path, limit: int | None = None) -> None:
        """The same written to `target`, wholly or not at all. A spool: nothing is made durable."""

    def folders(self) -> tuple[str, ...]:
        """Names of the folders that exist, decoded."""

    def special_folder(self, folder_flag: str) -> str | None:
        """The folder with that special use (Sent or Drafts), by its name; None where there is none."""

    def append(self, folder_flag: str, raw: bytes) -> None:
        """Put a copy into the folder with that special use: Sent or Drafts."""

    def has_message_id(self, folder_flag: str, message_id: str) -> bool:
        """Is our letter among the last mails of Sent or Drafts?"""

    def close(self) -> None:
        """Log out; never raises."""
