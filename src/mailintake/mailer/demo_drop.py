"""A throw-away SMTP server on loopback for the demo and the tests: aiosmtpd, every mail an .eml file in a folder."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from mailintake.mailer.drop import drop

HOST = "127.0.0.1"
_LARGEST = 80 * 2**20


class _Keep:
    """aiosmtpd's handler."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = drop(self._folder, envelope.original_content or b"")
        return f"250 kept as {name}"


@contextmanager
def demo_drop(folder: Path) -> Iterator[tuple[str, int]]:
    """Give (host, port) of a server that takes everything, without login or TLS, until the end."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    controller = Controller(_Keep(folder), hostname=HOST, port=port, data_size_limit=_LARGEST)
    controller.start()
    try:
        yield HOST, port
    finally:
        controller.stop()
