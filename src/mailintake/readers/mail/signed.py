"""Mails whose whole content lies in one signed or compressed part (S/MIME, RFC 8551 3.5.2 and 3.6): smime.p7m. They
are not encrypted; the content is read and the signature left to others."""

import zlib
from pathlib import Path

from mailintake.readers.ber import OBJECT_ID, OCTET_STRING, SEQUENCE, Ber, BerFault, Node
from mailintake.readers.port import Limits

OPAQUE = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED, _COMPRESSED = "2a864886f70d010702", "2a864886f70d0109100109"  # RFC 5652 5.1, RFC 3274 1.1
_CONTEXT_0 = 0xA0
_HEADER_BYTES = 256 * 1024
_OWN = (b"content-", b"mime-version:")
_DEEPEST = 3


class SealedError(Exception):
    """Encrypted, or no such structure."""


def content_of(data: bytes, limits: Limits) -> bytes:
    """The MIME entity inside; of a signature around a signature the innermost. SealedError where there is none."""
    for _ in range(_DEEPEST):
        inner = _content(data, limits)
        if not _is_opaque(inner):
            return inner
        data = _body(inner)
    raise SealedError("too deep")


def rewritten(raw: Path, entity: bytes) -> bytes:
    """The mail as if it had been sent unsigned: its own header fields, but for those that speak of its content, and the
    entity that was signed."""
    with raw.open("rb") as stream:
        head = _head(stream.read(_HEADER_BYTES))
    kept: list[bytes] = []
    dropped = False
    for line in head.splitlines(keepends=True):
        if not line[:1].isspace():
            dropped = line.lower().startswith(_OWN)
        if not dropped:
            kept.append(line)
    return b"".join(kept) + entity.lstrip(b"\r\n")


def _head(data: bytes) -> bytes:
    ends = [at for at in (data.find(b"\r\n\r\n"), data.find(b"\n\n")) if at >= 0]
    cut = min(ends, default=len(data))
    return data[:cut].rstrip(b"\r\n") + b"\r\n"


def _content(data: bytes, limits: Limits) -> bytes:
    try:
        ber = Ber(data)
        kind, wrapped = _two(ber, ber.root())
        name = ber.content(kind).hex()
        if name == _SIGNED:
            return _encapsulated(ber, wrapped)
        if name == _COMPRESSED:
            return _inflated(_encapsulated(ber, wrapped), limits)
    except (BerFault, IndexError, RecursionError) as fault:
        raise SealedError(str(fault)) from fault
    raise SealedError("encrypted")


def _two(ber: Ber, root: Node) -> tuple[Node, Node]:
    """ContentInfo: what it is, and the structure itself."""
    inside = ber.children(root)
    if root.tag != SEQUENCE or len(inside) < 2 or inside[0].tag != OBJECT_ID:
        raise BerFault("no content info")
    return inside[0], ber.children(inside[1])[0]


def _encapsulated(ber: Ber, structure: Node) -> bytes:
    """EncapsulatedContentInfo (RFC 5652 5.2): the first sequence in it that begins with an object identifier and has
    its content beside it."""
    for part in ber.children(structure):
        inside = ber.children(part) if part.tag == SEQUENCE else ()
        if len(inside) == 2 and inside[0].tag == OBJECT_ID and inside[1].tag == _CONTEXT_0:
            held = ber.children(inside[1])
            if held and held[0].tag & 0x1F == OCTET_STRING:
                return ber.content(held[0])
    raise BerFault("no content: the signature stands beside what it signs")


def _inflated(data: bytes, limits: Limits) -> bytes:
    inflating = zlib.decompressobj()
    try:
        made = inflating.decompress(data, limits.message_bytes)
    except zlib.error as fault:
        raise BerFault(str(fault)) from None
    if inflating.unconsumed_tail:
        raise BerFault("too large")
    return made


def _is_opaque(entity: bytes) -> bool:
    head = _head(entity[:_HEADER_BYTES]).lower()
    return any(kind.encode() in head for kind in OPAQUE) and b"multipart/signed" not in head


def _body(entity: bytes) -> bytes:
    """The decoded body of an entity that is itself such a part."""
    import base64

    head = _head(entity[:_HEADER_BYTES])
    body = entity[len(head) :].strip()
    return base64.b64decode(body, validate=False) if b"base64" in head.lower() else body
