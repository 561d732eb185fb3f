"""Asking a virus scanner about a file: clamd's INSTREAM command over a Unix or TCP socket (clamd(8))."""

import logging
import socket
import struct
from dataclasses import replace
from pathlib import Path

from mailintake.model.facts import FileFacts
from mailintake.readers.port import MessageReading

_log = logging.getLogger(__name__)
_CHUNK = 1 << 16
_SECONDS = 20.0
_LONGEST_ANSWER = 4096
_FOUND = " FOUND"
UNSAFE = "attachment.unsafe"


def found_in(file: Path, address: str) -> str:
    """Name of the signature that clamd at `address` (`unix:/run/clamd.ctl`, `tcp:host:port`) found; "" for none.

    A scanner that cannot be asked is logged and finds nothing: files are opened behind the reader's limits either way.
    """
    try:
        with _connected(address) as clamd:
            clamd.sendall(b"zINSTREAM\0")
            with file.open("rb") as data:
                while chunk := data.read(_CHUNK):
                    clamd.sendall(struct.pack("!L", len(chunk)) + chunk)
            clamd.sendall(struct.pack("!L", 0))
            answer = _answer(clamd)
    except (OSError, ValueError) as fault:
        _log.warning("clamd at %s could not be asked: %s", address, fault)
        return ""
    if answer.endswith(_FOUND):
        return answer.removesuffix(_FOUND).removeprefix("stream: ")
    if not answer.endswith("OK"):
        _log.warning("clamd at %s answered: %s", address, answer)
    return ""


def scanned(reading: MessageReading, folder: Path, address: str) -> MessageReading:
    """The reading with infected files named unsafe; nothing of what was read in them is kept."""
    facts, infected = dict(reading.facts), set[str]()
    for sha256 in {attachment.sha256 for attachment in reading.message.attachments}:
        file = folder / sha256
        signature = found_in(file, address) if file.is_file() else ""
        if signature:
            infected.add(sha256)
            size = file.stat().st_size
            known = facts.get(sha256, FileFacts(sha256, size, "unknown"))
            facts[sha256] = FileFacts(sha256, size, known.format, UNSAFE, signature)
    attachments = tuple(replace(a, problem=UNSAFE) if a.sha256 in infected else a for a in reading.message.attachments)
    return MessageReading(replace(reading.message, attachments=attachments), facts)


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
