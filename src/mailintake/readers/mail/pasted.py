"""Files inside the text of a mail: pictures as data: URIs in HTML (RFC 2397), uuencoded files in plain text. They are
taken out before the text is read, however large they are, so that nothing behind them is lost."""

import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_URI = re.compile(rb"data:image/([a-z0-9.+-]{1,20})((?:;[a-z0-9=_-]{1,40}){0,4});base64,", re.IGNORECASE)
_DATA = re.compile(rb"[A-Za-z0-9+/=%\r\n\t ]+")
_LONGEST_HEAD = 200  # bytes of a URI before its data
_BEGIN = re.compile(rb"begin [0-7]{3,4} ([^\r\n]{1,200})$")
_END = b"end"
_MOST = 50


class Found(NamedTuple):
    """A file that stood in the text; `name` is empty where the text gave it none."""

    name: str
    suffix: str
    data: bytes


class Extraction:
    """Passes text on without the files in it; `files` holds them when the last piece has gone through. `limit`: bytes
    that all of them together may take; what does not fit is dropped like the rest of a text that is too long."""

    def __init__(self, limit: int) -> None:
        self.files: list[Found] = []
        self.left = limit

    def html(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Markup without the data of its pictures."""
        carry, kind, held = b"", b"", bytearray()
        for piece in pieces:
            carry += piece
            while carry:
                if kind:
                    data = _DATA.match(carry)
                    cut = data.end() if data else 0
                    held += carry[:cut] if len(held) <= self.left * 2 else b""
                    carry = carry[cut:]
                    if not carry:
                        break
                    self._picture(kind, bytes(held))
                    kind = b""
                found = _URI.search(carry)
                if found is None:
                    keep = max(0, len(carry) - _LONGEST_HEAD)
                    yield carry[:keep]
                    carry = carry[keep:]
                    break
                yield carry[: found.start()]
                kind, held, carry = found[1], bytearray(), carry[found.end() :]
        if kind:
            self._picture(kind, bytes(held))
        yield carry

    def plain(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Text without uuencoded blocks. A line that only looks like the begin of one stays."""
        begun: bytes | None = None
        block: list[bytes] = []
        for line in _lines(pieces):
            bare = line.rstrip(b"\r\n")
            if begun is None and _BEGIN.match(bare):
                begun, block = line, []
            elif begun is None:
                yield line
            elif bare == _END:
                self._uuencoded(begun, block)
                begun = None
            elif not bare or _is_encoded(bare):
                block.append(bare)
            else:
                yield begun + b"\n".join(block) + line
                begun = None
        if begun is not None:
            yield begun + b"\n".join(block)

    def _picture(self, kind: bytes, data: bytes) -> None:
        bare = data.replace(b"%2B", b"+").replace(b"%2F", b"/").replace(b"%3D", b"=").translate(None, b"\r\n\t %")
        whole = bare.rstrip(b"=")
        try:
            decoded = binascii.a2b_base64(whole[: len(whole) - (len(whole) % 4 == 1)] + b"=" * (-len(whole) % 4))
        except binascii.Error:
            return
        suffix = kind.decode("ascii").lower().partition("+")[0]
        if suffix == "svg":  # icons of a signature
            return
        self._keep(Found("", {"jpeg": "jpg", "pjpeg": "jpg", "tiff": "tif"}.get(suffix, suffix), decoded))

    def _uuencoded(self, begun: bytes, block: list[bytes]) -> None:
        decoded = b"".join(_decoded(line) for line in block if line)
        found = _BEGIN.match(begun.rstrip(b"\r\n"))
        raw = found[1] if found else b""
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
        self._keep(Found(name.strip(), "", decoded))

    def _keep(self, found: Found) -> None:
        self.left -= len(found.data)
        if found.data and self.left >= 0 and len(self.files) < _MOST:
            self.files.append(found)


def _is_encoded(line: bytes) -> bool:
    """A uuencoded line says its own length in its first character."""
    count = (line[0] - 32) & 63
    needed = (count + 2) // 3 * 4
    return 32 <= line[0] <= 96 and needed - 4 <= len(line) - 1 <= needed + 2


def _decoded(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        needed = ((line[0] - 32) & 63) * 4 // 3 + 5
        try:
            return binascii.a2b_uu(line[:needed])
        except binascii.Error:
            return b""


def _lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    carry = b""
    for piece in pieces:
        *whole, carry = (carry + piece).splitlines(keepends=True) or [b""]
        if carry.endswith(b"\n"):
            whole, carry = [*whole, carry], b""
        yield from whole
    if carry:
        yield carry
