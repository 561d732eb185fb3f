"""Every problem of every template before a letter depends on it."""

from collections.abc import Callable, Iterator

from jinja2 import TemplateSyntaxError, meta

from mailintake.errors import TemplateBroken
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.samples import OFFICE, bare_item, digests, sample_item, views
from mailintake.model.letter import INTERNAL, LetterKind

FOLDERS = ("letters/", "answers/", "layout/", "parts/", "findings/", "digest/")
_RAW = "<script>alert(1)"
_FILES = ("subject.txt", "body.txt")


def problems(renderer: Renderer) -> tuple[str, ...]:
    """One line each, file:line: what. Every template is compiled, every letter rendered with hostile and with no
    values, every finding's wording asked for."""
    found = (
        *_broken_files(renderer),
        *_absent(renderer),
        *_letters(renderer),
        *_findings(renderer),
        *_digests(renderer),
    )
    return tuple(dict.fromkeys(found))


def _names(renderer: Renderer) -> list[str]:
    return [n for n in renderer.environment.list_templates(("txt", "html")) if n.startswith(FOLDERS)]


def _broken_files(renderer: Renderer) -> Iterator[str]:
    environment = renderer.environment
    for name in _names(renderer):
        source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        try:
            tree = environment.parse(source, name)
        except TemplateSyntaxError as fault:
            yield f"{name}:{fault.lineno}: {fault.message}"
            continue
        plain = [other for other in meta.find_referenced_templates(tree) if (other or "").endswith(".txt")]
        if name.endswith(".html") and plain:
            yield f"{name}:1: uses {plain[0]}, whose text would not be escaped"


def _absent(renderer: Renderer) -> Iterator[str]:
    there = set(_names(renderer))
    for kind in LetterKind:
        if kind not in INTERNAL:
            for file in _FILES:
                if (name := f"letters/{kind.value}/{file}") not in there:
                    yield f"{name}:1: there is no such template"


def _letters(renderer: Renderer) -> Iterator[str]:
    for kind in LetterKind:
        if kind not in INTERNAL:
            for view in views(kind):
                yield from _tried(f"letters/{kind.value}", lambda view=view: renderer.letter(view))  # type: ignore[misc]


def _digests(renderer: Renderer) -> Iterator[str]:
    for digest in digests():
        yield from _tried("digest", lambda digest=digest: renderer.digest(digest, OFFICE))  # type: ignore[misc]
        try:
            page = renderer.page(digest)
        except TemplateBroken as broken:
            yield str(broken)
        else:
            if _RAW in page:
                yield "digest/page.html:1: shows a stranger's words without escaping them"


def _tried(folder: str, render: "Callable[[], Rendered]") -> Iterator[str]:
    try:
        rendered = render()
    except TemplateBroken as broken:
        yield str(broken)
        return
    if not rendered.subject:
        yield f"{folder}/subject.txt:1: the subject is empty"
    if _RAW in rendered.html:
        yield f"{folder}/body.html:1: shows a stranger's words without escaping them"


def _findings(renderer: Renderer) -> Iterator[str]:
    codes = [n.removeprefix("findings/").removesuffix(".txt") for n in _names(renderer) if n.startswith("findings/")]
    for code in codes:
        for item in (sample_item(code), bare_item(code)):
            try:
                said = renderer.wording(item)
            except TemplateBroken as broken:
                yield str(broken)
                continue
            if not (said.fault and said.fix):
                yield f"findings/{code}.txt:1: a part is empty"
