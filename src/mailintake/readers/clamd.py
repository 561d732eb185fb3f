"""Asking a virus scanner about a file: clamd's INSTREAM command over a Unix or TCP socket (clamd(8))."""

import logging
import socket
import struct
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mailintake.model.facts import FileFacts
from mailintake.model.message import Note
from mailintake.readers.port import MessageReading

_log = logging.getLogger(__name__)
_CHUNK = 1 << 16
_SECONDS = 20.0
_LONGEST_ANSWER = 4096
_FOUND = " FOUND"
UNSAFE = "attachment.unsafe"


def found_in(file: Path, address: str) -> str | None:
    """Name of the signature that clamd at `address` (`unix:/run/clamd.ctl`, `tcp:host:port`) found; "" for none; None
    where it gave no verdict, of this file or at all, which is logged. OSError and ValueError: it cannot be reached."""
    answer = ""
    with _connected(address) as clamd, file.open("rb") as data:
        with suppress(BrokenPipeError, ConnectionResetError):  # it hangs up over a file above its limit
            clamd.sendall(b"zINSTREAM\0")
            while chunk := data.read(_CHUNK):
                clamd.sendall(struct.pack("!L", len(chunk)) + chunk)
            clamd.sendall(struct.pack("!L", 0))
        with suppress(BrokenPipeError, ConnectionResetError):
            answer = _answer(clamd)
    if answer.endswith(_FOUND):
        return answer.removesuffix(_FOUND).removeprefix("stream: ")
    if answer.endswith("OK"):
        return ""
    _log.warning("clamd at %s answered: %s", address, answer)
    return None


def scanned(reading: MessageReading, folder: Path, address: str) -> MessageReading:
    """The reading with infected files named unsafe; nothing of what was read in them is kept.

    A scanner that cannot be asked holds no mail up: files are opened behind the reader's limits either way. The mail
    carries a note then, so that staff learn which files nobody scanned.
    """
    files = [f for a in reading.message.attachments if (f := folder / a.sha256).is_file()]
    verdicts = _verdicts(list(dict.fromkeys(files)), address)
    facts, infected = dict(reading.facts), {file.name for file, signature in verdicts.items() if signature}
    for file, signature in verdicts.items():
        if signature:
            size = file.stat().st_size
            known = facts.get(file.name, FileFacts(file.name, size, "unknown"))
            facts[file.name] = FileFacts(file.name, size, known.format, UNSAFE, signature)
    attachments = tuple(replace(a, problem=UNSAFE) if a.sha256 in infected else a for a in reading.message.attachments)
    open_ = (Note.NOT_SCANNED,) if None in verdicts.values() else ()
    notes = (*reading.message.notes, *open_)
    return MessageReading(replace(reading.message, attachments=attachments, notes=notes), facts)


def _verdicts(files: list[Path], address: str) -> dict[Path, str | None]:
    """Once it cannot be reached nobody waits for it again with this mail."""
    found: dict[Path, str | None] = dict.fromkeys(files)
    for file in files:
        try:
            found[file] = found_in(file, address)
        except (OSError, ValueError) as fault:
            _log.warning("clamd at %s could not be asked: %s", address, fault)
            break
    return found


def _connected(address: str) -> socket.socket:
    kind, _, place = address.partition(":")
    if kind == "unix":
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(_SECONDS)
        clamd.connect(place)
        return clamd
    if kind != "tcp":
        raise ValueError("an address begins with unix: or tcp:")
    host, _, port = place.rpartition(":")
    return socket.create_connection((host, int(port)), _SECONDS)


def _answer(clamd: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\0") and len(received) < _LONGEST_ANSWER:
        piece = clamd.recv(_CHUNK)
        if not piece:
            break
        received += piece
    return received.rstrip(b"\0\n").decode("ascii", "replace")
