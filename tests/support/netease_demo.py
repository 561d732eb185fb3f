"""The 163 stand-in as the two servers of the demo, its quotas on the demo's clock."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path

from tests.support.netease import PASSWORD, USER, Netease, Switches, netease
from tests.support.netease_store import arrived

from mailintake.app.demo.servers import Servers
from mailintake.app.replay import Clock
from mailintake.config.settings import SendingLimits
from mailintake.mailer.smtp import SmtpMailer

QUARTER, DAY = 45, 80  # letters; 45 is what 20 seconds between two leave room for


@contextmanager
def stand_in(_folder: Path, clock: Clock, told: Callable[[Netease], None]) -> Iterator[Servers]:
    """Every peculiarity and every limit in force; `told` gets the stand-in, to look at it afterwards."""
    with netease(Switches(per_quarter=QUARTER, per_day=DAY, sent_appears=0.0)) as server:
        server.state.clock = lambda: clock().timestamp()
        told(server)
        mailer = SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, tls="none")

        def deliver(mails: list[bytes]) -> None:
            for raw in mails:
                server.store.add(arrived(raw, parseaddr(str(message_from_bytes(raw)["From"]))[1]))

        host, port = server.host, server.imap_port
        yield Servers(host, port, USER, PASSWORD, deliver, mailer, USER, SendingLimits())
