"""Seeded broken variants of well-formed mails: nothing raises, nothing takes long, every one becomes a message."""

import random
import time

import pytest
from tests.readers.mime.conftest import Read
from tests.support.mails import CLIENTS, File, Mail, build, coremail_results, coremail_trace, encoded, multipart
from tests.support.patience import CPU_SECONDS

COUNT, SLICES = 2000, 8
TOKENS = [
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"--",
        b"\0",
        b'"',
        b"=?",
        b"?=",
        b"\\",
        b";",
        b":",
        b"<",
        b">",
        b"(",
        b"\xff",
        b"\xd5\xc5",
    ),
    *(b"=?gb2312?B?", b"charset=hz", b'charset="\0"', b"boundary=", b"filename*0*=", b"''", b"%", b"=", b"\r\n\r\n"),
    *(b"<blockquote>", b"<!--", b"&#x110000;", b"From: a@b\r\n", b"Content-Transfer-Encoding: base64\r\n"),
    b"Content-Type: multipart/mixed; boundary=x\r\n",
]
TEXT = "您好，\n\n材料见附件。\n\n在 2026年11月1日，张三 <a@example.com> 写道：\n> 旧文"


def seeds() -> list[bytes]:
    sender = "lihua@example.com"
    files = [File("护照.jpg", bytes(range(256)) * 3), File("表.pdf", b"%PDF-1.4 x")]
    mail = Mail("新办材料 张瑄", TEXT, "李华", files=files, headers=coremail_results(sender))
    made = [build(mail, client, trace=coremail_trace(sender)) for client in CLIENTS if client != "traditional"]
    inner = encoded(made[0], "base64")
    wrapped = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + inner
    plain = b"Content-Type: message/rfc822\r\n\r\n" + made[1]
    head = b"From: b@example.com\r\nSubject: Fwd\r\n"
    return [*made, head + multipart("mixed", "outer", [wrapped, plain]), head + multipart("digest", "d", [made[2]])]


def mutant(source: bytes, chance: random.Random) -> bytes:
    raw = bytearray(source)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        at, length = chance.randrange(len(raw) + 1), chance.choice((1, 2, 7, 60, 400))
        action = chance.randrange(6)
        if action == 0:
            del raw[at : at + length]
        elif action == 1:
            raw[at:at] = chance.choice(TOKENS)
        elif action == 2:
            raw[at:at] = raw[chance.randrange(len(raw) + 1) :][:length]
        elif action == 3:
            raw[at : at + length] = chance.randbytes(length)
        elif action == 4:
            raw = raw[: max(at, 1)]
        else:
            raw[at : at + 1] = bytes([raw[at] ^ (1 << chance.randrange(8))]) if at < len(raw) else b""
        raw = raw or bytearray(b"x")
    return bytes(raw)


@pytest.mark.parametrize("part", range(SLICES))
def test_no_mutant_raises_or_hangs(part: str, read: Read) -> None:
    chance, sources = random.Random(part), seeds()
    for _ in range(COUNT // SLICES):
        raw = mutant(chance.choice(sources), chance)
        start = time.process_time()
        message = read(raw)
        assert time.process_time() - start < CPU_SECONDS
        assert message.size == len(raw)
        assert not any(c in message.subject for c in "\r\n\0\u202e")
