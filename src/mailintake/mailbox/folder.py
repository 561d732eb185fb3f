"""A folder of .eml files, or a Maildir, as a mailbox: for tests, replays, and mail that another program fetches."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from mailintake.errors import MailboxUnavailable, MessageVanished
from mailintake.mailbox.download import bounded, write_slices
from mailintake.mailbox.folders import decoded, wire_name
from mailintake.mailbox.headers import header_block, message_ids
from mailintake.mailbox.port import FolderState, Listed, Slice
from mailintake.mailbox.uid_list import UidList
from mailintake.model.message import MessageRef

INBOX = "INBOX"
_SLICE_BYTES = 2**20
_HEADER_BYTES = 2**16
_LAST_HEADERS = 50


class FolderMailbox:
    """UIDs are given in the order of file names and kept in the folder; files are never changed or removed.

    INBOX is the folder itself. Other folders are sub-folders with mails (.eml), or Maildir++ folders (`.Sent`).
    `named_folders`: what Sent and Drafts are called here, where it is not just that.
    """

    def __init__(self, name: str, path: Path, named_folders: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._path = path
        self._named_folders = named_folders or {}
        self._uids: dict[str, UidList] = {}

    def open(self) -> None:
        """See that the folder is there."""
        if not self._path.is_dir():
            raise MailboxUnavailable(f"{self._path} is not a folder", fix="create it or correct the path")

    def select(self, folder: str) -> FolderState:
        """`uidvalidity` is the number list's own."""
        files = self._files(folder)
        return FolderState(folder, self._uid_list(folder).uidvalidity, len(files))

    def list_after(self, folder: str, last_uid: int) -> tuple[Listed, ...]:
        """Files whose number is above `last_uid`."""
        return tuple(listed for listed in self.list_all(folder) if listed.ref.uid > last_uid)

    def list_all(self, folder: str) -> tuple[Listed, ...]:
        """Every mail file that has been written completely as far as its name tells."""
        rows = []
        validity = self._uid_list(folder).uidvalidity
        for uid, file in self._numbered(folder).items():
            with _readable(file):
                told = file.stat()
                when = datetime.fromtimestamp(told.st_mtime, UTC).isoformat()
                rows.append(Listed(MessageRef(self.name, folder, validity, uid), told.st_size, when))
        return tuple(sorted(rows, key=lambda listed: listed.ref.uid))

    def slices(self, listed: Listed, limit: int | None = None) -> Iterator[Slice]:
        """Of the file. MessageVanished when it is gone or the numbers are no longer those."""
        ref = listed.ref
        file = self._numbered(ref.folder).get(ref.uid)
        if file is None or self._uid_list(ref.folder).uidvalidity != ref.uidvalidity:
            raise MessageVanished(f"{ref.folder}/{ref.uid} is gone")
        with _readable(file):
            yield from bounded(_slices(file), file.stat().st_size, limit)

    def fetch(self, listed: Listed, target: Path, limit: int | None = None) -> None:
        """Copy the file."""
        write_slices(self.slices(listed, limit), target)

    def folders(self) -> tuple[str, ...]:
        """INBOX and the sub-folders."""
        self.open()
        if self._is_maildir:
            subs = (p.name[1:].encode() for p in self._path.glob(".*") if (p / "cur").is_dir())
            return (INBOX, *sorted(decoded(name) for name in subs))
        return (INBOX, *sorted(p.name for p in self._path.iterdir() if p.is_dir() and not p.name.startswith(".")))

    def special_folder(self, folder_flag: str) -> str | None:
        """The sub-folder of that name, where it is there."""
        folder = self._named_folders.get(folder_flag, folder_flag)
        return folder if self._place(folder).is_dir() else None

    def append(self, folder_flag: str, raw: bytes) -> None:
        """Write a mail into the sub-folder of that name, which is made when it is not there."""
        place = self._place(self._named_folders.get(folder_flag, folder_flag))
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}.{secrets.token_hex(4)}"
        final = place / "cur" / f"{name}:2,S" if self._is_maildir else place / f"{name}.eml"
        try:
            for part in ("tmp", "new", "cur") if self._is_maildir else ("",):
                (place / part).mkdir(parents=True, exist_ok=True)
            temporary = place / "tmp" / name if self._is_maildir else place / f".{name}"
            temporary.write_bytes(raw)
            temporary.replace(final)
        except OSError as error:
            raise MailboxUnavailable(f"cannot write into {place}: {error.strerror}") from error

    def has_message_id(self, folder_flag: str, message_id: str) -> bool:
        """Is the mail among the last 50 of that sub-folder?"""
        folder = self._named_folders.get(folder_flag, folder_flag)
        if not self._place(folder).is_dir():
            return False
        files = list(self._numbered(folder).values())[-_LAST_HEADERS:]
        return any(message_id.encode() in _message_ids(file) for file in files)

    def close(self) -> None:
        """Nothing is held open."""

    @property
    def _is_maildir(self) -> bool:
        return (self._path / "cur").is_dir() and (self._path / "new").is_dir()

    def _place(self, folder: str) -> Path:
        if folder.upper() == INBOX:
            return self._path
        place = self._path / f".{wire_name(folder)}" if self._is_maildir else self._path / folder
        if place.parent != self._path or folder in (".", ".."):
            raise MailboxUnavailable(f"{folder} is not the name of a folder")
        return place

    def _uid_list(self, folder: str) -> UidList:
        if folder not in self._uids:
            self._uids[folder] = UidList(self._place(folder))
        return self._uids[folder]

    def _files(self, folder: str) -> list[tuple[str, Path]]:
        """(what the file is known by, file), in order of name. A file that grew is another mail: none is lost."""
        place = self._place(folder)
        if not place.is_dir():
            raise MailboxUnavailable(f"{self.name} has no folder {folder}")
        if self._is_maildir:
            found = [p for part in ("new", "cur") for p in (place / part).iterdir() if not p.name.startswith(".")]
            return sorted((p.name.partition(":")[0], p) for p in found)
        emls = (p for p in place.iterdir() if p.suffix.lower() == ".eml" and not p.name.startswith("."))
        return sorted((f"{p.name} {p.stat().st_size}", p) for p in emls if p.is_file())

    def _numbered(self, folder: str) -> dict[int, Path]:
        try:
            files = self._files(folder)
        except OSError as error:
            raise MailboxUnavailable(f"{self._place(folder)}: {error.strerror}") from error
        uids = self._uid_list(folder).numbers(key for key, _ in files)
        return {uids[key]: file for key, file in files}


def _slices(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while data := source.read(_SLICE_BYTES):
            yield data


def _message_ids(file: Path) -> tuple[bytes, ...]:
    with _readable(file), file.open("rb") as source:
        return message_ids(header_block(source.read(_HEADER_BYTES)))
    return ()


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise MessageVanished(f"{file.name} is gone") from error
    except OSError as error:
        raise MailboxUnavailable(f"{file}: {os.strerror(error.errno or 0)}") from error
