"""Letters as their readers would see them, under the files as they are and under the rules in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from difflib import unified_diff
from pathlib import Path

from mailintake.app.specimens import Specimen, specimens
from mailintake.config import Configuration, resource_folders
from mailintake.errors import TemplateBroken
from mailintake.letters.render import Rendered, Renderer
from mailintake.letters.view import letter_view
from mailintake.model.case import Case
from mailintake.model.letter import LetterKind
from mailintake.model.understanding import LetterOrder
from mailintake.stages.assign.addressee import addressee
from mailintake.stages.decide.letter import letter_for
from mailintake.store.port import Store

_DARK = "(prefers-color-scheme: dark)"


@dataclass(frozen=True)
class Preview:
    """One letter. `changed`: lines of subject and text that are not (-) or newly (+) so, against the rules in force."""

    kind: LetterKind
    name: str
    title: str
    subject: str
    text: str
    html: str
    changed: tuple[str, ...]


def of_specimens(candidate: Configuration, active: Configuration, today: date) -> Iterator[Preview]:
    """Every kind of letter, about invented people. TemplateBroken for a template of the candidate."""
    after, before = _Writer(candidate), _Writer(active)
    for specimen in specimens(candidate.rules, today):
        yield _preview(specimen, after, before)


def of_case(case: Case, store: Store, candidate: Configuration, active: Configuration, today: date) -> Preview:
    """The letter that would be written about that case today, in answer to its last mail."""
    message = store.reading(case.messages[-1]) if case.messages else None
    kind = letter_for((case,), message, candidate.rules)
    to = tuple(one.addr for one in case.participants[:1])
    specimen = Specimen(LetterOrder(kind, to, case.number), (case,), message, today)
    return _preview(specimen, _Writer(candidate), _Writer(active))


class _Writer:
    """Writes letters by one configuration; its templates are compiled once."""

    def __init__(self, configuration: Configuration) -> None:
        self.rules = configuration.rules
        self.renderer = Renderer(*resource_folders("templates", configuration.rules_folder))

    def letter(self, specimen: Specimen) -> Rendered:
        """As its reader gets it. TemplateBroken where a template cannot."""
        reader = addressee(specimen.message, self.rules)
        cases = {case.number: case for case in specimen.cases}
        view = letter_view(specimen.order, cases, specimen.message, self.rules, specimen.today, addressee=reader)
        return self.renderer.letter(view)


def _preview(specimen: Specimen, candidate: _Writer, active: _Writer) -> Preview:
    made, kind = candidate.letter(specimen), specimen.order.letter
    title = str(candidate.renderer.digest_words.letters.get(kind.value, kind.value))
    changed = tuple(_changes(_before(specimen, active), _lines(made)))
    return Preview(kind, kind.value, title, made.subject, made.text, made.html, changed)


def _before(specimen: Specimen, active: _Writer) -> tuple[str, ...]:
    """What the rules in force say; nothing where their templates cannot."""
    try:
        return _lines(active.letter(specimen))
    except TemplateBroken:
        return ()


def _lines(made: Rendered) -> tuple[str, ...]:
    return made.subject, *made.text.splitlines()


def _changes(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    for line in unified_diff(before, after, n=0, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            yield line


def write_pages(folder: Path, previews: tuple[Preview, ...], candidate: Configuration) -> Path:
    """Each letter for light and for dark screens, and a page with all of them; gives that page."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in previews:
        (folder / f"{one.name}.html").write_text(one.html.replace(_DARK, "not all"), "utf-8")
        (folder / f"{one.name}.dark.html").write_text(one.html.replace(_DARK, "all"), "utf-8")
    renderer = Renderer(*resource_folders("templates", candidate.rules_folder))
    page = renderer.environment.get_template("preview/index.html")
    index = folder / "index.html"
    index.write_text(page.render(letters=previews, version=candidate.version), "utf-8")
    return index
