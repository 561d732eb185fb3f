"""Content-Transfer-Encoding (RFC 2045 section 6) undone piece by piece, leniently: damage is reported, never raised."""

import binascii
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pybase64

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE64_AND_PAD = _BASE64 + b"="
_NOT_BASE64_NOR_PAD = bytes(set(range(256)) - set(_BASE64_AND_PAD))
_BLANKS = b"\r\n\t \x0b\x0c"
_LINE_END = b"\r\n"
_LONGEST_LINE = 1 << 20


class Decoder:
    """Undoes one encoding; `damaged` tells afterwards whether bytes had to be passed over."""

    def __init__(self, encoding: str) -> None:
        self.damaged = False
        steps: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
            "base64": self._base64,
            "quoted-printable": self._quoted,
            "x-uuencode": self._uuencoded,
            "uuencode": self._uuencoded,
            "x-uue": self._uuencoded,
        }
        self._step = steps.get(encoding, iter)

    def run(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The decoded bytes, in pieces of about the size of the given ones."""
        return self._step(chunks)

    def _base64(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        carry, padded = b"", False
        for chunk in chunks:
            for text in _without_blanks(chunk):
                joined = carry + text
                whole = len(joined) // 4 * 4
                if (plain := _faultless(joined, whole)) is not None:
                    break
            if plain is not None:
                yield plain
                padded, carry = padded or b"=" in text, joined[whole:]
                continue
            if text.translate(None, _BASE64_AND_PAD):
                self.damaged = True
                if padded:
                    return
                chunk, padded = _before_footer(chunk)  # noqa: PLW2901 - the same chunk, cut
                text = chunk.translate(None, _NOT_BASE64_NOR_PAD)
            *closed, carry = (carry + text).split(b"=")
            for segment in closed:
                yield self._last(segment)
            padded = padded or bool(closed)
            whole = len(carry) - len(carry) % 4
            if whole:
                yield binascii.a2b_base64(carry[:whole])
                carry = carry[whole:]
        yield self._last(carry)

    def _last(self, segment: bytes) -> bytes:
        """A segment that padding or the end closes; a single left-over character holds no byte."""
        if len(segment) % 4 == 1:
            self.damaged = True
            segment = segment[:-1]
        return binascii.a2b_base64(segment + b"=" * (-len(segment) % 4))

    def _quoted(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for lines in _whole_lines(chunks):
            yield binascii.a2b_qp(lines)

    def _uuencoded(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        begun = False
        for lines in _whole_lines(chunks):
            for line in lines.split(b"\n"):
                text = line.strip(b"\r")
                if not begun:
                    begun = text.startswith(b"begin ")
                elif text == b"end":
                    return
                elif text:
                    yield self._uu_line(text)

    def _uu_line(self, line: bytes) -> bytes:
        try:
            return binascii.a2b_uu(line)
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:length])
        except binascii.Error:
            self.damaged = True
            return b""


def _without_blanks(chunk: bytes) -> Iterator[bytes]:
    """The characters of a chunk: first as lines of one length and nothing else, which are cut in a third of the time,
    where it looks like that; then every blank taken out wherever it stands."""
    first = chunk.find(b"\n") + 1
    width = chunk.find(b"\n", first) + 1 - first
    if first and width > len(_LINE_END):
        end = first + (len(chunk) - first) // width * width
        lines = np.frombuffer(chunk, np.uint8, end - first, first).reshape(-1, width)
        if (lines[:, -len(_LINE_END) :] == tuple(_LINE_END)).all():
            ends = (chunk[:first].translate(None, _BLANKS), chunk[end:].translate(None, _BLANKS))
            yield ends[0] + lines[:, : -len(_LINE_END)].tobytes() + ends[1]
    yield chunk.translate(None, _BLANKS)


def _faultless(text: bytes, whole: int) -> bytes | None:
    """The first `whole` characters decoded, a multiple of four; None where a character is none of base64, or padding
    stands before the end: those are looked at more closely, and far more slowly."""
    if text[whole:].translate(None, _BASE64):
        return None
    try:
        return pybase64.b64decode(text[:whole], validate=True)
    except binascii.Error:
        return None


def _before_footer(chunk: bytes) -> tuple[bytes, bool]:
    """The chunk up to the padding that closes it, where a line follows that is no base64: some server's footer."""
    pad = chunk.find(b"=")
    rest = chunk[pad:].lstrip(b"=") if pad >= 0 else b""
    line = rest.lstrip(b"\r\n").partition(b"\n")[0].rstrip(b"\r")
    if rest[:1] in (b"\r", b"\n") and line.translate(None, _BASE64_AND_PAD):
        return chunk[: len(chunk) - len(rest)], True
    return chunk, False


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut behind a line end (or, in a line without end, not inside an escape)."""
    carry = b""
    for chunk in chunks:
        carry += chunk
        cut = carry.rfind(b"\n") + 1
        if not cut and len(carry) > _LONGEST_LINE:
            cut = max(len(carry) - 3, 0)
            escape = carry.find(b"=", cut)
            cut = escape if escape >= 0 else len(carry)
        if cut:
            yield carry[:cut]
            carry = carry[cut:]
    if carry:
        yield carry
