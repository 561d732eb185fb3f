"""A 163 stand-in, and a mailer that speaks to it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.support.netease import Netease, netease

from mailintake.mailer.smtp import SmtpMailer

Connect = Callable[..., SmtpMailer]


@pytest.fixture
def server() -> Iterator[Netease]:
    with netease() as running:
        yield running


@pytest.fixture
def connect(server: Netease) -> Iterator[Connect]:
    """Mailers on the stand-in, impatient ones; keywords go to SmtpMailer."""
    made: list[SmtpMailer] = []

    def build(**settings: Any) -> SmtpMailer:
        usual: dict[str, object] = {"tls": "none", "timeout": 1.0, "final_wait": 1.0}
        password = str(settings.pop("password", server.password))
        mailer = SmtpMailer(server.host, server.smtp_port, server.user, password, **(usual | settings))  # type: ignore[arg-type]
        made.append(mailer)
        return mailer

    yield build
    for mailer in made:
        mailer.close()
