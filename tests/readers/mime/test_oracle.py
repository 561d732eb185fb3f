"""The standard library's tree as oracle: on well-formed mail our walk gives the same parts and bytes."""

import email
import hashlib
import random
from collections.abc import Callable
from email.message import EmailMessage, Message
from typing import Any, cast

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import CLIENTS, File, Mail, build

from mailintake.model.message import Attachment, InboundMessage


def random_mail(seed: int, depth: int = 0) -> EmailMessage:
    """A well-formed mail with files of every transfer encoding, and mails inside it."""
    chance, mail = random.Random(seed), EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.com", "b@example.com", f"mail {seed}"
    mail.set_content("plain text\n" * chance.randrange(1, 9), cte=chance.choice(("7bit", "quoted-printable", "base64")))
    if chance.random() < 0.5:
        mail.add_alternative("<p>plain text</p>\n" * 3, subtype="html")
    for number in range(chance.randrange(0, 5)):
        data = chance.randbytes(chance.choice((0, 1, 2, 3, 57, 1000, 70_000)))
        mail.add_attachment(data, maintype="application", subtype="pdf", filename=f"file {number}.pdf")
    if depth < 3 and chance.random() < 0.3:
        mail.add_attachment(random_mail(seed * 7 + 1, depth + 1))
    if chance.random() < 0.3:
        mail.add_attachment("text file\r\n" * 3, subtype="plain", filename="notes.txt", cte="quoted-printable")
    return mail


def leaves(message: Message, number: str = "") -> list[tuple[str, str, bytes]]:
    """IMAP number, type and bytes of every leaf that is no text of the mail, in order, mails inside entered."""
    if message.get_content_type() == "message/rfc822":
        return leaves(cast("Any", message.get_payload(0)), number)
    if message.is_multipart():
        prefix = f"{number}." if number else ""
        return [leaf for at, part in enumerate(message.get_payload(), 1) for leaf in leaves(part, f"{prefix}{at}")]
    if message.get_content_maintype() == "text" and message.get_filename() is None:
        return []
    return [(number, message.get_content_type(), cast("bytes", message.get_payload(decode=True)))]


def ours(message: InboundMessage) -> list[tuple[str, str, str]]:
    return [(a.part, a.declared_type, a.sha256) for a in message.attachments]


def hashed(found: list[tuple[str, str, bytes]]) -> list[tuple[str, str, str]]:
    return [(number, type_, hashlib.sha256(data).hexdigest()) for number, type_, data in found]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("seed", range(60))
def test_parts_and_bytes_are_those_of_the_standard_library(seed: int, line_end: bytes, read: Read) -> None:
    raw = random_mail(seed).as_bytes().replace(b"\r\n", b"\n").replace(b"\n", line_end)
    assert ours(read(raw)) == hashed(leaves(email.message_from_bytes(raw)))


@pytest.mark.parametrize("client", CLIENTS)
def test_mails_of_each_client_have_the_same_parts(client: str, read: Read) -> None:
    files = [File("a.jpg", bytes(range(256)) * 50), File("b.pdf", b"%PDF\r\r\n\n"), File("c.zip", b"")]
    raw = build(Mail("APEC", "text\n\ntext", "Li Hua", files=files), client)
    assert ours(read(raw)) == hashed(leaves(email.message_from_bytes(raw)))


def test_whole_lines_at_the_borders_of_read_pieces_stay_whole(
    read: Read, content: Callable[[Attachment], bytes]
) -> None:
    for size in range(262_144 - 120, 262_144 + 20, 7):
        body = b"x" * size
        raw = b"From: a@b.cn\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
        raw += b"--bb\r\nContent-Type: application/x\r\n\r\n" + body + b"\r\n--bb\r\n\r\nend\r\n--bb--\r\n"
        message = read(raw)
        assert content(message.attachments[0]) == body
        assert message.new_text == "end"
