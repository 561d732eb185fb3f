"""Stand-ins for a mailbox and a mail server that are not there: looking at what is stored needs neither."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from mailintake.errors import MailboxUnavailable, MailerUnavailable
from mailintake.mailbox.port import FolderState, Listed, Slice
from mailintake.mailer.port import Accepted


class AbsentMailbox:
    """Has a name and nothing else: every question is answered with MailboxUnavailable."""

    def __init__(self, name: str) -> None:
        self.name = name

    def open(self) -> None:
        """Never."""
        self._refuse()

    def select(self, folder: str) -> FolderState:
        """Never."""
        self._refuse()

    def list_after(self, folder: str, last_uid: int) -> tuple[Listed, ...]:
        """Never."""
        self._refuse()

    def list_all(self, folder: str) -> tuple[Listed, ...]:
        """Never."""
        self._refuse()

    def slices(self, listed: Listed, limit: int | None = None) -> Iterator[Slice]:
        """Never."""
        self._refuse()

    def fetch(self, listed: Listed, target: Path, limit: int | None = None) -> None:
        """Never."""
        self._refuse()

    def folders(self) -> tuple[str, ...]:
        """Never."""
        self._refuse()

    def special_folder(self, folder_flag: str) -> str | None:
        """Never."""
        self._refuse()

    def append(self, folder_flag: str, raw: bytes) -> None:
        """Never."""
        self._refuse()

    def has_message_id(self, folder_flag: str, message_id: str) -> bool:
        """Never."""
        self._refuse()

    def close(self) -> None:
        """Nothing is open."""

    def _refuse(self) -> NoReturn:
        raise MailboxUnavailable(f"{self.name} is not opened by this command")


class AbsentMailer:
    """No way out is configured: letters wait in the outbox, as config/mailintake.yaml promises."""

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        """MailerUnavailable, whatever is to be sent."""
        raise MailerUnavailable("no mail server is configured", fix="set smtp.host in mailintake.yaml")

    def close(self) -> None:
        """Nothing is open."""
