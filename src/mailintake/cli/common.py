"""What several commands share: where the configuration is, and how results are printed."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from mailintake.config import Configuration, load
from mailintake.worker.shells import Shells

ConfigFolder = Annotated[Path | None, Parameter(name="--config", env_var="MAILINTAKE_CONFIG")]
AsJson = Annotated[bool, Parameter(name="--json", negative="")]


def print_json(thing: Any) -> None:
    """One JSON document a line, readable Chinese."""
    print(json.dumps(thing, ensure_ascii=False), flush=True)


def print_lines(lines: Iterable[str]) -> None:
    """Plain lines on stdout."""
    for line in lines:
        print(line)


def hint(line: str) -> None:
    """A line that is not part of the result: stderr."""
    print(line, file=sys.stderr)


@contextmanager
def opened(folder: Path | None) -> Iterator[tuple[Configuration, Shells]]:
    """The configuration and shells without mailboxes, for commands that look at what is stored."""
    from mailintake.app.build import shells_for

    configuration = load(folder)
    with shells_for(configuration, with_mailboxes=False) as shells:
        yield configuration, shells
