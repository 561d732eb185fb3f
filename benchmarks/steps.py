"""Each step of a mail's way beside the least it could cost: python -m benchmarks.steps STEP floor|ours MAILS [TARGET].

One process measures one of the two and prints CPU seconds for all mails of the list; libraries are loaded and templates
compiled before the clock starts. A floor does the bare work and nothing else: no hostile structure, limits or record.
TARGET (JSON) says where the servers are, for the steps that need them.
"""

import hashlib
import json
import os
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

Work = Callable[[], object]
File = TypeVar("File")


def each(things: Sequence[File], do: Callable[[File], object]) -> Work:
    """Do it with all of them."""
    return lambda: [do(thing) for thing in things]


@dataclass(frozen=True)
class Given:
    """What a step works on; `scratch` is empty and on the disk that production would use."""

    mails: Sequence[Path]
    scratch: Path
    target: dict[str, Any]

    def files(self, *suffixes: str) -> list[Path]:
        """Attachments with these endings, one file each."""
        from benchmarks.corpus import attachments

        made = []
        for number, (suffix, data) in enumerate(attachments(list(self.mails))):
            if suffix in suffixes:
                made.append(self.scratch / f"{number}.{suffix}")
                made[-1].write_bytes(data)
        return made


# ------------------------------------------------------------------------------------------------------------- fetch


def fetch_floor(given: Given) -> Work:
    """LOGIN, EXAMINE and one FETCH a mail over a bare socket, into one buffer that is used again."""
    buffer = memoryview(bytearray(2**26))

    def line(sock: socket.socket, at: int) -> int:
        came = sock.recv_into(buffer[at:])
        if not came:
            raise EOFError("the server hung up")
        return came

    def work() -> None:
        with socket.create_connection((given.target["host"], given.target["port"]), 30) as sock:
            line(sock, 0)
            words = [f"LOGIN {given.target['user']} {given.target['password']}", "EXAMINE INBOX"]
            words += [f"FETCH {number + 1} BODY.PEEK[]" for number in range(len(given.mails))]
            for number, word in enumerate(words):
                sock.sendall(f"a{number} {word}\r\n".encode())
                end, size = f"a{number} OK".encode(), 0
                while end not in bytes(buffer[max(0, size - 2000) : size]):
                    size += line(sock, size)

    return work


def fetch_ours(given: Given) -> Work:
    """List the box and fetch every mail, slice by slice as the store takes them in; its writing is the next step's."""
    from mailintake.mailbox.imap import ImapMailbox

    at = given.target
    box = ImapMailbox("main", at["host"], at["port"], at["user"], at["password"], tls=False)

    def work() -> None:
        for mail in box.list_all("INBOX"):
            assert sum(map(len, box.slices(mail))) == mail.size
        box.close()

    return work


# ------------------------------------------------------------------------------------------------------------- parse


def parse_ours(given: Given) -> Work:
    """The whole reading of a mail's structure: headers, bodies, quotes, every attachment decoded into its file."""
    from mailintake.config import load
    from mailintake.readers.mail.message import read_message

    words, limits = load(None).rules.vocabulary, load(None).settings.limits
    stored = [given.scratch / hashlib.sha256(mail.read_bytes()).hexdigest() for mail in given.mails]
    for mail, place in zip(given.mails, stored, strict=True):
        place.symlink_to(mail)  # as the store calls it
    folders = [given.scratch / f"{number}" for number in range(len(given.mails) + 1)]
    for folder in folders:
        folder.mkdir()
    read_message(stored[0], folders.pop(), words, limits)

    return lambda: [read_message(mail, out, words, limits) for mail, out in zip(stored, folders, strict=True)]


# ---------------------------------------------------------------------------------------------------- pictures, pdf


def picture_floor(given: Given) -> Work:
    """Every row of every picture decoded at an eighth of its size (libjpeg's draft)."""
    from PIL import Image

    def decode(file: Path) -> None:
        with Image.open(file) as image:
            image.draft("RGB", (1, 1))
            image.load()

    files = given.files("jpg")
    decode(files[0])
    return each(files, decode)


def picture_ours(given: Given) -> Work:
    """Everything that is measured of a picture without reading its text."""
    return _measured(given, "jpg")


def pdf_floor(given: Given) -> Work:
    """pypdf: open, list the form's fields."""
    from pypdf import PdfReader

    files = given.files("pdf")
    PdfReader(files[0]).get_fields()
    return lambda: [PdfReader(file).get_fields() for file in files]


def pdf_ours(given: Given) -> Work:
    """Facts of a PDF with its fields and the text of its pages."""
    return _measured(given, "pdf")


def _measured(given: Given, suffix: str) -> Work:
    from mailintake.readers.files.measure import measure
    from mailintake.readers.port import Limits

    files, limits = given.files(suffix), Limits()
    for file in files[:4]:  # one of each kind: face finder, PDF forms
        measure(file, "0" * 64, limits)
    return lambda: [measure(file, "0" * 64, limits) for file in files]


# ------------------------------------------------------------------------------------------------------------- store


def store_floor(given: Given) -> Work:
    """sha256, write, fsync, rename, fsync of the folder."""

    def keep(file: Path) -> None:
        data = file.read_bytes()
        target = given.scratch / hashlib.sha256(data).hexdigest()
        with open(target.with_suffix(".part"), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        target.with_suffix(".part").rename(target)
        handle = os.open(given.scratch, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

    return each(given.mails, keep)


def store_ours(given: Given) -> Work:
    """The content-addressed store of originals."""
    from mailintake.store.files import LocalFiles

    files = LocalFiles(given.scratch / "originals")
    return each(given.mails, files.put)


# ---------------------------------------------------------------------------------------------------------- database


def _cases(count: int) -> list[Any]:
    from tests.support.stored import NOW, a_case, sha

    from mailintake.model.document import Document

    made = []
    for number in range(count):
        papers = tuple(
            Document(f"{n}.jpg", f"{n}.jpg", sha(number * 10 + n), sha(number), NOW, "photo", "a1") for n in range(8)
        )
        made.append(a_case(f"LN-2026-{number:06}", documents=papers, assessment=None, messages=(sha(number),)))
    return made


def database_floor(given: Given) -> Work:
    """The same rows and bytes with sqlite3: a case with 8 papers, a letter, the mail's end; durable like ours."""
    from tests.support.stored import a_letter, sha

    from mailintake.model.codec import encode

    connection = sqlite3.connect(given.scratch / "raw.db", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE cases (number TEXT PRIMARY KEY, company TEXT, state TEXT, body TEXT)")
    connection.execute("CREATE TABLE papers (number TEXT, sha256 TEXT, path TEXT)")
    connection.execute("CREATE INDEX papers_sha256 ON papers (sha256)")
    connection.execute("CREATE TABLE letters (id INTEGER PRIMARY KEY, message_id TEXT UNIQUE, raw BLOB, state TEXT)")
    connection.execute("CREATE TABLE mails (sha256 TEXT PRIMARY KEY, status TEXT)")
    connection.executemany("INSERT INTO mails VALUES (?, 'processing')", [(sha(n),) for n in range(len(given.mails))])
    rows = []
    for number, case in enumerate(_cases(len(given.mails))):
        letter = a_letter(f"<{number}@o.example>", raw=b"x" * 6000)
        rows.append((case, json.dumps(encode(case), ensure_ascii=False), letter, sha(number)))

    def work() -> None:
        for case, body, letter, sha256 in rows:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO cases VALUES (?,?,?,?)", (case.number, case.company, "open", body))
            papers = [(case.number, paper.sha256, paper.path) for paper in case.documents]
            connection.executemany("INSERT INTO papers VALUES (?,?,?)", papers)
            told = (letter.message_id, letter.raw, "ready")
            connection.execute("INSERT INTO letters (message_id, raw, state) VALUES (?,?,?)", told)
            connection.execute("UPDATE mails SET status = 'done' WHERE sha256 = ?", (sha256,))
            connection.execute("COMMIT")

    return work


def database_ours(given: Given) -> Work:
    """The same as one unit of the store: versions, the chain of events and the search index included."""
    from tests.support.stored import NOW, a_decision, a_letter, a_message, add, sha

    from mailintake.model.letter import OutboxState
    from mailintake.store.open import open_store

    store = open_store(f"sqlite:///{given.scratch}/ours.db", given.scratch / "originals")
    known = [add(store, number, f"mail {number}".encode()) for number in range(len(given.mails) + 1)]
    rows = [store.message(sha256) for sha256 in known]
    cases = _cases(len(given.mails) + 1)

    def one(number: int) -> None:
        row = rows[number]
        assert row is not None
        case = replace(cases[number], messages=(row.sha256,))
        with store.begin() as unit:
            unit.save_case(case)
            letter = a_letter(
                f"<{number}@o.example>", raw=b"x" * 6000, case=case.number, in_answer_to=row.sha256, view=None
            )
            unit.queue_letter(letter, OutboxState.READY, NOW, NOW)
            unit.finish_message(row.id, a_message(sha(number)), a_decision(row.sha256, case), NOW)

    one(len(given.mails))
    return each(range(len(given.mails)), one)


# ------------------------------------------------------------------------------------------------ letter, submission


def _letters() -> tuple[Any, list[Any]]:
    from tests.support.letters import rules, situations
    from tests.support.worker import renderer

    from mailintake.letters.view import letter_view
    from mailintake.stages.assign.addressee import addressee

    said = [row for name, row in situations().items() if name in ("tolerated", "correction", "acknowledgement")]

    def view(row: Any) -> Any:
        order, case, message, today = row
        cases = {case.number: case}
        return letter_view(order, cases, message, rules(), today, addressee=addressee(message, rules()))

    return renderer(), [lambda row=row: view(row) for row in said]


def letter_floor(given: Given) -> Work:
    """What jinja2 itself takes for these letters: words, subject and page, from templates that are compiled."""
    words, views = _letters()
    spent, inside, real = [0.0], [False], words._render

    def timed(name: str, values: Any) -> str:
        if inside[0]:
            return str(real(name, values))
        inside[0], before = True, time.process_time()
        said = real(name, values)
        spent[0] += time.process_time() - before
        inside[0] = False
        return str(said)

    words._render = timed
    made = [view() for view in views]
    for view in made:
        words.letter(view)
    spent[0] = 0.0

    def work() -> float:
        for number in range(len(given.mails)):
            words.letter(made[number % len(made)])
        return spent[0]

    return work


def letter_ours(given: Given) -> Work:
    """From the order to the bytes: view, words, HTML, contradictions, MIME."""
    from mailintake.letters.compose import compose
    from mailintake.letters.contradictions import contradictions
    from mailintake.model.letter import LetterKind, ThreadingHeaders
    from mailintake.model.message import Address

    words, views = _letters()
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def one(number: int) -> None:
        view = views[number % len(views)]()
        said = words.letter(view)
        contradictions(said, view, words.phrases)
        compose(
            said, kind=LetterKind.CORRECTION, sender=Address("", "a@office.example"), to=("b@c.example",), cc=(),
            message_id=f"<{number}@office.example>", threading=ThreadingHeaders(), date=now + timedelta(seconds=number),
        )  # fmt: skip

    for number in range(len(views)):
        one(number)
    return each(range(len(given.mails)), one)


_LETTER = b"From: a@office.example\r\nTo: b@c.example\r\nSubject: x\r\n\r\n" + b"a line of a letter\r\n" * 400


def submission_floor(given: Given) -> Work:
    """smtplib over one connection that stays open."""
    import smtplib

    server = smtplib.SMTP("127.0.0.1", given.target["smtp_port"])
    server.ehlo()
    return lambda: [server.sendmail("a@office.example", ["b@c.example"], _LETTER) for _ in given.mails]


def submission_ours(given: Given) -> Work:
    """The same by our mailer, which knows at every moment what was handed over."""
    from mailintake.mailer.smtp import SmtpMailer

    mailer = SmtpMailer("127.0.0.1", given.target["smtp_port"], "", "", tls="none")
    mailer.open()
    return lambda: [mailer.send(_LETTER, "a@office.example", ["b@c.example"]) for _ in given.mails]


STEPS: dict[str, tuple[Callable[[Given], Work] | None, Callable[[Given], Work]]] = {
    "fetch": (fetch_floor, fetch_ours),
    "store": (store_floor, store_ours),
    "parse": (None, parse_ours),  # the native parser lives in a venv of its own: peers/native_parser.py
    "picture": (picture_floor, picture_ours),
    "pdf": (pdf_floor, pdf_ours),
    "database": (database_floor, database_ours),
    "letter": (letter_floor, letter_ours),
    "submission": (submission_floor, submission_ours),
}


def main() -> None:
    """Measure one."""
    step, side, listed, *target = sys.argv[1:]
    floor, ours = STEPS[step]
    prepare = floor if side == "floor" else ours
    assert prepare is not None
    mails = [Path(line) for line in Path(listed).read_text("utf-8").splitlines()]
    with tempfile.TemporaryDirectory(dir=Path(listed).parent) as scratch:
        work = prepare(Given(mails, Path(scratch), json.loads(target[0]) if target else {}))
        before = time.process_time()
        told = work()
        used = time.process_time() - before
        print(told if isinstance(told, float) else used)


if __name__ == "__main__":
    with closing(sys.stdout):
        main()
