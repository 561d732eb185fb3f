"""What the commands about rules share: their words for differences, a bar, how many mails are tried."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.words import say

if TYPE_CHECKING:
    from mailintake.app.rules.changes import Difference

Last = Annotated[int, Parameter(name="--last", help=say("rules.last.help"))]
LAST = 500
_SHOWN = 60


@contextmanager
def progress_bar(title: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr; silent where nobody looks."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(transient=True, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def difference_line(one: "Difference") -> str:
    """One difference in words; what needs a second person is marked."""
    values = {"before": short(one.before), "after": short(one.after), "origin": one.origin}
    if one.path:
        said = say(f"config.change.{one.kind.value}", file=one.file, path=one.path, **values)
    else:
        said = say(f"rules.line.{one.kind.value}", file=one.file, **values)
    return say("rules.two_people", what=said) if one.second else said


def short(value: object) -> str:
    """A value as one cell."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
