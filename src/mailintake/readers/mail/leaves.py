"""Leaves of the tree to files: decoded straight into the output folder by sha256, within the budget of the mail."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mailintake.model.message import Note
from mailintake.readers.mail.mime import Budget, Part
from mailintake.readers.mail.pasted import Extraction, Found
from mailintake.readers.mail.transfer import Decoder

_TEXT_BYTES = 1 << 20
_HEAD = 16
_AT_ONCE = 1 << 20  # a leaf no larger is written under its name at once


class Leaf(NamedTuple):
    """A decoded leaf: its identity, size, first bytes, and the finding code where its bytes were not kept."""

    sha256: str
    size: int
    head: bytes
    problem: str = ""


def decoded(part: Part, budget: Budget) -> Iterator[bytes]:
    """The decoded bytes of a leaf in pieces; ends early when the mail's budget is used up."""
    decoder = Decoder(part.encoding)
    for piece in decoder.run(part.source.chunks(part.body, part.end)):
        budget.decoded_bytes -= len(piece)
        if budget.decoded_bytes < 0:
            budget.note(Note.SIZE_LIMIT)
            return
        yield piece
    if decoder.damaged:
        budget.note(Note.BASE64_DAMAGED)


def store(part: Part, out: Path, budget: Budget) -> Leaf:
    """Write the decoded leaf to `out/<sha256>`; a leaf over the limit is measured but not kept."""
    limit = budget.limits.file_bytes
    if part.end - part.body <= min(_AT_ONCE, limit):  # no encoding makes it longer
        return store_bytes(b"".join(decoded(part, budget)), out)
    hasher, size, head = hashlib.sha256(), 0, b""
    unfinished = out / f".part-{part.number}-{part.body}"
    with unfinished.open("wb") as file:
        for piece in decoded(part, budget):
            hasher.update(piece)
            size += len(piece)
            head = head or piece[:_HEAD]
            if size <= limit:
                file.write(piece)
    sha256 = hasher.hexdigest()
    if size > limit:
        unfinished.unlink()
        budget.note(Note.SIZE_LIMIT)
        return Leaf(sha256, size, head, "attachment.too_large")
    unfinished.replace(out / sha256)
    return Leaf(sha256, size, head)


def store_bytes(data: bytes, out: Path) -> Leaf:
    """Write a file to `out/<sha256>`."""
    sha256 = hashlib.sha256(data).hexdigest()
    with open(f"{out}/{sha256}", "wb") as file:
        file.write(data)
    return Leaf(sha256, len(data), data[:_HEAD])


def text_bytes(part: Part, budget: Budget) -> tuple[bytes, list[Found]]:
    """The decoded bytes of a text leaf, at most a megabyte of them, without the files that stand in it; and these."""
    inside = Extraction(budget.limits.file_bytes)
    pieces = decoded(part, budget)
    without = inside.html(pieces) if part.type.token == "text/html" else inside.plain(pieces)
    return _first_megabyte(without, budget), inside.files


def _first_megabyte(pieces: Iterator[bytes], budget: Budget) -> bytes:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) > _TEXT_BYTES:
            budget.note(Note.SIZE_LIMIT)
            return bytes(kept[:_TEXT_BYTES])
    return bytes(kept)
