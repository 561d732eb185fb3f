"""Templates to pages: one environment, everything escaped, and what every page shows."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from mailintake.desk.place import Desk
from mailintake.letters.render import Renderer
from mailintake.model.staff import Colleague, DeskSession, Role
from mailintake.model.zone import SHANGHAI

_DIGITS = 10
_NUMBER = re.compile(r"\b([A-Z]{2,6}-\d{4}-\d{6}-\d)\b")


@dataclass(frozen=True)
class Visitor:
    """Who asks: the session with its form token, and the person."""

    session: DeskSession
    person: Colleague

    @property
    def may_act(self) -> bool:
        """Clerks and heads act; auditors and operators look."""
        return self.person.role in (Role.CLERK, Role.HEAD)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox of the letters, which asks once for each attribute of a class and not at each use: a page of a
    hundred lines asks ten thousand times."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """May a template see it?"""
        if isinstance(obj, type):
            return super().is_safe_attribute(obj, attr, value)
        known = (type(obj), attr)
        if known not in self._safe:
            self._safe[known] = super().is_safe_attribute(obj, attr, value)
        return self._safe[known]


def environment(
    folders: tuple[Path, ...], renderer: Renderer, told: Callable[[str], str]
) -> ImmutableSandboxedEnvironment:
    """Templates of the desk; `words` are staff's words for codes and states, those of the digest; `told` puts names of
    fields and codes in a line into words."""
    made = _Sandbox(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = renderer.digest_words
    made.filters |= {"moment": moment, "day": day, "size": size, "told": told, "linked": linked}
    return made


def word_of(words: Any, code: str) -> str:
    """What a finding or a line for staff with that code is called; empty for anything else."""
    return str(words.findings.get(code) or words.notices.get(code) or words.notices.get(code.partition(".")[0]) or "")


def moment(at: datetime | None) -> str:
    """Date and time as the office's clock shows them."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def day(at: date | datetime | None) -> str:
    """The date alone."""
    if isinstance(at, datetime):
        at = at.astimezone(SHANGHAI).date()
    return at.isoformat() if at else ""


def linked(text: str) -> Markup:
    """Case numbers in a line lead to their cases; everything else is escaped."""
    return Markup(_NUMBER.sub(r'<a href="/cases/\1">\1</a>', str(escape(text))))  # noqa: S704 - escaped before


def size(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, round(count / 1024))} KB"


def desk_of(request: Request) -> Desk:
    """The desk behind a request."""
    desk: Desk = request.app.state.desk
    return desk


def visitor(request: Request) -> Visitor:
    """Who asks. Every screen stands behind the login, so that there is somebody."""
    found: Visitor = request.scope["state"]["visitor"]
    return found


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page of that template below desk/, with what the frame needs."""
    desk = desk_of(request)
    frame = _frame(request, desk)
    text = desk.pages.get_template(f"desk/{template}").render({**frame, **values})
    return HTMLResponse(text.encode("utf-8", "replace"), status)  # subjects may hold lone surrogates


def _frame(request: Request, desk: Desk) -> Mapping[str, Any]:
    who: Visitor | None = request.scope.get("state", {}).get("visitor")
    told = desk.sessions.told(who.session) if who and request.method == "GET" else None
    return {
        "who": who,
        "path": request.url.path,
        "here": str(request.url.path) + (f"?{request.url.query}" if request.url.query else ""),
        "q": request.query_params.get("q", ""),
        "flash": _flash(desk, told) if told else None,
        "problem": desk.problem(),
        "office": desk.shells.rules.office,
        "now": desk.now,
    }


def _flash(desk: Desk, told: Mapping[str, object]) -> Mapping[str, object]:
    """What was done, in words, with the event by which it can be taken back."""
    say, key = desk.offers.sentence, str(told.get("key", "done"))
    text = say("flash", key).format_map(told)
    letters = told.get("letters")
    if isinstance(letters, list) and letters:
        text += say("flash", "letters").format(letters=say("flash", "comma").join(map(str, letters)))
    return {"text": text, "bad": False, "undo": told.get("undo", "")}


def drafts_of(request: Request, places: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
    """What the visitor was typing in these forms, by the name of each."""
    return desk_of(request).sessions.drafts(visitor(request).person.name, places)


def number_of(request: Request, name: str, otherwise: int = 0) -> int:
    """A small number of the address, or what stands for a missing or wrong one."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else otherwise
