"""Lines of a body with what hangs on them, the common form of plain text and HTML; plain text to lines."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from mailintake.readers.mail.charset import clean_text
from mailintake.readers.mail.parameters import ContentField

MOST_LINES = 20_000
_NBSP = "\xa0"


class Zone(StrEnum):
    """Whose words a line holds."""

    NEW = "new"
    QUOTED = "quoted"
    SIGNATURE = "signature"


class Link(NamedTuple):
    """A hyperlink, or an element that carries one: its target, its words, other attributes that describe a file."""

    target: str
    words: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


class Line(NamedTuple):
    """One line of text, its zone as the markup tells it, pictures (Content-IDs) and links in it."""

    text: str
    zone: Zone = Zone.NEW
    images: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


def plain_lines(text: str, type_: ContentField) -> list[Line]:
    """Lines of a text/plain body; RFC 3676 flowed lines are joined, QQ's literal &nbsp; becomes a blank."""
    rows = clean_text(text).replace("&nbsp;", " ").replace(_NBSP, " ").split("\n")[:MOST_LINES]
    if type_.plain("format").lower() == "flowed":
        rows = _unflowed(rows, delete_blank=type_.plain("delsp").lower() == "yes")
    return [Line(row.rstrip()) for row in rows]


def joined(lines: list[Line]) -> str:
    """Their text, blank lines at the ends removed and never two blank ones in a row."""
    kept: list[str] = []
    for line in lines:
        text = line.text.strip()
        if text or (kept and kept[-1]):
            kept.append(text)
    return "\n".join(kept).strip("\n")


def _unflowed(rows: list[str], *, delete_blank: bool) -> list[str]:
    out: list[str] = []
    open_row: list[str] = []
    for row in rows:
        soft = row.endswith(" ") and row != "-- " and not row.startswith(">")
        open_row.append(row[:-1] if soft and delete_blank else row)
        if not soft:
            out.append("".join(open_row))
            open_row = []
    return [*out, "".join(open_row)] if open_row else out


def folded(text: str) -> str:
    """In lower case without blanks, as words and lines are compared."""
    return "".join(text.lower().split())


@lru_cache(maxsize=64)
def all_folded(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same of each: word lists stay the same from mail to mail."""
    return tuple(folded(word) for word in words)
