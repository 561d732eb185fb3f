"""mailintake letter preview: what letters would look like by the files as they are, before anybody gets one."""

import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, in_force, opened, print_json, print_lines
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.letter import INTERNAL, LetterKind
from mailintake.model.zone import local_day

if TYPE_CHECKING:
    from mailintake.app.preview import Preview
    from mailintake.config import Configuration

_KINDS = tuple(kind.value for kind in LetterKind if kind not in INTERNAL)
Which = Annotated[str, Parameter(help=say("preview.which.help"))]
Changed = Annotated[bool, Parameter(name="--changed", help=say("preview.changed.help"))]
Html = Annotated[Path | None, Parameter(name="--html", help=say("preview.html.help"))]
Open = Annotated[bool, Parameter(name="--open", help=say("preview.open.help"))]


def preview(
    which: Which = "",
    *,
    changed: Changed = False,
    html: Html = None,
    open_: Open = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """One kind, the letter of one case, or all kinds; nothing is stored or sent."""
    from mailintake.app.preview import write_pages
    from mailintake.config import load

    candidate = load(config)
    found = tuple(one for one in _previews(which, candidate, config) if one.changed or not changed)
    page = write_pages(html, found, candidate) if html is not None else None
    if page is not None and open_:
        webbrowser.open(page.absolute().as_uri())
    if json:
        print_json(letters=[_row(one) for one in found], page=str(page) if page else None)
        return 0
    for one in found:
        whole = bool(which) and page is None
        print_lines([say("preview.title", title=one.title, subject=one.subject), *([one.text] if whole else [])])
        print_lines([say("preview.differs"), *(f"  {line}" for line in one.changed)] if one.changed else [])
    if page is not None:
        hint(say("preview.page", path=page))
    hint(say("preview.next", changed=sum(bool(one.changed) for one in found), count=len(found)))
    return 0


def _previews(which: str, candidate: "Configuration", config: Path | None) -> "tuple[Preview, ...]":
    from mailintake.app.build import system_clock
    from mailintake.app.preview import of_case, of_specimens

    today = local_day(system_clock())
    if not which or which in _KINDS:
        made = of_specimens(candidate, in_force(config), today)
        return tuple(one for one in made if which in ("", one.kind))
    with opened(config) as (active, shells):
        case = shells.store.case(which)
        if case is None:
            known = say("list.comma").join(_KINDS)
            raise UsageError(say("preview.unknown", which=which, known=known), fix="mailintake case list --everything")
        return (of_case(case, shells.store, candidate, active, today),)


def _row(one: "Preview") -> dict[str, object]:
    return {
        "letter": one.kind.value,
        "title": one.title,
        "subject": one.subject,
        "text": one.text,
        "html": one.html,
        "changed": list(one.changed),
    }
