"""HTML made harmless for the parser: one linear pass that leaves only text and short, closed tags."""

_MOST_READ, _MOST_KEPT = 1 << 20, 256_000  # characters; what is kept costs the parser's time
_LONGEST_TAG = 4096
_MOST_EXTENSIONS = 8
_SILENT = frozenset(["script", "style", "title", "xml"])


def tidy(html: str) -> str:
    """The same document without comments, declarations, scripts and styles. Every remaining < begins a closed tag of at
    most 4 KiB (a longer one loses its attributes), so that no pattern of the parser can run long on it."""
    cursor, out, at, size = _Cursor(html[:_MOST_READ]), [], 0, 0
    while size < _MOST_KEPT and (mark := cursor.text.find("<", at)) >= 0:
        kept, after = cursor.construct(mark)
        out += [cursor.text[at:mark], kept]
        size += mark - at + len(kept)
        at = after
    out.append(cursor.text[at:] if size < _MOST_KEPT else "")
    return "".join(out)[: _MOST_KEPT * 2]


class _Cursor:
    def __init__(self, text: str) -> None:
        self.text = text
        lower = text.lower()
        self.lower = lower if len(lower) == len(text) else text
        self.absent: set[str] = set()

    def construct(self, mark: int) -> tuple[str, int]:
        """What to keep of the construct that begins at `mark`, and the place after it."""
        if self.text.startswith("<!--", mark):
            return "", self._after("-->", mark + 4)
        following = self.text[mark + 1 : mark + 2]
        if following in ("!", "?"):
            return "", self._after(">", mark)
        if not (following == "/" or (following.isascii() and following.isalpha())):
            return "&lt;", mark + 1
        end = self._tag_end(mark)
        if end is None:
            return "&lt;", mark + 1
        name = self._name(mark, end)
        if name in _SILENT and self.text[end - 2] != "/":
            return "", self._after(">", self._after(f"</{name}", end))
        return (self.text[mark:end] if end - mark <= _LONGEST_TAG else f"<{name}>"), end

    def _after(self, closer: str, at: int) -> int:
        """The place behind the next `closer`, or the end; once none was found none is looked for again."""
        found = -1 if closer in self.absent else self.lower.find(closer, at)
        if found < 0:
            self.absent.add(closer)
            return len(self.text)
        return found + len(closer)

    def _tag_end(self, mark: int) -> int | None:
        """The place behind the tag's >, one inside quotation marks passed over; None when there is none."""
        first = end = self._after(">", mark)
        if ">" in self.absent:
            return None
        for _ in range(_MOST_EXTENSIONS):
            if end - mark > _LONGEST_TAG or self.text.count('"', mark, end) % 2 == 0:
                return end
            end = self._after(">", end)
            if ">" in self.absent:
                self.absent.discard(">")
                return first
        return first

    def _name(self, mark: int, end: int) -> str:
        at = mark + 1
        while at < end and (self.lower[at].isalnum() or self.lower[at] in "/:-"):
            at += 1
        return self.lower[mark + 1 : at]
