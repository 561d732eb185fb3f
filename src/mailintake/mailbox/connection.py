"""One kept IMAP connection: logged in, identified (RFC 2971), with a folder opened read-only by EXAMINE."""

import imaplib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from imapclient.exceptions import LoginError

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable, MailintakeError, UnsafeLogin
from mailintake.mailbox import answers
from mailintake.mailbox.folders import Folder, read_folders, wire_name
from mailintake.mailbox.port import FolderState
from mailintake.mailbox.wire import Guard, Session

MAX_REFUSED = 3  # providers lock accounts that go on trying
_GOODBYE_SECONDS = 5.0
_ALIVE_SECONDS = 10.0


@dataclass(frozen=True)
class Account:
    """Where to log in, as whom, and what ID says about us."""

    host: str
    port: int
    user: str
    password: str
    identity: Mapping[str, str]


class Connection:
    """Made when needed, kept, dropped at the first sign of trouble. `folders` is what LIST told last."""

    def __init__(self, account: Account, guard: Guard) -> None:
        self._account = account
        self._guard = guard
        self._session: Session | None = None
        self._selected: FolderState | None = None
        self._fresh = False  # nothing was asked since the folder was opened
        self._refused = 0  # logins, and folders after them, since the server last let us in; nobody else counts them
        self._given_up: MailboxLoginRefused | None = None
        self.folders: tuple[Folder, ...] = ()

    def open(self) -> None:
        """LOGIN, CAPABILITY, ID; or a NOOP on the kept connection."""
        if self._session is not None and self._answers(self._session):
            return
        if self._given_up is not None:
            last = self._given_up
            why = (
                f"{last}; refused {MAX_REFUSED} times and not tried again before a restart: the account might be locked"
            )
            raise MailboxLoginRefused(why, fix=last.fix, final=True)
        self._guard.start()
        with answers.translated(f"connecting to {self._account.host}:{self._account.port}"):
            session = self._session = Session(self._account.host, self._account.port, self._guard)
        try:
            if self._guard.starttls:
                with answers.translated(f"starting TLS with {self._account.host}:{self._account.port}"):
                    session.starttls(self._guard.context)
            self._log_in(session)
            with answers.translated("asking for capabilities"):
                self._identify(session)
        except BaseException:
            self.drop()
            raise

    @contextmanager
    def talking(self, doing: str) -> Iterator[Session]:
        """A connection to say something on, against a new deadline; what goes wrong comes out as our errors.

        After MailboxUnavailable nobody knows what the server still has to say: the connection is dropped.
        """
        if self._session is None:
            self.open()
        assert self._session is not None  # noqa: S101 -- open() made it or raised
        self._guard.start()
        try:
            with answers.translated(doing):
                yield self._session
        except MailboxUnavailable:
            self.drop()
            raise

    def examine(self, session: Session, folder: str) -> FolderState:
        """Open a folder by its readable name. UnsafeLogin when NetEase refuses even after a second ID."""
        self._selected = None
        wire = next((f.wire for f in self.folders if f.name == folder), None) or wire_name(folder)
        try:
            told = session.select_folder(wire, readonly=True)
        except imaplib.IMAP4.error as error:
            if not answers.is_unsafe_login(error):
                raise
            told = self._examine_again(session, wire)
        self._refused = 0
        self._selected = FolderState(folder, int(told.get(b"UIDVALIDITY", 0)), int(told.get(b"EXISTS", 0)))
        self._fresh = True
        return self._selected

    def current(self, session: Session, folder: str, *, look_for_new: bool) -> FolderState:
        """The folder, open. A NOOP lets the server take notice of mail that came since."""
        if self._selected is None or self._selected.folder != folder:
            return self.examine(session, folder)
        if look_for_new and not self._fresh:
            session.noop()
        self._fresh = self._fresh and not look_for_new
        return self._selected

    def list_folders(self, session: Session) -> tuple[Folder, ...]:
        """LIST, remembered for the names on the wire."""
        self.folders = read_folders(session.list_folders())
        return self.folders

    def drop(self) -> None:
        """Close the socket without a word."""
        session, self._session = self._session, None
        self._selected = None
        if session is not None:
            with suppress(Exception):
                session.shutdown()

    def close(self) -> None:
        """LOGOUT with little patience; never raises."""
        if self._session is not None:
            self._guard.start(_GOODBYE_SECONDS)
            with suppress(Exception):
                self._session.logout()
        self.drop()

    def _answers(self, session: Session) -> bool:
        self._guard.start(_ALIVE_SECONDS)
        try:
            session.noop()
        except Exception:
            self.drop()
            return False
        return True

    def _log_in(self, session: Session) -> None:
        user, password = self._account.user, self._account.password
        if not (user + password).isascii():
            raise MailboxLoginRefused(f"login of {user}: user or password holds characters outside ASCII")
        with answers.translated("logging in"):
            try:
                session.login(user, password)
            except LoginError as error:
                raise self._counted(answers.login_failure(user, error)) from error

    def _identify(self, session: Session) -> None:
        """ID only where it is offered: some servers hang up on commands they do not know. A refusal changes nothing."""
        if session.has_capability("ID"):
            try:
                session.id_(dict(self._account.identity))
            except imaplib.IMAP4.abort:
                raise
            except imaplib.IMAP4.error:
                return

    def _examine_again(self, session: Session, wire: str) -> dict[bytes, int]:
        self._identify(session)
        try:
            return dict(session.select_folder(wire, readonly=True))
        except imaplib.IMAP4.error as error:
            if not answers.is_unsafe_login(error):
                raise
            refused = UnsafeLogin(
                f"{self._account.host} refuses to open folders: {answers.said(error)}",
                fix="log in to the web mail once and allow third-party clients, or ask the provider's support",
            )
            raise self._counted(refused) from error

    def _counted(self, failure: MailintakeError) -> MailintakeError:
        if isinstance(failure, MailboxLoginRefused):
            self._refused += 1
            failure.final = self._refused >= MAX_REFUSED
            self._given_up = failure if failure.final else None
        return failure
