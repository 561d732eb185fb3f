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
from mailintake.model.message import Note
from mailintake.model.rules import MessageClass
from mailintake.model.understanding import Classification, Link, LinkedBy, People, Screening, Understanding
from mailintake.readers.clamd import found_in
from mailintake.readers.pool import ReaderPool
from mailintake.readers.port import Limits, MessageReading
from mailintake.stages.decide.notices import mail_notices

SIGNATURE = b"PRIVATE-TEST-SIGNATURE-8842"


class Clamd(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        data = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            data += self.rfile.read(length)
        self.wfile.write(b"stream: Private.Test FOUND\0" if SIGNATURE in data else b"stream: OK\0")


class Full(socketserver.StreamRequestHandler):
    """What a scanner says of a file over its StreamMaxLength."""

    def handle(self) -> None:
        self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")


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
def test_a_scanner_that_cannot_be_asked_holds_no_mail_up_and_staff_learn_what_was_not_scanned(
    absent: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reading = read(mail(), tmp_path, absent)
    assert {a.name: a.problem for a in reading.message.attachments} == {"one.txt": "", "two.txt": ""}
    assert Note.NOT_SCANNED in reading.message.notes
    assert caplog.text.count("could not be asked") == 1  # not once for every file: each try may take its time


def test_a_scanner_that_gives_no_verdict_is_no_clean_bill(tmp_path: Path) -> None:
    path = tmp_path / "clamd.ctl"
    with serving(socketserver.ThreadingUnixStreamServer(str(path), Full)):
        assert found_in(file(tmp_path, b"x"), f"unix:{path}") is None
        assert Note.NOT_SCANNED in read(mail(), tmp_path, f"unix:{path}").message.notes


def test_staff_are_told_of_files_that_nobody_scanned(tmp_path: Path) -> None:
    message = read(mail(), tmp_path, "unix:/nowhere/clamd.ctl").message
    understood = Understanding(
        message.sha256,
        Screening(None, parked=False),
        Link(LinkedBy.NEW),
        Classification(MessageClass.APPLICATION),
        People((), ()),
    )
    said = {n.code: n.text for n in mail_notices(message, understood, ())}
    assert said["attachment.not_scanned"] == "one.txt, two.txt"


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", "APEC"
    made.set_content("见附件")
    made.add_attachment(b"one " + SIGNATURE, "text", "plain", filename="one.txt")
    made.add_attachment(b"two", "text", "plain", filename="two.txt")
    return made


def read(made: EmailMessage, folder: Path, address: str) -> MessageReading:
    (folder / "m.eml").write_bytes(made.as_bytes())
    (folder / "out").mkdir(exist_ok=True)
    readers = ReaderPool(load(None).rules.vocabulary, Limits(), ocr=False, clamd=address)
    try:
        return readers.message(folder / "m.eml", folder / "out")
    finally:
        readers.close()


def test_an_infected_attachment_is_unsafe_and_the_others_are_not(address: str, tmp_path: Path) -> None:
    reading = read(mail(), tmp_path, address)
    assert {a.name: a.problem for a in reading.message.attachments} == {"one.txt": "attachment.unsafe", "two.txt": ""}
    assert Note.NOT_SCANNED not in reading.message.notes
    infected = next(f for f in reading.facts.values() if f.problem)
    assert (infected.problem, infected.problem_detail, infected.text) == ("attachment.unsafe", "Private.Test", None)
