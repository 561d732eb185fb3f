"""What several commands share: their options, the way to the store, and how results are printed."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mailintake.cli.words import say
from mailintake.config.catalogue import Language
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.config import Configuration
    from mailintake.store.port import Looks
    from mailintake.worker.shells import Shells

SCHEMA = 1  # of what --json prints
_CONFIG = Parameter(name="--config", env_var="MAILINTAKE_CONFIG", help=say("option.config"))
ConfigFolder = Annotated[Path | None, _CONFIG]
AsJson = Annotated[bool, Parameter(name="--json", help=say("option.json"))]
DryRun = Annotated[bool, Parameter(name="--dry-run", help=say("option.dry_run"))]
Everything = Annotated[bool, Parameter(name="--everything", help=say("option.everything"))]
Lang = Annotated[Language | None, Parameter(name="--lang", help=say("option.lang"))]
By = Annotated[str, Parameter(name="--by", help=say("option.by"))]


def print_json(**row: Any) -> None:
    """One JSON object a line, with the number of its schema; readable Chinese where the terminal can show it."""
    shows_all = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "gb18030")
    print(json.dumps({"schema": SCHEMA, **row}, ensure_ascii=not shows_all, default=str), flush=True)


def print_rows(rows: Iterable[Mapping[str, object]]) -> None:
    """One JSON array, a row an object."""
    shows_all = (sys.stdout.encoding or "").lower().replace("-", "") in ("utf8", "gb18030")
    print(json.dumps(list(rows), ensure_ascii=not shows_all, default=str), flush=True)


def print_lines(lines: Iterable[str]) -> None:
    """Plain lines on stdout."""
    for line in lines:
        print(line)


def print_done(sentence: str, *, dry_run: bool) -> None:
    """What a command did, or, in a dry run, would have done."""
    print(say("dry_run.only", what=sentence) if dry_run else sentence)


def hint(line: str) -> None:
    """A line that is not part of the result: stderr."""
    print(line, file=sys.stderr, flush=True)


def asked(question: str) -> bool:
    """Ask on a terminal; without one the answer is no."""
    if not sys.stdin.isatty():
        return False
    hint(question)
    return input().strip().lower() in ("y", "yes")


def in_force(folder: Path | None) -> "Configuration":
    """The configuration whose rules are in force; a broken mailintake.yaml is told on stderr and its last good copy
    used."""
    from mailintake.app.active import active_configuration, active_settings

    _, broken = active_settings(folder)
    if broken is not None:
        hint(say("rules.settings_broken", count=len(broken.problems)))
    return active_configuration(folder)


@contextmanager
def looked(folder: Path | None) -> "Iterator[tuple[Configuration, Looks]]":
    """Configuration and what tells how the installation does, in a tenth of the time of `opened` on SQLite."""
    from mailintake.store.glance import glance

    configuration = in_force(folder)
    with glance(configuration.settings.database_url) as looks:
        if looks is not None:
            yield configuration, looks
            return
    with opened(folder) as (configuration, shells):
        yield configuration, shells.store


@contextmanager
def opened(folder: Path | None) -> "Iterator[tuple[Configuration, Shells]]":
    """Configuration and store for commands that look at what is there. No mailbox is opened and no password read.

    UsageError where nothing was ever stored: an empty answer would look as if everything were gone.
    """
    from mailintake.app.build import database_file, shells_for

    configuration = in_force(folder)
    database = database_file(configuration.settings)
    if database is not None and not database.exists():
        raise UsageError(say("store.absent", path=database), fix=say("store.absent.fix"))
    with shells_for(configuration, with_mailboxes=False) as shells:
        yield configuration, shells


def listen_address(listen: str, preset: str, *, any_port: bool = False) -> tuple[str, int]:
    """HOST:PORT in its parts; `any_port`: port 0 is taken, too, for one that is free. UsageError, which names the
    preset, for anything else."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdecimal() or not (0 if any_port else 1) <= int(port) < 1 << 16:
        raise UsageError(say("desk.listen.wrong", listen=listen), fix=f"--listen {preset}")
    return host.strip("[]"), int(port)
