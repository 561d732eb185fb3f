"""The two mail servers of the demo: a mailbox that is read, and a way out for letters."""

import imaplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from mailintake.app.replay import Clock
from mailintake.config.settings import SendingLimits
from mailintake.mailbox.demo_server import demo_mailbox
from mailintake.mailer.demo_drop import demo_drop
from mailintake.mailer.port import Mailer
from mailintake.mailer.smtp import SmtpMailer

LETTERS = "letters"
_NO_LIMITS = SendingLimits(per_hour=10_000, gap_seconds=0, per_day=10_000)


@dataclass(frozen=True)
class Servers:
    """An IMAP server on this machine, what puts mails into it as a provider would, and a mailer.

    `sender` is the only address the mailer may write from; empty: the office's own. `limits` are the provider's.
    """

    host: str
    port: int
    user: str
    password: str
    deliver: Callable[[list[bytes]], None]
    mailer: Mailer
    sender: str = ""
    limits: SendingLimits = _NO_LIMITS


ServersFor = Callable[[Path, Clock], AbstractContextManager[Servers]]


@contextmanager
def local_servers(folder: Path, _clock: Clock) -> Iterator[Servers]:
    """pymap, and a server that keeps every letter as a file; both end with the demo."""
    with (
        demo_mailbox(folder / "mailbox") as (host, port, user, password),
        demo_drop(folder / LETTERS) as (smtp_host, smtp_port),
    ):

        def deliver(mails: list[bytes]) -> None:
            with imaplib.IMAP4(host, port, timeout=20) as server:
                server.login(user, password)
                for raw in mails:
                    server.append("INBOX", "", "", raw)

        mailer = SmtpMailer(smtp_host, smtp_port, "", "", tls="none")
        yield Servers(host, port, user, password, deliver, mailer)
