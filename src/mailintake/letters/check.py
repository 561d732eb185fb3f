"""Every problem of every template before a letter depends on it."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Protocol

from jinja2 import TemplateSyntaxError, meta

from mailintake.errors import TemplateBroken
from mailintake.letters.render import LAYOUT, Rendered, Renderer
from mailintake.letters.samples import OFFICE, bare_item, digests, sample_item, views
from mailintake.letters.twins import line_with, only_in_one
from mailintake.model.letter import INTERNAL, LetterKind

FOLDERS = ("letters/", "answers/", "layout/", "parts/", "findings/", "digest/")
_RAW = "<script>alert(1)"
_FILES = ("subject.txt", "body.txt")
_FILE = "file "  # a piece that is one file
_SHOWN = 40  # characters of what differs
ONLY_HTML, ONLY_TEXT = "only the HTML says: ", "the HTML lacks: "


class Known(Protocol):
    """What was found good before, piece by piece."""

    def good(self, piece: str) -> bool:
        """Was it, with the templates as they are?"""

    def found_good(self, piece: str, used: Iterable[str]) -> None:
        """It is now; that depends on these templates, and on which there are."""


class _Nothing:
    """Everything is tried, nothing kept."""

    def good(self, piece: str) -> bool:
        """Never."""
        return not piece

    def found_good(self, piece: str, used: Iterable[str]) -> None:
        """Nobody wants to know."""


def problems(renderer: Renderer, known: Known | None = None) -> tuple[str, ...]:
    """One line each, file:line: what. Every template is compiled, every letter rendered with hostile and with no
    values, every finding's wording asked for. What is `known` to be good is left out."""
    known = known or _Nothing()
    found: dict[str, None] = {}
    for piece, examine in _pieces(renderer):
        if known.good(piece):
            continue
        renderer.environment.begin()
        told = tuple(examine())
        if not told:
            known.found_good(piece, _used(piece, renderer))
        found |= dict.fromkeys(told)
    return tuple(found)


def _pieces(renderer: Renderer) -> Iterator[tuple[str, Callable[[], Iterable[str]]]]:
    """Everything that is good or bad by itself: files, what must be there, letters, findings, digests."""
    names = _names(renderer)
    for name in names:
        yield f"{_FILE}{name}", partial(_broken_file, renderer, name)
    yield "absent", partial(_absent, names)
    for kind in LetterKind:
        if kind not in INTERNAL:
            yield f"letter {kind.value}", partial(_letter, renderer, kind)
    for name in names:
        if name.startswith("findings/"):
            code = name.removeprefix("findings/").removesuffix(".txt")
            yield f"finding {code}", partial(_finding, renderer, code)
    yield "digest", partial(_digests, renderer)


def _used(piece: str, renderer: Renderer) -> Iterable[str]:
    return (piece.removeprefix(_FILE),) if piece.startswith(_FILE) else renderer.used()


def _broken_file(renderer: Renderer, name: str) -> Iterator[str]:
    environment = renderer.environment
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    try:
        tree = environment.parse(source, name)
    except TemplateSyntaxError as fault:
        yield f"{name}:{fault.lineno}: {fault.message}"
        return
    plain = [other for other in meta.find_referenced_templates(tree) if (other or "").endswith(".txt")]
    if name.endswith(".html") and plain:
        yield f"{name}:1: uses {plain[0]}, whose text would not be escaped"


def _absent(names: Iterable[str]) -> Iterator[str]:
    there = set(names)
    for kind in LetterKind:
        if kind not in INTERNAL:
            for file in _FILES:
                if (name := f"letters/{kind.value}/{file}") not in there:
                    yield f"{name}:1: there is no such template"


def _letter(renderer: Renderer, kind: LetterKind) -> Iterator[str]:
    for view in views(kind):
        try:
            made = renderer.letter(view)
        except TemplateBroken as broken:
            yield str(broken)
            continue
        yield from _wrong(f"letters/{kind.value}", made)
        yield from _different(LAYOUT, made, view.office.name, renderer)


def _digests(renderer: Renderer) -> Iterator[str]:
    for digest in digests():
        try:
            made = renderer.digest(digest, OFFICE)
            page = renderer.page(digest)
        except TemplateBroken as broken:
            yield str(broken)
            continue
        yield from _wrong("digest", made)
        head = f"{OFFICE.name} {renderer.digest_lines.issue(digest)} {renderer.say.full(digest.day)}"
        yield from _different("digest/body.html", made, head, renderer)
        if _RAW in page:
            yield "digest/page.html:1: shows a stranger's words without escaping them"


def _wrong(folder: str, made: Rendered) -> Iterator[str]:
    if not made.subject:
        yield f"{folder}/subject.txt:1: the subject is empty"
    if _RAW in made.html:
        yield f"{folder}/body.html:1: shows a stranger's words without escaping them"


def _different(layout: str, made: Rendered, frame: str, renderer: Renderer) -> Iterator[str]:
    """What only one of the two versions says; the layout is what makes them differ."""
    in_text, in_html = only_in_one(made.text, made.html, frame)
    environment = renderer.environment
    source, _, _ = environment.loader.get_source(environment, layout)  # type: ignore[union-attr]
    if in_html:
        yield f"{layout}:{line_with(source, in_html)}: {ONLY_HTML}{in_html[:_SHOWN]}"
    if in_text:
        yield f"{layout}:1: {ONLY_TEXT}{in_text[:_SHOWN]}"


def _finding(renderer: Renderer, code: str) -> Iterator[str]:
    for item in (sample_item(code), bare_item(code)):
        try:
            said = renderer.wording(item)
        except TemplateBroken as broken:
            yield str(broken)
            continue
        if not (said.fault and said.fix):
            yield f"findings/{code}.txt:1: a part is empty"


def _names(renderer: Renderer) -> list[str]:
    return [n for n in renderer.environment.list_templates(("txt", "html")) if n.startswith(FOLDERS)]
