"""HTML to lines of text: structure kept, quoted history and signatures told by the elements that mail clients use.

A row of a table is one line, a tab between its cells, whatever paragraphs stand in them; a table that only lays out a
page (one cell in a row, long cells, tables inside) keeps the lines of its cells.
"""

from collections import Counter
from html.parser import HTMLParser

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.charset import clean_text
from mailintake.readers.mail.html_tidy import tidy
from mailintake.readers.mail.text_lines import MOST_LINES, Line, Link, Zone

_BLOCKS = frozenset(
    (
        "address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
        "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
        "section", "table", "tbody", "tfoot", "thead", "tr", "ul",
    )
)  # fmt: skip
_VOID = frozenset(
    (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
        "wbr",
    )
)  # fmt: skip
_CELLS = frozenset(["td", "th"])
_TABLES = frozenset(["table", "thead", "tbody", "tfoot"])
_LONGEST_CELL = 160  # characters; more is running text
_MOST_LINES_IN_CELL = 6
_DEEPEST = 500
_FILE_ATTRIBUTES = ("downloadlink", "filelink", "link", "url", "data-href")
_LONGEST_TARGET = 2000
_MOST_LINKS = 1000


def html_lines(html: str, words: Vocabulary) -> list[Line]:
    """Lines of an HTML body. Never raises; scripts, styles and what a provider injected are left out."""
    parser = _Lines(words)
    parser.feed(tidy(html))
    parser.close()
    return parser.finished()


class _Marks:
    """Which elements begin a zone, by id, class or tag; from the configured word lists."""

    def __init__(self, words: Vocabulary) -> None:
        self.quote = _lower(words.words("mail_quote_elements"))
        self.quote_from_here = _lower(words.words("mail_quote_from_elements"))
        self.signature = _lower(words.words("mail_signature_elements"))
        self.dropped = _lower(words.words("mail_dropped_elements"))

    @staticmethod
    def names(tag: str, attributes: dict[str, str]) -> set[str]:
        """An element's ways of being named: tag, #id, .class, [type=value]."""
        names = {tag}
        names.update(f"#{attributes[key].lower()}" for key in ("id", "name") if attributes.get(key))
        names.update(f".{name}" for name in attributes.get("class", "").lower().split()[:20])
        names.update(f"[{key}={attributes[key].lower()}]" for key in ("type", "title") if attributes.get(key))
        return names


class _Row:
    """A row while it is open: where it and its cells begin among the lines."""

    def __init__(self, depth: int) -> None:
        self.depth = depth  # of tables, so that a table inside a cell is told from its own
        self.cells: list[int] = []
        self.plain = True  # no table inside

    def joined(self, lines: list[Line]) -> list[Line]:
        """The lines of the row as one, or as they are where it is no row of a list."""
        first = self.cells[0]
        ends = [*self.cells[1:], len(lines)]
        cells = [lines[start:end] for start, end in zip(self.cells, ends, strict=True)]
        texts = [" ".join(line.text for line in cell if line.text).strip() for cell in cells]
        short = all(len(text) <= _LONGEST_CELL for text in texts) and all(
            sum(bool(line.text) for line in cell) <= _MOST_LINES_IN_CELL for cell in cells
        )
        together = [line for cell in cells for line in cell]
        if len(cells) < 2 or not self.plain or not short or len({line.zone for line in together}) != 1:
            return lines[first:]
        images = tuple(image for line in together for image in line.images)
        links = tuple(link for line in together for link in line.links)
        return [Line("\t".join(texts).rstrip("\t"), together[0].zone, images, links)]


class _Lines(HTMLParser):
    def __init__(self, words: Vocabulary) -> None:
        super().__init__(convert_charrefs=True)
        self.marks = _Marks(words)
        self.lines: list[Line] = []
        self.open: list[tuple[str, Zone | None]] = []  # elements; the zone that one begins
        self.dropping = 0  # depth of the stack at which the dropped element stands; 0: none
        self.rest_quoted = False
        self.words_now: list[str] = []
        self.images: list[str] = []
        self.links: list[Link] = []
        self.anchor: tuple[int, int] | None = None  # its link, its first word
        self.counts: Counter[str] = Counter()  # open elements by tag
        self.preformatted = 0
        self.rows: list[_Row] = []

    @property
    def zone(self) -> Zone:
        """The zone of the innermost element that has one."""
        if self.rest_quoted:
            return Zone.QUOTED
        return next((zone for _, zone in reversed(self.open) if zone), Zone.NEW)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element: a new line for blocks, a zone for marked ones, pictures and links noted."""
        attributes = {key: value or "" for key, value in reversed(attrs)}
        if self.dropping:
            self._push(tag, None)
            return
        if tag in _BLOCKS or tag == "br" or tag in _CELLS:
            self._end_line(keep_empty=tag == "br")
        self._table(tag)
        names = self.marks.names(tag, attributes)
        zone = self._zone_of(names)
        if zone or names & self.marks.quote_from_here:
            self._end_line(keep_empty=False)
        self._note(tag, attributes)
        self.rest_quoted = self.rest_quoted or bool(names & self.marks.quote_from_here)
        self.preformatted += tag == "pre"
        self._push(tag, zone)
        if names & self.marks.dropped:
            self.dropping = len(self.open)

    def handle_endtag(self, tag: str) -> None:
        """Close the element and what was left open inside it."""
        if (tag in _BLOCKS or tag in _CELLS) and not self.dropping:
            self._end_line(keep_empty=False)
            if tag == "tr" or tag in _TABLES:
                self._end_row(self.counts["table"])
        if tag == "a":
            self._end_anchor()
        if not self.counts[tag]:
            return
        closed = False
        while not closed:
            name, zone = self.open[-1]
            if zone and not self.dropping:
                self._end_line(keep_empty=False)
            self._pop()
            closed = name == tag

    def handle_data(self, data: str) -> None:
        """Text: blanks collapsed as a browser does, except in <pre>."""
        if self.dropping:
            return
        text = clean_text(data).replace("\xa0", " ")
        if self.preformatted > 0:
            first, *others = text.split("\n")
            self.words_now.append(first)
            for row in others:
                self._end_line(keep_empty=True)
                self.words_now.append(row)
            return
        blank_first, blank_last = text[:1].isspace(), text[-1:].isspace()
        collapsed = " ".join(text.split())
        if collapsed:
            self.words_now.append((" " if blank_first else "") + collapsed + (" " if blank_last else ""))
        elif text and self.words_now:
            self.words_now.append(" ")

    def finished(self) -> list[Line]:
        """All lines, the last one and the rows left open closed."""
        self._end_line(keep_empty=False)
        self._end_row(0)
        return self.lines

    def _table(self, tag: str) -> None:
        """Note where a row or cell begins; a row or table ends the row that was left open beside it."""
        depth = self.counts["table"]
        if tag == "table":
            for row in self.rows:
                row.plain = False
        elif tag == "tr" and len(self.rows) < _DEEPEST:
            self._end_row(depth)
            self.rows.append(_Row(depth))
        elif tag in _CELLS and self.rows and self.rows[-1].depth == depth:
            self.rows[-1].cells.append(len(self.lines))

    def _end_row(self, depth: int) -> None:
        """Close the rows of tables as deep as this one or deeper."""
        while self.rows and self.rows[-1].depth >= depth:
            row = self.rows.pop()
            if row.cells:
                self.lines[row.cells[0] :] = row.joined(self.lines)

    def _zone_of(self, names: set[str]) -> Zone | None:
        if names & self.marks.quote:
            return Zone.QUOTED
        return Zone.SIGNATURE if names & self.marks.signature and self.zone is Zone.NEW else None

    def _push(self, tag: str, zone: Zone | None) -> None:
        if tag not in _VOID and len(self.open) < _DEEPEST:
            self.open.append((tag, zone))
            self.counts[tag] += 1

    def _pop(self) -> None:
        tag, _ = self.open.pop()
        self.counts[tag] -= 1
        if len(self.open) < self.dropping:
            self.dropping = 0
        if not self.dropping:
            self.preformatted = self.counts["pre"]

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        target = attributes.get("src", "")
        if tag == "img" and target[:4].lower() == "cid:":
            self.images.append(target[4:].strip().strip("<>"))
        described = next((attributes[key] for key in _FILE_ATTRIBUTES if attributes.get(key)), "")
        target = described or (attributes.get("href", "") if tag == "a" else "")
        if target and len(self.links) < _MOST_LINKS:
            others = tuple((key, clean_text(value)[:_LONGEST_TARGET]) for key, value in attributes.items() if value)
            self.links.append(Link(target[:_LONGEST_TARGET], "", others))
            if tag == "a":
                self._end_anchor()
                self.anchor = (len(self.links) - 1, len(self.words_now))

    def _end_anchor(self) -> None:
        if self.anchor:
            link, first = self.anchor
            self.links[link] = self.links[link]._replace(words=" ".join("".join(self.words_now[first:]).split()))
        self.anchor = None

    def _end_line(self, *, keep_empty: bool) -> None:
        self._end_anchor()
        text = "".join(self.words_now).rstrip()
        text = text if self.preformatted > 0 else " ".join(text.split())
        if (text or keep_empty or self.images or self.links) and len(self.lines) < MOST_LINES:
            self.lines.append(Line(text, self.zone, tuple(self.images), tuple(self.links)))
        self.words_now, self.images, self.links, self.anchor = [], [], [], None


def _lower(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)
