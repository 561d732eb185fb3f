"""STARTTLS on hostile lines: without TLS no password is said, and what came before it counts for nothing."""

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.certificates import make_certificates
from tests.support.smtp_peer import scripted

from mailintake.errors import ConfigError, MailboxUnavailable
from mailintake.mailbox.imap import ImapMailbox

CAPABLE = b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n"


def talk(heard: list[bytes], *answers: bytes) -> Callable[[socket.socket], None]:
    """Answers line by line, and goes on listening after the last one."""

    def script(connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        connection.sendall(answers[0])
        for answer in (*answers[1:], *[b"TAG BAD no\r\n"] * 5):
            line = reader.readline()
            heard.append(line)
            if line.split():
                connection.sendall(answer.replace(b"TAG", line.split()[0]))

    return script


def box_on(port: int, authority: Path | None = None) -> ImapMailbox:
    ca_file = str(authority) if authority else None
    patience = {"connect_timeout": 2.0, "read_timeout": 2.0, "session_deadline": 5.0}
    return ImapMailbox("box", "127.0.0.1", port, "u", "secret-word", starttls=True, ca_file=ca_file, **patience)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((b"* OK ready\r\n", b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"), id="not offered"),
        pytest.param((b"* OK ready\r\n", CAPABLE, b"TAG NO not now\r\n"), id="refused"),
        pytest.param((b"* OK ready\r\n", CAPABLE, b"TAG OK go\r\n* OK not TLS at all\r\n"), id="no TLS comes"),
        pytest.param((b"* PREAUTH welcome\r\n", CAPABLE), id="logged in already"),
    ],
)
def test_a_server_that_does_not_begin_tls_hears_no_password(answers: tuple[bytes, ...]) -> None:
    heard: list[bytes] = []
    with scripted(talk(heard, *answers)) as port:
        box = box_on(port)
        with pytest.raises(MailboxUnavailable):
            box.open()
        box.close()
    said = b"".join(heard)
    assert b"secret-word" not in said
    assert b"LOGIN" not in said.upper()


def test_what_was_slipped_in_before_tls_is_forgotten(tmp_path: Path) -> None:
    certificates = make_certificates(tmp_path)
    secured: list[bytes] = []

    def script(connection: socket.socket) -> None:
        plain = connection.makefile("rb", buffering=0)
        connection.sendall(b"* OK ready\r\n")
        connection.sendall(CAPABLE.replace(b"TAG", plain.readline().split()[0]))
        tag = plain.readline().split()[0]
        connection.sendall(b"* CAPABILITY IMAP4rev1 ID\r\n" + tag + b" OK go\r\n* CAPABILITY IMAP4rev1 ID\r\n")
        with certificates.server_context().wrap_socket(connection, server_side=True) as safe:
            talk(
                secured,
                b"",
                b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
                b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
                b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
                b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
            )(safe)

    with scripted(script) as port, contextlib.closing(box_on(port, certificates.authority)) as box:
        box.open()
        commands = [line.split()[1] for line in secured]
    assert b"LOGIN" in commands
    assert b"ID" not in commands


def test_starttls_needs_tls() -> None:
    with pytest.raises(ConfigError):
        ImapMailbox("box", "127.0.0.1", 143, "u", "p", tls=False, starttls=True)
