"""Mails in pieces, put together when the last piece has come. Until then a piece is a cover without a letter."""

from dataclasses import replace
from pathlib import Path

from mailintake.model.message import InboundMessage
from mailintake.readers.mail.partial import Piece, piece_of, whole, without_content
from mailintake.readers.port import MessageReading
from mailintake.worker.shells import Shells


def put_together(shells: Shells, reading: MessageReading, folder: Path) -> MessageReading:
    """The reading of the whole mail where this is its last missing piece, under the identity and the subject of the
    piece; of another piece its cover; of a whole mail itself. Files are written into `folder`."""
    piece = piece_of(reading.message)
    if piece is None:
        return reading
    pieces = [(piece, shells.store.files.path(reading.message.sha256)), *_others(shells, reading.message, piece)]
    joined = folder / ".whole"
    if not whole(pieces, joined):
        return MessageReading(without_content(reading.message), {})
    try:
        made = shells.readers.message(joined, folder)
    finally:
        joined.unlink(missing_ok=True)
    outer = reading.message
    same = replace(
        made.message, sha256=outer.sha256, size=outer.size, subject=outer.subject, message_id=outer.message_id
    )
    return MessageReading(same, made.facts)


def _others(shells: Shells, message: InboundMessage, piece: Piece) -> list[tuple[Piece, Path]]:
    """Pieces of the same mail from the same sender that came before."""
    found = []
    for known in shells.store.pieces(message.sender.addr.lower() if message.sender else ""):
        other = piece_of(known) if known.sha256 != message.sha256 and known.sender == message.sender else None
        if other is not None and other.id == piece.id and shells.store.files.exists(known.sha256):
            found.append((other, shells.store.files.path(known.sha256)))
    return found
