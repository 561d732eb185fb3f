"""The hook for a virus scanner, against a small clamd that knows one private signature."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

import pytest

from mailintake.config import load
from mailintake.readers.clamd import found_in
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits

SIGNATURE = b"PRIVATE-TEST-SIGNATURE-8842"


class Clamd(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        self.wfile.write(b"stream: Private.Test FOUND\0" if SIGNATURE in data else b"stream: OK\0")


@contextmanager
def serving(server: socketserver.BaseServer) -> Iterator[None]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "clamd.ctl"
    with serving(socketserver.ThreadingUnixStreamServer(str(path), Clamd)):
        yield f"unix:{path}"


def file(folder: Path, data: bytes) -> Path:
    (folder / "f").write_bytes(data)
    return folder / "f"


def test_a_file_with_the_signature_is_named_by_it(address: str, tmp_path: Path) -> None:
    assert found_in(file(tmp_path, b"x" * 200_000 + SIGNATURE), address) == "Private.Test"


def test_another_file_is_clean(address: str, tmp_path: Path) -> None:
    assert found_in(file(tmp_path, b"x" * 200_000), address) == ""


def test_the_scanner_may_listen_on_tcp(tmp_path: Path) -> None:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
    with serving(server):
        assert found_in(file(tmp_path, SIGNATURE), f"tcp:127.0.0.1:{server.server_address[1]}") == "Private.Test"


@pytest.mark.parametrize("absent", ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1", "clamd.example"])
def test_a_scanner_that_cannot_be_asked_holds_nothing_up(
    absent: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert found_in(file(tmp_path, SIGNATURE), absent) == ""
    assert "could not be asked" in caplog.text


def test_an_infected_attachment_is_unsafe_and_the_others_are_not(address: str, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "a@b.example", "APEC"
    mail.set_content("见附件")
    mail.add_attachment(b"one " + SIGNATURE, "text", "plain", filename="one.txt")
    mail.add_attachment(b"two", "text", "plain", filename="two.txt")
    (tmp_path / "m.eml").write_bytes(mail.as_bytes())
    (tmp_path / "out").mkdir()
    readers = ReaderPool(load(None).rules.vocabulary, Limits(), ocr=False, clamd=address)
    try:
        reading = readers.message(tmp_path / "m.eml", tmp_path / "out")
    finally:
        readers.close()
    assert {a.name: a.problem for a in reading.message.attachments} == {"one.txt": "attachment.unsafe", "two.txt": ""}
    infected = next(f for f in reading.facts.values() if f.problem)
    assert (infected.problem, infected.problem_detail, infected.text) == ("attachment.unsafe", "Private.Test", None)
