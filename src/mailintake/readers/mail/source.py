"""The raw mail on disk: hashed once, its possible delimiter lines found in the same pass, then read by ranges."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

CHUNK = 1 << 18
_STRETCH = 1 << 12  # looked through for a delimiter behind a hyphen that is none
_STORED = re.compile(r"[0-9a-f]{64}")
_LONGEST_DELIMITER = 1000
_MOST_DELIMITERS = 50_000


class Delimiter(NamedTuple):
    """A line that begins with two hyphens: its start, the start of the next line, its text behind the hyphens."""

    start: int
    after: int
    text: bytes


class Source:
    """A file of at most `limit` bytes looked at; what lies behind is counted in `size` and never read."""

    def __init__(self, path: Path, limit: int) -> None:
        self._file = path.open("rb")
        self.size = os.fstat(self._file.fileno()).st_size
        self.end = min(self.size, limit)
        self.delimiters: list[Delimiter] = []
        self.overflow = False  # more delimiter lines than any mail has
        stored = _STORED.fullmatch(path.name)  # the store and we ourselves call bytes by their hash
        self.sha256 = self._scan(None if stored else hashlib.sha256()) or path.name

    def __enter__(self) -> "Source":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def read(self, start: int, end: int) -> bytes:
        """The bytes of that range (at most up to the end of what may be read)."""
        return os.pread(self._file.fileno(), max(0, min(end, self.end) - start), start)

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """The same range in pieces."""
        for at in range(start, min(end, self.end), CHUNK):
            yield self.read(at, min(at + CHUNK, end))

    def digest(self, start: int, end: int) -> str:
        """sha256 of a range."""
        hasher = hashlib.sha256()
        for chunk in self.chunks(start, end):
            hasher.update(chunk)
        return hasher.hexdigest()

    def after_blank_line(self, start: int, end: int) -> int:
        """Where the line after the first empty one begins, or `end`."""
        tail, at = b"", start
        for chunk in self.chunks(start, end):
            window = tail + chunk
            places = [window.find(gap) + len(gap) for gap in (b"\n\n", b"\n\r\n") if gap in window]
            if places:
                return at - len(tail) + min(places)
            at, tail = at + len(chunk), window[-2:]
        return end

    def _scan(self, hasher: Any) -> str:
        carry, at = b"\n", -1
        while chunk := self._file.read(CHUNK):
            if hasher:
                hasher.update(chunk)
            window = carry + chunk
            kept = self._collect(window, at, last=False)
            carry, at = window[kept:], at + kept
        self._collect(carry + b"\n", at, last=True)
        return str(hasher.hexdigest()) if hasher else ""

    def _collect(self, window: bytes, base: int, *, last: bool) -> int:
        """Note the delimiter lines that are complete in the window; answer from where it must be looked at again."""
        mark = _delimiter(window, 0)
        while mark >= 0:
            line_end = window.find(b"\n", mark + 3, mark + 3 + _LONGEST_DELIMITER)
            if line_end < 0:
                if not last and len(window) - mark < 3 + _LONGEST_DELIMITER:
                    return mark
                line_end = mark + 2
            else:
                self._note(base + mark + 1, base + line_end + 1, window[mark + 3 : line_end])
            mark = _delimiter(window, line_end)
        return max(len(window) - 2, 0)

    def _note(self, start: int, after: int, text: bytes) -> None:
        if after > self.end + 1 or self.overflow:
            return
        self.delimiters.append(Delimiter(start, min(after, self.end), text.rstrip(b" \t\r")))
        self.overflow = len(self.delimiters) >= _MOST_DELIMITERS


def _delimiter(window: bytes, at: int) -> int:
    """Where the next line break with two hyphens is, -1: nowhere. Base64 has no hyphen, and one character is found ten
    times as fast as three."""
    while (hyphen := window.find(b"-", at)) >= 0:
        mark = window.find(b"\n--", max(at, hyphen - 1), hyphen + _STRETCH)
        if mark >= 0:
            return mark
        at = hyphen + _STRETCH - 2
    return -1
