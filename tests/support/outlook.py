"""Mails as Outlook saves them: a compound file ([MS-CFB]) with the streams of [MS-OXMSG], as small as can be."""

import struct
from dataclasses import dataclass, field

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_PROPERTIES = "__properties_version1.0"


@dataclass
class Saved:
    """One mail: files by name, mails inside."""

    subject: str
    body: str
    sender: str = "wang@company.example"
    files: dict[str, bytes] = field(default_factory=dict)
    inside: tuple["Saved", ...] = ()
    wide: bool = True  # texts in UTF-16; else in the code page 936


Tree = dict[str, "bytes | Tree"]


def msg(mail: Saved) -> bytes:
    """Bytes of the .msg file."""
    return compound(_streams(mail, 32))


def _streams(mail: Saved, head: int) -> Tree:
    codepage = struct.pack("<HHIq", 0x0003, 0x3FFD, 6, 936)
    sent = struct.pack("<HHIq", 0x0040, 0x0039, 6, 134071632000000000)  # 9 November 2025, about noon
    tree: Tree = {_PROPERTIES: bytes(head) + codepage + sent}
    for number, text in (("0037", mail.subject), ("1000", mail.body), ("0C1A", "王伟"), ("5D01", mail.sender)):
        tree |= _text(number, text, wide=mail.wide)
    parts: list[Tree] = []
    for name, data in mail.files.items():
        parts.append({_PROPERTIES: bytes(8), **_text("3707", name, wide=mail.wide), "__substg1.0_37010102": data})
    for inner in mail.inside:
        parts.append({_PROPERTIES: bytes(8), "__substg1.0_3701000D": _streams(inner, 24)})
    return tree | {f"__attach_version1.0_#{number:08X}": part for number, part in enumerate(parts)}


def _text(number: str, text: str, *, wide: bool) -> Tree:
    kind, codec = ("001F", "utf-16-le") if wide else ("001E", "gb18030")
    return {f"__substg1.0_{number}{kind}": text.encode(codec)}


@dataclass
class _Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    data: bytes = b""
    child: int = _FREE
    right: int = _FREE
    start: int = _END


def compound(tree: Tree) -> bytes:
    """A compound file of version 3; siblings hang in one line instead of a balanced tree, which readers accept."""
    entries = [_Entry("Root Entry", 5)]
    _enter(entries, 0, tree)
    sectors: list[bytes] = []
    chain: list[int] = []

    def put(data: bytes) -> int:
        pieces = [data[at : at + _SECTOR].ljust(_SECTOR, b"\0") for at in range(0, len(data), _SECTOR)]
        first = len(sectors)
        sectors.extend(pieces)
        chain.extend([*range(first + 1, first + len(pieces)), _END] if pieces else [])
        return first if pieces else _END

    mini, mini_chain = b"", list[int]()
    for entry in entries[1:]:
        if entry.kind != 2 or not entry.data:
            continue
        if len(entry.data) >= _CUTOFF:
            entry.start = put(entry.data)
            continue
        entry.start, count = len(mini) // _MINI, -(-len(entry.data) // _MINI)
        mini += entry.data.ljust(count * _MINI, b"\0")
        mini_chain += [*range(entry.start + 1, entry.start + count), _END]
    entries[0].data, entries[0].start = mini, put(mini)
    mini_fat = put(struct.pack(f"<{len(mini_chain)}I", *mini_chain).ljust(-(-len(mini_chain) // 128) * 512, b"\xff"))
    directory = put(b"".join(_packed(entry) for entry in entries).ljust(-(-len(entries) // 4) * _SECTOR, b"\0"))
    fats = next(n for n in range(1, 110) if (len(sectors) + n) * 4 <= n * _SECTOR)
    table = chain + [_FAT] * fats
    table += [_FREE] * (fats * 128 - len(table))
    places = [len(sectors) + n for n in range(fats)] + [_FREE] * (109 - fats)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<8I", fats, directory, 0, _CUTOFF, mini_fat, -(-len(mini_chain) // 128), _END, 0)
    return head + struct.pack("<109I", *places) + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _enter(entries: list[_Entry], parent: int, tree: Tree) -> None:
    last = None
    for name in sorted(tree, key=lambda n: (len(n), n.upper())):
        value, at = tree[name], len(entries)
        entries.append(_Entry(name, 2, value) if isinstance(value, bytes) else _Entry(name, 1))
        if last is None:
            entries[parent].child = at
        else:
            entries[last].right = at
        last = at
        if not isinstance(value, bytes):
            _enter(entries, at, value)


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", _FREE, entry.right, entry.child)
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBB", len(name), entry.kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", entry.start & 0xFFFFFFFF, len(entry.data))
    )
