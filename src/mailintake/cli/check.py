"""mailintake check: the configuration and every template, all faults at once."""

import gc
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, Lang, hint, print_json, print_lines
from mailintake.cli.words import say
from mailintake.config.catalogue import speak

if TYPE_CHECKING:
    from mailintake.config.problems import Problem

_PAUSE_SECONDS = 0.5  # between two looks at the files
Watch = Annotated[bool, Parameter(name="--watch", help=say("check.watch.help"))]


def check(*, watch: Watch = False, lang: Lang = None, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 0 when everything is in order, 3 otherwise; warnings alone are in order."""
    if lang is not None:
        speak(lang)
    code = _once(config, json=json)
    while watch:
        before = _stamps(config)
        hint(say("check.watching"))
        while _stamps(config) == before:
            time.sleep(_PAUSE_SECONDS)
        hint(say("check.again", at=time.strftime("%H:%M:%S")))
        code = _once(config, json=json)
    return code


def _once(config: Path | None, *, json: bool) -> int:
    from mailintake.config import verdict

    gc.disable()  # thousands of small values, all needed to the end: there is nothing to collect
    found = verdict(config)
    gc.freeze()  # nor is there when the program ends
    gc.enable()
    errors = sum(problem.severity == "error" for problem in found.problems)
    if json:
        print_json(problems=[problem.row() for problem in found.problems])
        return 3 if errors else 0
    print_lines(shown_problems(found.problems))
    if errors:
        print(say("check.bad", count=errors))
    else:
        print(say("check.ok", version=found.version, warnings=len(found.problems), **found.counts))
    return 3 if errors else 0


def shown_problems(problems: "Iterable[Problem]") -> Iterator[str]:
    """Every problem with its line and what mends it."""
    return (line for problem in problems for line in _shown(problem))


def _shown(problem: "Problem") -> Iterator[str]:
    """The problem, the line it stands in, what mends it."""
    from mailintake.config.excerpt import excerpt

    where = ":".join([problem.file, *(str(number) for number in (problem.line, problem.column) if number)])
    yield say(f"check.severity.{problem.severity.value}", where=where, code=problem.code, message=problem.message)
    yield from excerpt(problem)
    if problem.suggestion:
        yield say("check.suggestion", suggestion=problem.suggestion)


def _stamps(folder: Path | None) -> dict[Path, int]:
    """When each file of the configuration was last written."""
    from mailintake.config.layers import layers_of

    layers = layers_of(folder)
    roots = [layer.root for layer in layers.layers if layer.root.is_dir()]
    files = [path for root in (*roots, *layers.templates) for path in root.rglob("*") if path.is_file()]
    return {path: path.stat().st_mtime_ns for path in files if path.exists()}
