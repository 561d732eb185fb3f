"""A mail that a program sent in pieces (message/partial, RFC 2046 5.2.2): which piece this is, and the whole of all."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mailintake.model.message import InboundMessage
from mailintake.model.value import value

PARTIAL = "message/partial"
_PARAMETER = re.compile(r';\s*(id|number|total)\s*=\s*(?:"([^"]{1,300})"|([^\s;"]{1,300}))', re.IGNORECASE)
_MOST_PIECES = 10_000  # of one mail; a number beyond it is no number of a piece
_INNER_ONLY = (b"content-", b"subject:", b"message-id:", b"encrypted:", b"mime-version:")


@value
class Piece:
    """One of `total` pieces of the mail of that id; `total` is 0 where only the last one says it."""

    id: str
    number: int
    total: int


def piece_of(message: InboundMessage) -> Piece | None:
    """The piece that the mail is, or None for a whole mail."""
    if message.content_type != PARTIAL:
        return None
    said = {m[1].lower(): m[2] or m[3] for m in _PARAMETER.finditer(message.header("content-type") or "")}
    number, total = (int(said[key]) if said.get(key, "").isdecimal() else 0 for key in ("number", "total"))
    if not said.get("id") or not 1 <= number <= _MOST_PIECES or total > _MOST_PIECES:
        return None
    return Piece(said["id"], number, total)


def without_content(message: InboundMessage) -> InboundMessage:
    """The mail as a cover without a letter: half a picture is no picture, and half a sentence says nothing."""
    return replace(message, new_text="", quoted_text="", signature_text="", attachments=(), forwarded=())


def whole(pieces: Sequence[tuple[Piece, Path]], target: Path) -> bool:
    """Write the mail to `target` when every piece is there (5.2.2.1): of the first piece's own header what does not
    speak of its content, of the header that was cut what does, and the body. Nothing is parsed."""
    by_number = {piece.number: path for piece, path in pieces}
    total = max((piece.total for piece, _ in pieces), default=0)
    if not total or set(by_number) != set(range(1, total + 1)):
        return False
    with target.open("wb") as stream:
        head, enclosed = _cut(by_number[1].read_bytes())
        inner, body = _cut(enclosed)
        stream.write(_fields(head, inner=False) + _fields(inner, inner=True) + b"\r\n" + body)
        for number in range(2, total + 1):
            stream.write(_cut(by_number[number].read_bytes())[1])
    return True


def _cut(raw: bytes) -> tuple[bytes, bytes]:
    """Header and body; the line that parts them belongs to neither."""
    for mark in (b"\r\n\r\n", b"\n\n"):
        head, found, body = raw.partition(mark)
        if found:
            return head + mark[: len(mark) // 2], body
    return raw, b""


def _fields(head: bytes, *, inner: bool) -> bytes:
    """The header fields that speak of the content (`inner`), or the others."""
    kept: list[bytes] = []
    taken = False
    for line in head.splitlines(keepends=True):
        if not line[:1].isspace():
            taken = line.lower().startswith(_INNER_ONLY) is inner
        if taken:
            kept.append(line)
    return b"".join(kept)
