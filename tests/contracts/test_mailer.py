"""What every way out promises, on a real SMTP server, on the 163 stand-in and on a folder."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.netease import USER, netease
from tests.support.smtp_peer import smtp_drop

from mailintake.errors import MailerRefused
from mailintake.mailer.drop import DropMailer
from mailintake.mailer.port import Mailer
from mailintake.mailer.smtp import SmtpMailer

TO = "li@example.com"


@dataclass(frozen=True)
class Peer:
    """A way out and what arrived at its end, in order."""

    mailer: Mailer
    arrived: Callable[[], list[bytes]]


@pytest.fixture(params=["aiosmtpd", "netease", "folder"])
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    def kept() -> list[bytes]:
        return [file.read_bytes() for file in sorted(tmp_path.glob("*.eml"))]

    with ExitStack() as stack:
        if request.param == "aiosmtpd":
            host, port = stack.enter_context(smtp_drop(tmp_path))
            found = Peer(SmtpMailer(host, port, "", "", tls="none", timeout=10), kept)
        elif request.param == "netease":
            fake = stack.enter_context(netease())
            mailer = SmtpMailer(fake.host, fake.smtp_port, fake.user, fake.password, tls="none", timeout=10)
            found = Peer(mailer, lambda: [raw for _, _, raw in fake.state.sent])
        else:
            found = Peer(DropMailer(tmp_path), kept)
        yield found
        found.mailer.close()


def letter(body: bytes) -> bytes:
    return f"From: <{USER}>\r\nTo: {TO}\r\nSubject: x\r\nMessage-ID: <1@office>\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "body",
    [
        b"plain\r\n",
        b".\r\n..\r\n.x\r\n",
        "中文\r\n".encode(),
        b"x" * 900 + b"\r\n",
        b"line\r\n" * 20_000,
        b"\r\n\r\n",
    ],
    ids=["plain", "dots", "8bit", "long", "large", "empty"],
)
def test_a_letter_arrives_byte_by_byte(peer: Peer, body: bytes) -> None:
    accepted = peer.mailer.send(letter(body), USER, [TO])
    assert accepted.answer.startswith("250")
    assert accepted.refused == ()
    assert peer.arrived() == [letter(body)]


def test_several_letters_arrive_in_order(peer: Peer) -> None:
    letters = [letter(b"number %d\r\n" % number) for number in range(4)]
    for raw in letters:
        peer.mailer.send(raw, USER, [TO])
    assert peer.arrived() == letters


@pytest.mark.parametrize("address", ["李雷@example.com", "no address", "a@b.example>\r\nRCPT TO:<x@y.example"])
def test_what_cannot_be_written_to_is_refused_and_the_next_letter_goes_out(peer: Peer, address: str) -> None:
    with pytest.raises(MailerRefused):
        peer.mailer.send(letter(b"one\r\n"), USER, [address])
    with pytest.raises(MailerRefused):
        peer.mailer.send(letter(b"one\r\n"), USER, [])
    peer.mailer.send(letter(b"two\r\n"), USER, [TO])
    assert peer.arrived() == [letter(b"two\r\n")]


def test_closing_twice_is_fine_and_the_next_letter_connects_again(peer: Peer) -> None:
    peer.mailer.close()
    peer.mailer.send(letter(b"one\r\n"), USER, [TO])
    peer.mailer.close()
    peer.mailer.close()
    peer.mailer.send(letter(b"two\r\n"), USER, [TO])
    assert len(peer.arrived()) == 2
