"""The port every way out implements; one contract suite runs on all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server's final yes: its queue id, and recipients it refused while accepting others."""

    answer: str
    refused: tuple[tuple[str, str], ...] = ()


class Mailer(Protocol):
    """Hands finished mails over. `send` raises MailerUnavailable, MailerInDoubt, MailerRefused or MailerPaused."""

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        """Hand over one mail; returns only after the server's final answer."""

    def close(self) -> None:
        """Say goodbye; never raises."""
