"""Our own reading of an address header (RFC 5322 section 3.4): one linear pass, display names decoded at byte level."""

from dataclasses import dataclass, field

from mailintake.model.message import Address
from mailintake.readers.mail.charset import clean_line
from mailintake.readers.mail.encoded_words import decode_header, decode_raw

_MOST = 2000
_LONGEST_WORD = 1000
_LONGEST_ADDRESS = 254


@dataclass
class _Item:
    """One mailbox while it is being read."""

    outside: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def scan_addresses(raw: bytes) -> tuple[Address, ...]:
    """The mailboxes of an unfolded value. Commas and semicolons part them, group names are dropped, an item with
    two addresses in angle brackets says nothing. Never raises."""
    found = [address for item in _items(decode_raw(raw)) if (address := _address(item))]
    if not found and b"=?" in raw and b"@" not in raw:
        found = [address for item in _items(decode_header(raw).text) if (address := _address(item))]
    return tuple(found)


def _items(text: str) -> list[_Item]:
    items, at = [_Item()], 0
    while at < len(text) and len(items) <= _MOST:
        character = text[at]
        if character in ",;":
            items.append(_Item())
        elif character == ":" and "@" not in items[-1].outside:
            items[-1] = _Item()
        elif character == '"':
            inside, at = _quoted(text, at + 1)
            items[-1].outside.append(inside)
            continue
        elif character in "<(":
            closing, target = (">", items[-1].angles) if character == "<" else (")", items[-1].comments)
            end = text.find(closing, at)
            target.append(text[at + 1 : end if end >= 0 else len(text)])
            at = end if end >= 0 else len(text)
        elif character == "=" and (end := _word_end(text, at)) > at:
            items[-1].outside.append(text[at:end])
            at = end
            continue
        else:
            items[-1].outside.append(character)
        at += 1
    return items


def _quoted(text: str, at: int) -> tuple[str, int]:
    """Inside of a quoted string and the place after it; one that never closes ends before its angle bracket."""
    begin = at
    out: list[str] = []
    while at < len(text):
        if text[at] == '"':
            return "".join(out), at + 1
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        out.append(text[at])
        at += 1
    bracket = text.rfind("<", begin)
    return (text[begin:bracket], bracket) if bracket >= 0 else (text[begin:], len(text))


def _word_end(text: str, at: int) -> int:
    """The place after an encoded word, whose text may hold commas; `at` when there is none."""
    limit = at + _LONGEST_WORD
    if text[at + 1 : at + 2] != "?":
        return at
    first = text.find("?", at + 2, limit)
    second = text.find("?", first + 1, limit) if first >= 0 else -1
    end = text.find("?=", second + 1, limit) if second >= 0 else -1
    return end + 2 if end >= 0 else at


def _address(item: _Item) -> Address | None:
    outside = "".join(item.outside)
    angles = [angle.lstrip("<") for angle in item.angles if "@" in angle]
    if len(angles) > 1:
        return None
    spec = angles[0].rpartition(":")[2] if angles else outside
    name = outside if angles else " ".join(item.comments)
    addr = "".join(clean_line(spec).split()).lower().rstrip(".")
    local, at, domain = addr.rpartition("@")
    if not at or not local or not domain or len(addr) > _LONGEST_ADDRESS or (not angles and " " in spec.strip()):
        return None
    return Address(_name(name), addr)


def _name(text: str) -> str:
    decoded = decode_header(text.encode("utf-8", "replace")).text if "=?" in text else clean_line(text)
    return decoded.strip().strip("'\"").strip()
