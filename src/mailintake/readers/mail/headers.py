"""A header block (RFC 5322 section 2.2) as fields of raw bytes: cut, cleaned of junk lines, unfolded."""

from typing import NamedTuple

from mailintake.readers.mail.encoded_words import HeaderText, decode_header

_PRINTABLE = bytes(range(33, 127))
_BOM = b"\xef\xbb\xbf"


class HeaderField(NamedTuple):
    """One header field: lower-case name, unfolded value (blanks of the fold kept), value as it stood."""

    name: str
    value: bytes
    folded: bytes

    @property
    def decoded(self) -> HeaderText:
        """The value as clean text."""
        return decode_header(self.value)


class HeaderBlock(NamedTuple):
    """The fields, in order, and where in the given bytes the body begins."""

    fields: tuple[HeaderField, ...]
    body: int

    def first(self, name: str) -> bytes:
        """Unfolded bytes of the first field of that name (lower case); empty when there is none."""
        return next((field.value for field in self.fields if field.name == name), b"")

    def first_text(self, name: str) -> str:
        """Clean text of the first field of that name (lower case); empty when there is none."""
        return decode_header(self.first(name)).text

    def all(self, name: str) -> tuple[HeaderField, ...]:
        """Every field of that name (lower case)."""
        return tuple(field for field in self.fields if field.name == name)


def parse_headers(data: bytes, *, root: bool) -> HeaderBlock:
    """The header block at the start of `data`.

    A byte order mark, an mbox line and lines without a colon are passed over while fields follow; otherwise the first
    line that is no field begins the body. `root` tells a whole mail from a part: only there may junk precede fields.
    """
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    lines = _lines(data, _start(data) if root else 0)
    last_field = max((at for at, (_, line) in enumerate(lines) if _is_field(line, root=root)), default=-1)
    collected: list[list[bytes]] = []
    for at, (offset, line) in enumerate(lines):
        if not line.strip(b"\r\n"):
            return HeaderBlock(_fields(collected), offset + len(line))
        if line[:1] in (b" ", b"\t") and collected:
            collected[-1].append(line)
        elif _is_field(line, root=True):
            collected.append([line])
        elif at > last_field:
            return HeaderBlock(_fields(collected), offset)
    return HeaderBlock(_fields(collected), len(data))


def _start(data: bytes) -> int:
    """Where the fields of a whole mail begin: after a byte order mark and empty lines, if fields follow these."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    while data[start : start + 1] in (b"\r", b"\n"):
        start += 1
    end = data.find(b"\n", start)
    return start if _is_field(data[start : end if end >= 0 else len(data)], root=True) else 0


def _lines(data: bytes, start: int) -> list[tuple[int, bytes]]:
    """Offset and bytes of every line up to and with the first empty one."""
    lines: list[tuple[int, bytes]] = []
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        lines.append((start, data[start:end]))
        if not data[start:end].strip(b"\r\n"):
            break
        start = end
    return lines


def _is_field(line: bytes, *, root: bool) -> bool:
    name, colon, _ = line.partition(b":")
    name = name.rstrip(b" \t")
    if not colon or not name or name.translate(None, _PRINTABLE):
        return False
    return root or name.lower().startswith(b"content-")


def _fields(collected: list[list[bytes]]) -> tuple[HeaderField, ...]:
    fields = []
    for lines in collected:
        name, _, _ = lines[0].partition(b":")
        folded = b"".join(lines).partition(b":")[2]
        value = b"".join(line.strip(b"\r\n") for line in lines).partition(b":")[2].replace(b"\t", b" ").strip()
        fields.append(HeaderField(name.strip().decode("ascii").lower(), value, folded))
    return tuple(fields)
