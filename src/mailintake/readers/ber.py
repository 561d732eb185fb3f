"""A small reader of BER (X.690): enough to find what a signed message holds and who a seal belongs to. Nothing is
verified; lengths are believed only as far as there are bytes."""

from collections.abc import Iterator

from mailintake.model.value import value

SEQUENCE, SET, OCTET_STRING, OBJECT_ID, UTF8_STRING, INTEGER = 0x30, 0x31, 0x04, 0x06, 0x0C, 0x02
_CONSTRUCTED, _CLASS_AND_FORM, _LONG_TAG = 0x20, 0xE0, 0x1F
_DEEPEST, _MOST_NODES = 40, 20_000


class BerFault(ValueError):
    """Not BER, or cut off."""


@value
class Node:
    """One value: its first octet, and where its content begins and ends."""

    tag: int
    begin: int
    end: int

    @property
    def constructed(self) -> bool:
        """It holds further values."""
        return bool(self.tag & _CONSTRUCTED)


class Ber:
    """Values in a piece of memory."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._left = _MOST_NODES

    def root(self) -> Node:
        """The first value. BerFault where there is none."""
        return self._node(0, len(self.data), 0)[0]

    def children(self, node: Node) -> tuple[Node, ...]:
        """The values inside a constructed one."""
        return tuple(self._inside(node.begin, node.end, 0)) if node.constructed else ()

    def content(self, node: Node) -> bytes:
        """The bytes of a value; of a string in pieces all of them in order (8.7.3)."""
        if not node.constructed:
            return self.data[node.begin : node.end]
        return b"".join(self.content(child) for child in self.children(node))

    def walk(self, node: Node, depth: int = 0) -> Iterator[Node]:
        """The value and everything in it, in order."""
        yield node
        if depth < _DEEPEST:
            for child in self.children(node):
                yield from self.walk(child, depth + 1)

    def _inside(self, at: int, end: int, depth: int) -> Iterator[Node]:
        while at < end:
            node, at = self._node(at, end, depth)
            yield node

    def _node(self, at: int, end: int, depth: int) -> tuple[Node, int]:
        """The value at a place, and where the next one begins."""
        self._left -= 1
        if at + 2 > end or self._left < 0 or depth > _DEEPEST:
            raise BerFault("cut, too deep or too many values")
        tag = self.data[at]
        if tag & _LONG_TAG == _LONG_TAG:
            raise BerFault("long tag")
        first, at = self.data[at + 1], at + 2
        if first == 0x80:
            return self._indefinite(tag, at, end, depth)
        length = first
        if first > 0x80:
            octets = first & 0x7F
            length = int.from_bytes(self.data[at : at + octets], "big")
            at += octets
        if at + length > end:
            raise BerFault("longer than the data")
        return Node(tag, at, at + length), at + length

    def _indefinite(self, tag: int, at: int, end: int, depth: int) -> tuple[Node, int]:
        """Values up to two zero octets (8.1.3.6)."""
        begin = at
        while self.data[at : at + 2] != b"\0\0":
            _, at = self._node(at, end, depth + 1)
        return Node(tag, begin, at), at + 2
