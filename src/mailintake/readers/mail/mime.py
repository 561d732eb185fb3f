"""The tree of parts (RFC 2046) by one walk over the delimiter lines: byte offsets only, nothing decoded.

Parts are numbered as IMAP does: a part of a message in part 2 is 2.1.
"""

from dataclasses import dataclass, field
from functools import cached_property

from mailintake.model.message import Note
from mailintake.readers.mail.headers import HeaderBlock, parse_headers
from mailintake.readers.mail.parameters import ContentField, parse_content
from mailintake.readers.mail.source import Delimiter, Source
from mailintake.readers.port import Limits

_PLAIN, _MESSAGES = "text/plain", frozenset(["message/rfc822", "message/global", "message/news"])
_IDENTITY = frozenset(["", "7bit", "8bit", "binary"])
_HEADER_SHARE = 4  # the headers of all parts together may be that many times the limit of one block
_LOOK_AHEAD = 50
_USUAL_BLOCK = 8192


@dataclass
class Budget:
    """What is left of one mail's allowance, over all mails inside it."""

    limits: Limits
    parts: int
    header_bytes: int
    decoded_bytes: int
    notes: dict[Note, None] = field(default_factory=dict)

    @classmethod
    def of(cls, limits: Limits) -> "Budget":
        """The allowance of a whole mail."""
        return cls(limits, limits.parts, limits.header_bytes * _HEADER_SHARE, limits.message_bytes * 2)

    def note(self, note: Note) -> None:
        """Remember what was unusual, once."""
        self.notes[note] = None


@dataclass
class Part:
    """One entity: its headers, the range of its body (`end` without the line break before the delimiter)."""

    source: Source
    number: str
    headers: HeaderBlock
    type: ContentField
    start: int
    body: int
    end: int
    depth: int
    declared: str  # the media type as the header says, also where the body could not be cut by it
    children: list["Part"] = field(default_factory=list)

    @property
    def encoding(self) -> str:
        """Content-Transfer-Encoding in lower case."""
        raw = self.headers.first("content-transfer-encoding").decode("ascii", "replace")
        return raw.partition(";")[0].strip().strip('"').lower()

    @cached_property
    def disposition(self) -> ContentField:
        """Content-Disposition, its token empty when absent."""
        return parse_content(self.headers.first("content-disposition"))

    @property
    def is_multipart(self) -> bool:
        """Whether the body was cut at delimiters."""
        return self.type.token.startswith("multipart/")

    @property
    def is_message(self) -> bool:
        """Whether the body is another mail."""
        return self.type.token in _MESSAGES


def walk(source: Source, budget: Budget, number: str = "", depth: int = 0) -> Part:
    """The tree of one mail. `number` is the part it sits in (empty for the mail itself)."""
    return _Walk(source, budget, number, depth).run()


class _Walk:
    def __init__(self, source: Source, budget: Budget, number: str, depth: int) -> None:
        self.source, self.budget, self.number, self.depth = source, budget, number, depth
        self.at = 0  # next delimiter line
        self.open: list[tuple[Part, bytes]] = []  # open entities, outermost first; boundary of multiparts
        self.last_use = {line.text: at for at, line in enumerate(source.delimiters)}

    def run(self) -> Part:
        root = self._enter(0, self.number, self.depth, message=True)
        while self.at < len(self.source.delimiters):
            line = self.source.delimiters[self.at]
            self.at += 1
            level, closing = self._match(line)
            if level < 0 or line.start < self.open[-1][0].body:
                continue
            self._close(level + 1, line.start)
            if closing:
                continue
            if self.budget.parts <= 0:
                self.budget.note(Note.PARTS_LIMIT)
                break
            parent = self.open[level][0]
            prefix = f"{parent.number}." if parent.number else ""
            number = f"{prefix}{len(parent.children) + 1}"
            parent.children.append(self._enter(line.after, number, parent.depth + 1, message=False))
        root_boundary = self.open[0][1]
        if root_boundary and root_boundary + b"--" not in self.last_use:
            self.budget.note(Note.BOUNDARY_MISSING)
        self._close(0, None)
        return root

    def _match(self, line: Delimiter) -> tuple[int, bool]:
        """Index of the innermost open multipart that this line belongs to (-1: none), and whether it closes it."""
        for level in range(len(self.open) - 1, -1, -1):
            boundary = self.open[level][1]
            if boundary and line.text.startswith(boundary):
                rest = line.text[len(boundary) :]
                if rest in (b"", b"--"):
                    return level, rest == b"--"
        return -1, False

    def _close(self, keep: int, delimiter: int | None) -> None:
        """End every open entity from index `keep` on; the line break before the delimiter belongs to the delimiter."""
        end = self.source.end
        if delimiter is not None:
            before = self.source.read(max(delimiter - 2, 0), delimiter)
            end = delimiter - (2 if before == b"\r\n" else int(before.endswith(b"\n")))
        for part, _ in self.open[keep:]:
            part.end = max(end, part.body)
        del self.open[keep:]

    def _enter(self, start: int, number: str, depth: int, *, message: bool) -> Part:
        """Read one header block and open what it announces, the message inside included."""
        part = self._part(start, number, depth, message=message)
        self.budget.parts -= 1
        if part.is_multipart:
            self._enter_multipart(part)
            return part
        self.open.append((part, b""))
        if part.is_message and part.encoding in _IDENTITY:
            if depth >= self.budget.limits.depth:
                self.budget.note(Note.DEPTH_LIMIT)
            elif self.budget.parts > 0:
                part.children.append(self._enter(part.body, part.number, depth + 1, message=True))
        return part

    def _part(self, start: int, number: str, depth: int, *, message: bool) -> Part:
        cap = max(0, min(self.budget.limits.header_bytes, self.budget.header_bytes))
        block = self._block(start, cap)
        if len(block) > cap:
            self.budget.note(Note.HEADER_LIMIT)
            headers = parse_headers(block[:cap], root=message)
            body = self.source.after_blank_line(start, self.source.end)
        else:
            headers = parse_headers(block, root=message)
            body = start + headers.body
        self.budget.header_bytes -= min(len(block), cap)
        type_ = self._type(headers)
        if message and not type_.token.startswith("multipart/"):
            number = f"{number}.1" if number else "1"
        return Part(self.source, number, headers, type_, start, body, self.source.end, depth, type_.token)

    def _block(self, start: int, cap: int) -> bytes:
        """The bytes up to and with the first empty line, up to the next delimiter, or one more than `cap`."""
        block = self.source.read(start, start + min(_USUAL_BLOCK, cap + 1))
        end = _block_end(block)
        if end < 0:
            block = self.source.read(start, start + cap + 1)
            end = _block_end(block)
        end = len(block) if end < 0 else end
        for line in self.source.delimiters[self.at :]:
            if line.start >= start + end:
                break
            if self._match(line)[0] >= 0:
                return block[: max(0, line.start - start)]
        return block[:end]

    def _type(self, headers: HeaderBlock) -> ContentField:
        found = parse_content(headers.first("content-type"))
        main, slash, sub = found.token.partition("/")
        in_digest = bool(self.open) and self.open[-1][0].type.token == "multipart/digest"
        default = "message/rfc822" if in_digest and not found.token else _PLAIN
        well_formed = slash and main.strip() and sub.strip() and found.token.isascii()
        return found._replace(token=f"{main.strip()}/{sub.strip().partition(' ')[0]}" if well_formed else default)

    def _enter_multipart(self, part: Part) -> None:
        boundary = part.type.plain("boundary").strip().encode("utf-8", "replace")
        if self.last_use.get(boundary, -1) < self.at or not boundary:
            self.budget.note(Note.BOUNDARY_MISSING)
            boundary = self._guessed_boundary()
        if not boundary:
            part.type = ContentField(_PLAIN, ())
        elif part.depth >= self.budget.limits.depth:
            self.budget.note(Note.DEPTH_LIMIT)
            part.type, boundary = ContentField("application/octet-stream", ()), b""
        self.open.append((part, boundary))

    def _guessed_boundary(self) -> bytes:
        """The first line ahead that looks like a delimiter of ours: Content- fields follow it."""
        for line in self.source.delimiters[self.at : self.at + _LOOK_AHEAD]:
            if self._match(line)[0] >= 0:
                break
            if line.text and self.source.read(line.after, line.after + 8).lower() == b"content-":
                return line.text
        return b""


def _block_end(block: bytes) -> int:
    """Length of the block up to and with its empty line, empty lines at the very start passed over; -1: none."""
    begin = len(block) - len(block.lstrip(b"\r\n"))
    ends = [at + len(gap) for gap in (b"\n\n", b"\n\r\n", b"\r\r") if (at := block.find(gap, begin)) >= 0]
    return min(ends, default=-1)
