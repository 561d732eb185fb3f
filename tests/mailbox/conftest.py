"""A 163 stand-in, and a mailbox that reads it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.support.netease import Netease, netease

from mailintake.mailbox.imap import ImapMailbox

Connect = Callable[..., ImapMailbox]


@pytest.fixture
def server() -> Iterator[Netease]:
    with netease() as running:
        yield running


@pytest.fixture
def connect(server: Netease) -> Iterator[Connect]:
    """Mailboxes on the stand-in, impatient ones; keywords go to ImapMailbox."""
    made: list[ImapMailbox] = []

    def build(**settings: Any) -> ImapMailbox:
        usual: dict[str, object] = {"tls": False, "connect_timeout": 2, "read_timeout": 1.0, "session_deadline": 5}
        box = ImapMailbox(
            "box",
            server.host,
            server.imap_port,
            server.user,
            str(settings.pop("password", server.password)),
            **(usual | settings),  # type: ignore[arg-type]
        )
        made.append(box)
        return box

    yield build
    for box in made:
        box.close()
