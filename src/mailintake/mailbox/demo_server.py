"""A throw-away IMAP mailbox on loopback for the demo and the tests: pymap as a child process, mails in its memory."""

import imaplib
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from mailintake.errors import MailboxUnavailable

USER = "demo"
FOLDERS = ("Sent", "Drafts", "Junk")
_START = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()  # never outlives its parent
from pymap.main import main
main()
"""
_START_SECONDS = 20.0
_STOP_SECONDS = 5.0


class DemoLogin(NamedTuple):
    """Where the mailbox is, and who may open it."""

    host: str
    port: int
    user: str
    password: str


@contextmanager
def demo_mailbox(folder: Path, extra_folders: Sequence[str] = FOLDERS) -> Iterator[DemoLogin]:
    """Give the login of an empty mailbox; it is gone afterwards. `folder` gets the server's log.

    MailboxUnavailable when pymap is not installed or does not start.
    """
    host, port, password = "127.0.0.1", _free_port(), secrets.token_hex(12)  # never begins with a dash
    command = [sys.executable, "-c", _START, "--host", host, "--port", str(port), "--no-tls"]
    command += ["--no-service", "managesieve", "--no-service", "admin"]
    command += ["dict", "--demo-user", USER, "--demo-password", password]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "demo-mailbox.log"
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 -- our own interpreter
            command, stdin=subprocess.PIPE, stdout=output, stderr=output
        )
    try:
        _wait_until_up(server, port, log)
        _create(host, port, password, extra_folders)
        yield DemoLogin(host, port, USER, password)
    finally:
        server.terminate()
        try:
            server.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def deliver(mailbox: DemoLogin, mails: Sequence[bytes], folder: str = "INBOX") -> None:
    """Put mails into the demo mailbox, as if they had just arrived."""
    host, port, user, password = mailbox
    with imaplib.IMAP4(host, port, timeout=_START_SECONDS) as client:
        client.login(user, password)
        for mail in mails:
            kind, answer = client.append(folder, "", "", mail)
            if kind != "OK":
                raise MailboxUnavailable(f"the demo mailbox refused a mail: {answer!r}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:] or ["no message"]
    raise MailboxUnavailable(f"the demo mailbox did not start: {last[0]}", fix="pip install 'mailintake[demo]'")


def _create(host: str, port: int, password: str, folders: Sequence[str]) -> None:
    with imaplib.IMAP4(host, port, timeout=_START_SECONDS) as client:
        client.login(USER, password)
        for folder in folders:
            client.create(folder)
