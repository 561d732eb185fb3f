"""Header text: RFC 2047 encoded words joined as bytes before decoding, raw 8-bit text, and what real mailers write."""

import binascii
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from mailintake.model.message import Note
from mailintake.readers.mail.charset import clean_line, codec_for, decode, guess

_LONGEST_CHARSET = 64
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))


class HeaderText(NamedTuple):
    """A decoded header value and what was unusual about its bytes."""

    text: str
    notes: frozenset[Note] = frozenset()


class _Piece(NamedTuple):
    """An encoded word, or (encoding empty) raw bytes."""

    encoding: bytes
    charset: str
    text: bytes


def decode_header(raw: bytes) -> HeaderText:
    """One line of clean text from an unfolded header value. Linear in its length; never raises."""
    if raw.isascii() and b"=?" not in raw:
        return HeaderText(clean_line(raw.decode("ascii")))
    notes: set[Note] = set()
    text = "".join(_texts(list(_pieces(raw)), notes))
    return HeaderText(clean_line(text), frozenset(notes))


def decode_raw(raw: bytes) -> str:
    """Unencoded header bytes: UTF-8 strictly, then GB 18030 (with U+FFFD where neither fits)."""
    return raw.decode("ascii") if raw.isascii() else guess(raw)


def _texts(pieces: list[_Piece], notes: set[Note]) -> Iterator[str]:
    """Text of each run: words of one charset together, blanks between two words dropped (RFC 2047 section 6.2)."""
    last = len(pieces) - 1
    kept = [
        piece
        for at, piece in enumerate(pieces)
        if piece.encoding
        or piece.text.strip(b" \t\r\n")
        or not (0 < at < last and pieces[at - 1].encoding and pieces[at + 1].encoding)
    ]
    for (is_word, _), run in groupby(kept, key=_kind):
        if is_word:
            words = list(run)
            text, guessed = decode(_word_bytes(words), words[0].charset)
            notes.update({Note.CHARSET_GUESSED} if guessed else ())
            yield text
        else:
            raw = b"".join(piece.text for piece in run)
            notes.update(() if raw.isascii() else {Note.RAW_8BIT_HEADER})
            yield decode_raw(raw)


def _kind(piece: _Piece) -> tuple[bool, str]:
    return bool(piece.encoding), (codec_for(piece.charset) or piece.charset) if piece.encoding else ""


def _pieces(raw: bytes) -> Iterator[_Piece]:
    start = 0
    while (mark := raw.find(b"=?", start)) >= 0:
        found = _word_at(raw, mark)
        if found is None:
            yield _Piece(b"", "", raw[start : mark + 2])
            start = mark + 2
            continue
        if mark > start:
            yield _Piece(b"", "", raw[start:mark])
        word, start = found
        yield word
    if start < len(raw):
        yield _Piece(b"", "", raw[start:])


def _word_at(raw: bytes, mark: int) -> tuple[_Piece, int] | None:
    """The encoded word that begins at `mark` and the place after it. A missing end is taken at the next word,
    blank or quotation mark."""
    charset_end = raw.find(b"?", mark + 2, mark + 2 + _LONGEST_CHARSET)
    encoding = raw[charset_end + 1 : charset_end + 2].upper()
    if charset_end < 0 or encoding not in (b"B", b"Q") or raw[charset_end + 2 : charset_end + 3] != b"?":
        return None
    begin = charset_end + 3
    end, after = raw.find(b"?=", begin), 2
    next_word = raw.find(b"=?", begin, end if end >= 0 else len(raw))
    if end < 0 or (next_word >= 0 and encoding == b"B"):
        stops = [raw.find(stop, begin) for stop in (b"=?", b" ", b'"')]
        end, after = min((stop for stop in stops if stop >= 0), default=len(raw)), 0
    charset = raw[mark + 2 : charset_end].partition(b"*")[0].decode("ascii", "replace")
    return _Piece(encoding, charset, raw[begin:end].rstrip(b"?" if not after else b"")), end + after


def _word_bytes(words: list[_Piece]) -> bytes:
    """Bytes of neighbouring words; base64 that a mailer cut at a place which is no multiple of four is joined first."""
    out, pending = bytearray(), b""
    for word in words:
        if word.encoding == b"Q":
            out += _base64(pending) + binascii.a2b_qp(word.text, header=True)
            pending = b""
            continue
        pending += word.text.translate(None, b" \t\r\n")
        if pending.endswith(b"=") or len(pending) % 4 == 0:
            out += _base64(pending)
            pending = b""
    return bytes(out + _base64(pending))


def _base64(text: bytes) -> bytes:
    clean = text.translate(None, _NOT_BASE64)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
