"""A mailbox behind IMAP (RFC 3501), read only, in the way that 163, QQ and ordinary servers all accept."""

import hashlib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from mailintake import __version__
from mailintake.config.hosts import is_loopback
from mailintake.errors import ConfigError, MailboxUnavailable, MessageVanished
from mailintake.mailbox.connection import Account, Connection
from mailintake.mailbox.download import Arriving, bounded, write_slices
from mailintake.mailbox.folders import Folder, named, special
from mailintake.mailbox.headers import message_ids
from mailintake.mailbox.listing import Listing
from mailintake.mailbox.port import FolderState, Listed, Slice
from mailintake.mailbox.wire import Fetched, Guard, Session
from mailintake.model.sizes import came_short

LAST_HEADERS = 50  # how many mails of Sent are looked at for a letter of ours
_LIST_ITEMS = "(UID RFC822.SIZE INTERNALDATE)"
_LIST_BATCH = 2000
_HIGHEST_UID = 2**32 - 1  # RFC 3501 2.3.1.1; what a server tells beyond is no number of a mail
_LARGEST = 2**63 - 1
_IDENTITY = {"name": "mailintake", "version": __version__, "vendor": "mailintake"}


class ImapMailbox:
    """Progress lives in our database: no flag is set, no mail is moved or deleted, folders are opened with EXAMINE.

    One connection, made when needed and kept. Times in seconds; `session_deadline` bounds every call, whatever the
    server drips. `starttls`: TLS begins after the greeting, before the login; there is no going on without it.
    `special_folders` lists words for Sent, Drafts, Junk … where the server does not mark them; `named_folders` says
    which folder it is, whatever the server marks.
    """

    def __init__(  # noqa: PLR0913 -- all of them are the operator's settings
        self,
        name: str,
        host: str,
        port: int,
        user: str,
        password: str,
        *,
        tls: bool = True,
        starttls: bool = False,
        connect_timeout: float = 20,
        read_timeout: float = 60,
        session_deadline: float = 600,
        ca_file: str | None = None,
        slice_bytes: int = 2**21,
        identity: Mapping[str, str] | None = None,
        special_folders: Mapping[str, Sequence[str]] | None = None,
        named_folders: Mapping[str, str] | None = None,
    ) -> None:
        if not tls and (starttls or not is_loopback(host)):
            raise ConfigError(f"{host}: a mailbox is read with TLS; clear text is for servers on this machine only")
        context = ssl.create_default_context(cafile=ca_file) if tls else None
        guard = Guard(connect_timeout, read_timeout, session_deadline, context, starttls)
        self.name = name
        self._connection = Connection(Account(host, port, user, password, identity or _IDENTITY), guard)
        self._slice_bytes = slice_bytes
        self._special_folders = special_folders or {}
        self._named_folders = named_folders or {}

    def open(self) -> None:
        """Connect, log in, identify; or see that the kept connection still answers."""
        self._connection.open()

    def select(self, folder: str) -> FolderState:
        """EXAMINE. UnsafeLogin when NetEase goes on refusing after a second ID."""
        with self._connection.talking(f"opening {folder}") as session:
            return self._connection.examine(session, folder)

    def list_after(self, folder: str, last_uid: int) -> Listing:
        """FETCH last+1:* and drop what `*` adds: no UIDNEXT, STATUS or SEARCH, which NetEase answers wrongly."""
        if last_uid <= 0:
            return self.list_all(folder)
        with self._connection.talking(f"listing {folder}") as session:
            state = self._connection.current(session, folder, look_for_new=True)
            found = Listing(self.name, state)
            _add(found, session.fetch_set(f"{last_uid + 1}:*", _LIST_ITEMS), above=last_uid)
            return found

    def list_all(self, folder: str) -> Listing:
        """Every mail, asked for in batches of sequence numbers, which cannot shift while only FETCH is said."""
        with self._connection.talking(f"listing {folder}") as session:
            state = self._connection.examine(session, folder)
            found = Listing(self.name, state)
            for first in range(1, state.exists + 1, _LIST_BATCH):
                last = min(first + _LIST_BATCH - 1, state.exists)
                told = session.fetch_set(f"{first}:{last}", _LIST_ITEMS, by_uid=False).values()
                _add(found, {uid: line for line in told if isinstance(uid := line.get(b"UID"), int)}, above=0)
            return found

    def slices(self, listed: Listed, limit: int | None = None) -> Iterator[Slice]:
        """BODY.PEEK[] in slices: \\Seen stays as it is. MailboxUnavailable when less came than the server has: an empty
        or short answer is a fault of this fetch, and the next poll asks again. A little less counts as an estimate of
        the server's when it gives the same bytes again."""
        ref = listed.ref
        with self._connection.talking(f"fetching {ref.folder}/{ref.uid}") as session:
            state = self._connection.current(session, ref.folder, look_for_new=False)
            if state.uidvalidity != ref.uidvalidity:
                raise MessageVanished(f"{ref.folder} was renumbered by the server")
            step = min(self._slice_bytes, limit or self._slice_bytes)
            got = 0
            for data in bounded(self._slices(session, listed, step), listed.size, limit):
                got += len(data)
                yield data
            if limit is None and got < listed.size:
                self._believe(session, listed, got)

    def fetch(self, listed: Listed, target: Path, limit: int | None = None) -> None:
        """The same into a file."""
        write_slices(self.slices(listed, limit), target)

    def _believe(self, session: Session, listed: Listed, got: int) -> None:
        """Less came than announced: let it pass where it is only a little, and twice more the same."""
        digests = set()
        for _ in range(0 if came_short(got, listed.size) else 2):
            again, digest = Arriving(self._slices(session, listed, self._slice_bytes)), hashlib.sha256()
            while data := again.read(self._slice_bytes):
                digest.update(data)
            digests.add(digest.digest() if again.size == got else b"")
        if len(digests) != 1 or b"" in digests:
            raise MailboxUnavailable(f"{listed.ref.folder}/{listed.ref.uid}: {got} of {listed.size} bytes came")

    def folders(self) -> tuple[str, ...]:
        """Names of the folders that can be opened."""
        with self._connection.talking("listing folders") as session:
            return tuple(folder.name for folder in self._connection.list_folders(session) if folder.selectable)

    def special_folder(self, folder_flag: str) -> str | None:
        """By the settings, else by SPECIAL-USE (RFC 6154) or by the names that providers give."""
        with self._connection.talking(f"looking for {folder_flag}") as session:
            folder = self._special(session, folder_flag)
            return folder.name if folder is not None else None

    def append(self, folder_flag: str, raw: bytes) -> None:
        """APPEND to Sent (as read) or Drafts. MailboxUnavailable when the mailbox has no such folder."""
        with self._connection.talking(f"storing into {folder_flag}") as session:
            folder = self._special(session, folder_flag)
            if folder is None:
                raise MailboxUnavailable(f"{self.name} has no folder for {folder_flag}")
            session.append(folder.wire, raw, (b"\\Draft",) if folder_flag == "Drafts" else (b"\\Seen",))

    def has_message_id(self, folder_flag: str, message_id: str) -> bool:
        """Looks through the headers of the last 50 mails: NetEase and QQ search wrongly."""
        with self._connection.talking(f"looking into {folder_flag}") as session:
            folder = self._special(session, folder_flag)
            exists = self._connection.examine(session, folder.name).exists if folder else 0
            if not exists:
                return False
            numbers = f"{max(1, exists - LAST_HEADERS + 1)}:{exists}"
            told = session.fetch_set(numbers, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])", by_uid=False)
            return any(message_id.encode() in message_ids(value) for row in told.values() for value in row.values())

    def capabilities(self) -> tuple[str, ...]:
        """What the server says it can do after the login (RFC 3501 6.1.1)."""
        with self._connection.talking("asking for capabilities") as session:
            return tuple(sorted(bytes(word).decode("ascii", "replace") for word in session.capabilities()))

    def close(self) -> None:
        """LOGOUT with little patience."""
        self._connection.close()

    def _slices(self, session: Session, listed: Listed, step: int) -> Iterator[Slice]:
        """Until a slice comes short and the announced size is reached, or nothing comes any more."""
        where, uid = f"{listed.ref.folder}/{listed.ref.uid}", listed.ref.uid
        offset = 0
        while True:
            told = session.fetch_set(str(uid), f"(BODY.PEEK[]<{offset}.{step}>)").get(uid, {})
            key = next((k for k in told if k.startswith(b"BODY[]")), None)
            data = told[key] if key else None
            if data is None and (key is None or offset < listed.size):
                raise MessageVanished(f"{where} is gone")  # Dovecot says NIL, an empty string is the end
            if not isinstance(data, bytes | memoryview) or not data:
                return
            whole = key == b"BODY[]"  # no origin in the answer: this server ignores partial FETCH
            if len(data) > step and not whole:
                raise MailboxUnavailable(f"{where}: a slice is longer than asked for")
            yield data
            offset += len(data)
            if whole or (len(data) < step and offset >= listed.size):
                return

    def _special(self, session: Session, flag: str) -> Folder | None:
        """MailboxUnavailable where a folder is named and not there: nobody knows then what lies in it."""
        known = self._connection.folders or self._connection.list_folders(session)
        name = self._named_folders.get(flag, "")
        if not name:
            return special(known, flag, self._special_folders)
        folder = named(known, name) or named(self._connection.list_folders(session), name)
        if folder is None:
            raise MailboxUnavailable(f"{self.name} has no folder {name}", fix="create it or correct its name")
        return folder


def _add(found: Listing, lines: Fetched, above: int) -> None:
    """Lines without a size are unsolicited news about other mails (flags that a clerk changed)."""
    for uid, told in sorted(lines.items()):
        size, when = told.get(b"RFC822.SIZE"), told.get(b"INTERNALDATE")
        if above < uid <= _HIGHEST_UID and isinstance(size, int):
            found.add(uid, min(size, _LARGEST), when.isoformat() if isinstance(when, datetime) else "")
