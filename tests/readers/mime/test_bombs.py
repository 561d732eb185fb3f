"""Mails made to cost much: refused by rule, quickly, with what was cut noted."""

import resource
import time
from pathlib import Path

import pytest
from tests.readers.mime.conftest import Read
from tests.support.patience import CPU_SECONDS

from mailintake.model.message import Note
from mailintake.readers.port import Limits

HEAD = b"From: a@example.com\r\nSubject: x\r\n"
HTML = b"Content-Type: text/html\r\n\r\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def nested_multiparts(depth: int) -> bytes:
    opening = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    closing = b"".join(b"--b%d--\r\n" % n for n in reversed(range(depth)))
    return HEAD + opening + b"Content-Type: text/plain\r\n\r\nend\r\n" + closing


def nested_messages(depth: int) -> bytes:
    return b"".join(HEAD + b"Content-Type: message/rfc822\r\n\r\n" for _ in range(depth)) + HEAD + b"\r\nend"


def many_parts(count: int) -> bytes:
    return HEAD + MIXED + b"--b\r\n\r\nx\r\n" * count + b"--b--\r\n"


BOMBS = {
    "nested multiparts": (nested_multiparts(3000), Note.DEPTH_LIMIT),
    "nested messages": (nested_messages(500), Note.DEPTH_LIMIT),
    "20,000 parts": (many_parts(20_000), Note.PARTS_LIMIT),
    "200,000 parts": (many_parts(200_000), Note.PARTS_LIMIT),
    "20,000 headers": (HEAD + b"X-A: b\r\n" * 20_000 + b"X-B: " + b"c" * 200_000 + b"\r\n\r\nbody", Note.HEADER_LIMIT),
    "subject of 1 MB": (b"Subject: " + b"x" * 2**20 + b"\r\n\r\nbody", Note.HEADER_LIMIT),
    "12,000 recipients": (HEAD + b"To: " + b"Li Hua <abc@example.com>, " * 9_000 + b"\r\n\r\n", None),
    "20,001 quotation marks": (b"From: " + b'"' * 20_001 + b" <a@example.com>\r\n\r\n", None),
    "20,000 brackets": (b"From: " + b"(" * 20_000 + b"a@example.com\r\n\r\n", None),
    "20,000 encoded words": (HEAD + b"X-Y: " + b"=?utf-8?Q?a?= " * 17_000 + b"\r\n\r\n", None),
    "unfinished encoded words": (b"Subject: " + b"=?" * 120_000 + b"\r\n\r\n", None),
    "encoded words without end": (b"Subject: " + b"=?a?B?" * 40_000 + b"\r\n\r\n", None),
    "parameters": (HEAD + b"Content-Type: a/b" + b"; n*1*=x" * 30_000 + b"\r\n\r\n", None),
    "quotes in a parameter": (HEAD + b'Content-Type: a/b; name="' + b'" ' * 100_000 + b"\r\n\r\n", None),
    "open tags": (HEAD + HTML + b"<a " * 300_000, None),
    "open brackets in HTML": (HEAD + HTML + b"<" * 900_000, None),
    "closing tags": (HEAD + HTML + b"<b>" * 600 + b"</i>" * 100_000, None),
    "deep tags": (HEAD + HTML + b"<div>" * 50_000, None),
    "open comments": (HEAD + HTML + b"<!--" * 250_000, None),
    "attributes": (HEAD + HTML + b"<a " + b"a='" * 300_000 + b">", None),
    "quoted attributes": (HEAD + HTML + b'<a b="' * 80_000 + b">" * 80_000, None),
    "links in one line": (HEAD + HTML + b"<a href=http://pan.baidu.com/s/1>x</a>" * 15_000, None),
    "lines of HTML": (HEAD + HTML + b"<p>x" * 200_000, None),
    "lines of text": (HEAD + b"\r\n" + b"From: a@b 2026 wrote:\n" * 40_000, None),
    "dashes": (HEAD + b"\r\n" + b"--\n" * 300_000, None),
    "quote depth": (HEAD + b"\r\n" + b">" * 900_000, None),
    "delimiter look-alikes": (HEAD + MIXED + b"--bb\r\n" * 200_000, None),
    "wide line of brackets": (HEAD + b"\r\n" + b"http://pan.baidu.com/s/1 " + b"()" * 400_000, None),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_no_time_without_end(bomb: str, read: Read) -> None:
    raw, note = BOMBS[bomb]
    start = time.process_time()
    message = read(raw)
    assert time.process_time() - start < CPU_SECONDS
    assert note is None or note in message.notes
    assert len(message.attachments) <= Limits().parts


def test_a_mail_over_the_size_limit_is_read_up_to_it(read: Read) -> None:
    raw = HEAD + b"\r\n" + b"x" * 5000
    message = read(raw, Limits(message_bytes=1000))
    assert Note.SIZE_LIMIT in message.notes
    assert message.size == len(raw)
    assert len(message.new_text) < 1000


def test_a_file_over_the_limit_is_named_but_not_kept(read: Read, out: Path) -> None:
    raw = HEAD + b"Content-Type: application/pdf; name=big.pdf\r\n\r\n" + b"x" * 5000
    (attachment,) = read(raw, Limits(file_bytes=1000)).attachments
    assert (attachment.name, attachment.size, attachment.problem) == ("big.pdf", 5000, "attachment.too_large")
    assert list(out.iterdir()) == []


def test_a_mail_of_fifty_megabytes_needs_little_memory(read: Read) -> None:
    body = (b"QUJD" * 19 + b"\r\n") * (50 * 2**20 // 78)
    raw = HEAD + b"Content-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + body
    del body
    read(HEAD + b"\r\nwarm up")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    message = read(raw)
    assert message.attachments[0].size == (len(raw) - raw.index(b"QUJD")) // 78 * 57
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024
