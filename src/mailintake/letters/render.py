"""Templates to words: strict, sandboxed, every fault with its template and line."""

import itertools
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import css_inline
from jinja2 import FileSystemLoader, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError
from jinja2.bccache import BytecodeCache
from jinja2.runtime import Macro

from mailintake.errors import TemplateBroken
from mailintake.letters.length import BRIEFER, fits
from mailintake.letters.page import Line, as_text, lines_of, pieces
from mailintake.letters.phrases import Phrases, phrases
from mailintake.letters.tracing import Tracing
from mailintake.model.digest import Digest
from mailintake.model.letter import Came, Item, LetterView
from mailintake.model.question import Language
from mailintake.model.rules import Office

SAY = "layout/say.txt"  # macros for dates, sizes, formats
SAY_ENGLISH = "layout/say.en.txt"
LAYOUT = "layout/letter.html"
PHRASES = "layout/phrases.txt"
WHOLE = "layout/whole.txt"
DIGEST_WORDS = "digest/words.txt"
DIGEST_LINES = "digest/say.txt"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter in words. `text` is the primary version; `html` says the same."""

    subject: str
    text: str
    html: str
    lines: tuple[Line, ...] = ()  # of a letter: what both versions are made of


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said about one finding: its short name, what came, what is required, how to mend it."""

    fault: str
    came: str
    required: str
    fix: str
    neutral: str = ""  # how it is said where it may not be told as a fault; empty: not at all


class Renderer:
    """Renders from one or more template folders; the first that has a file wins.

    A letter's words are rendered as marked lines (`page`) and handed to the HTML layout as values, so that the escaping
    there meets every character a stranger wrote. HTML templates never import or include text templates (`check`).
    """

    def __init__(self, *templates: Path, compiled: BytecodeCache | None = None) -> None:
        """`compiled`: where the engine finds templates that it compiled before."""
        self.folders = templates
        self.environment = Tracing(
            loader=FileSystemLoader([str(folder) for folder in templates]),
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(".html"),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
            bytecode_cache=compiled,
        )
        self._inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)

    def letter(self, view: LetterView) -> Rendered:
        """Subject, text and HTML of a letter. TemplateBroken names template and line."""
        folder = f"letters/{view.kind.value}"
        with self._naming(folder):
            body = self._in_language(f"{folder}/body", view)
            say = self.say_english if body.endswith(".en.txt") else self.say
            for brief in BRIEFER:
                values = {"letter": view, "brief": brief, "say": say}
                lines = lines_of(self._render(body, values), body)
                if fits(view, lines):
                    break
            return self._dressed(self._in_language(f"{folder}/subject", view), lines, view, values)

    def _dressed(
        self, subject: str, lines: tuple[Line, ...], view: LetterView, values: Mapping[str, object]
    ) -> Rendered:
        """The lines with their subject, in both versions."""
        title = " ".join(self._render(subject, values).split())
        page = self._render(LAYOUT, {**values, "lines": lines, "subject": title, "pieces": pieces})
        return Rendered(title, as_text(lines, self._whole | _names(view)) + "\n", self._inliner.inline(page), lines)

    @cached_property
    def _whole(self) -> frozenset[str]:
        """Words that a line of plain text is not broken within."""
        with self._naming(WHOLE):
            return frozenset(self.environment.get_template(WHOLE).render().split())

    def _in_language(self, name: str, view: LetterView) -> str:
        """The template in the addressee's language where there is one."""
        english = f"{name}.en.txt"
        if view.language is Language.EN and english in self._english:
            return english
        return f"{name}.txt"

    @cached_property
    def _english(self) -> frozenset[str]:
        return frozenset(self.environment.list_templates(filter_func=lambda name: name.endswith(".en.txt")))

    def digest(self, digest: Digest, office: Office) -> Rendered:
        """The morning's mail to staff."""
        with self._naming("digest"):
            values = self._digest_values(digest) | {"office": office}
            return self._mail("digest", values)

    def page(self, digest: Digest) -> str:
        """The morning's page: one self-contained HTML file. TemplateBroken as above."""
        with self._naming("digest/page.html"):
            return self._render("digest/page.html", self._digest_values(digest))

    def used(self) -> frozenset[str]:
        """Names of the templates that were used since `environment.begin()`, those of every letter among them."""
        return self.environment.used(SAY, SAY_ENGLISH, PHRASES, WHOLE, DIGEST_WORDS, DIGEST_LINES)

    @cached_property
    def digest_words(self) -> SimpleNamespace:
        """Staff's words for codes, states and procedures."""
        with self._naming(DIGEST_WORDS):
            return SimpleNamespace(**_exports(self.environment.get_template(DIGEST_WORDS).module))

    @cached_property
    def digest_lines(self) -> SimpleNamespace:
        """Staff's phrases of the digest, as functions of plain text."""
        return self._functions(DIGEST_LINES)

    def wording(self, item: Item) -> Wording:
        """What `findings/<code>.txt` says about an item, or the general sentence for a code without one."""
        finding = item.finding
        values = {
            "item": item,
            "measured": dict(finding.measured) if finding else {},
            "required": {**item.standard, **(finding.required if finding else {})},
            "say": self.say,
        }
        with self._naming(f"findings/{item.code}.txt"):
            template = self._finding(item.code)
            parts = {name: tidy(str(text)) for name, text in _exports(template.make_module(values)).items()}
            if absent := {"fault", "came", "wanted", "fix"} - parts.keys():
                raise TemplateBroken(f"{template.name}:1: no {min(absent)}")
            return Wording(parts["fault"], parts["came"], parts["wanted"], parts["fix"], parts.get("neutral", ""))

    def measured(self, item: Item, came: Came) -> str:
        """What is said of one of an item's files."""
        return self.wording(replace(item, file=came.file, finding=came.finding)).came

    def neutral(self, seen: tuple[Item, ...]) -> str:
        """What may be said of findings that are not told as faults; empty where nothing may."""
        said = (self.wording(item).neutral for item in seen)
        return next((text for text in said if text), "")

    def _finding(self, code: str) -> Template:
        """The code's own words, else those for its fault (`any.<fault>`), else the general ones."""
        fault = code.partition(".")[2]
        names = [f"findings/{name}.txt" for name in (code, f"any.{fault}", "fallback")]
        return self.environment.select_template(names)

    @cached_property
    def say_english(self) -> SimpleNamespace:
        """The same words in English."""
        return self._functions(SAY_ENGLISH)

    @cached_property
    def phrases(self) -> Phrases:
        """What finished letters are searched for before they are queued."""
        with self._naming(PHRASES):
            said = _exports(self.environment.get_template(PHRASES).module)
            return phrases({name: str(text) for name, text in said.items()}, self._days, self.say.file)

    def _days(self, day: date) -> frozenset[str]:
        return frozenset((self.say.day(day), self.say_english.day(day), self.say_english.short_day(day)))

    @cached_property
    def say(self) -> SimpleNamespace:
        """The macros of `layout/say.txt` as functions that give plain text, so that HTML templates escape it."""
        return self._functions(SAY)

    def _functions(self, name: str) -> SimpleNamespace:
        module = self.environment.get_template(name).module
        return SimpleNamespace(
            **{key: _plain(macro) for key, macro in vars(module).items() if isinstance(macro, Macro)}
        )

    def _digest_values(self, digest: Digest) -> dict[str, object]:
        urgent = (digest.due_today, digest.overdue, digest.needs_person, digest.health.problems)
        waiting = any(line.waiting_approval for line in digest.sent)
        counted = digest.health.on_server == digest.health.recorded and not digest.health.quarantined
        return {
            "digest": digest,
            "words": self.digest_words,
            "line": self.digest_lines,
            "quiet": counted and not waiting and not digest.health.calendar_short and not any(urgent),
        }

    def _mail(self, folder: str, values: Mapping[str, object]) -> Rendered:
        subject = " ".join(self._render(f"{folder}/subject.txt", values).split())
        text = tidy(self._render(f"{folder}/body.txt", values)) + "\n"
        page = self._render(f"{folder}/body.html", {**values, "subject": subject})
        return Rendered(subject, text, self._inliner.inline(page))

    def _render(self, name: str, values: Mapping[str, object]) -> str:
        counter = itertools.count(1)
        helpers = {
            "say": self.say,
            "wording": self.wording,
            "measured": self.measured,
            "neutral": self.neutral,
            "heading": lambda: self.say.ordinal(next(counter)),
            "number": itertools.count(1).__next__,
        }
        return self.environment.get_template(name).render(**{**helpers, **values})

    @contextmanager
    def _naming(self, where: str) -> Iterator[None]:
        """Any fault of a template becomes TemplateBroken: an operator's edit must never end the program."""
        try:
            yield
        except TemplateBroken:
            raise
        except Exception as fault:
            raise TemplateBroken(
                f"{place(fault, self.folders) or where}: {fault}", fix="mailintake check shows every broken template"
            ) from fault


def place(fault: Exception, folders: tuple[Path, ...]) -> str:
    """template:line of a fault, or the empty string where no template is concerned."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.name}:{fault.lineno}"
    if isinstance(fault, TemplateNotFound) and fault.name:
        return f"{fault.name}:1"
    found = ""
    for frame, line in traceback.walk_tb(fault.__traceback__):
        file = Path(frame.f_code.co_filename)
        compiled = frame.f_globals.get("__jinja_template__")  # absent where the library has mapped the line already
        for folder in folders:
            if file.is_relative_to(folder):
                found = f"{file.relative_to(folder)}:{compiled.get_corresponding_lineno(line) if compiled else line}"
    return found


def _names(view: LetterView) -> frozenset[str]:
    """Of people, companies and offices that a letter may name."""
    cases = [matter.case for matter in view.matters]
    offices = (view.office.hall_name, *(part for city in view.offices for part in (city.name, city.address)))
    return frozenset((view.to_name, *offices, *(p for c in cases for p in (c.company, *c.people)))) - {""}


def tidy(text: str) -> str:
    """No blanks at line ends, never two empty lines running, none at either end."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return "\n".join(kept).strip("\n")


def _exports(module: Any) -> dict[str, Any]:
    """What a template module sets, without its macros."""
    return {k: v for k, v in vars(module).items() if not k.startswith("_") and not isinstance(v, Macro)}


def _plain(macro: Macro) -> Callable[..., str]:
    def call(*args: object) -> str:
        return "".join(str(macro(*args)).split("\n")).strip()

    return call
