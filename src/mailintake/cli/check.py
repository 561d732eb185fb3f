"""mailintake check: the configuration and every template, all faults at once."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mailintake.cli.common import AsJson, ConfigFolder, print_json, print_lines
from mailintake.cli.words import say

if TYPE_CHECKING:
    from mailintake.config import Configuration

_PLACE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+)(?::(?P<column>\d+))?: ")


def check(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 0 when everything is in order, 3 otherwise."""
    from mailintake.config import check as check_folder
    from mailintake.config import load, resource_folders
    from mailintake.letters.render import Renderer

    problems = check_folder(config)
    if not problems:
        problems = Renderer(*resource_folders("templates", config)).check()
    if json:
        print_json(problems=list(problems))
    elif problems:
        for problem in problems:
            print_lines((problem, *_source(problem, config)))
        print(say("check.bad", count=len(problems)))
    else:
        print(_good(load(config)))
    return 3 if problems else 0


def _good(configuration: "Configuration") -> str:
    rules = configuration.rules
    counts = {"procedures": len(rules.procedures), "kinds": len(rules.kinds), "rules": len(rules.classification)}
    return say("check.ok", version=rules.version, **counts)


def _source(problem: str, folder: Path | None) -> Iterator[str]:
    """The line that the problem names, and a mark under its column."""
    from mailintake.cli.table import width
    from mailintake.config import resource

    found = _PLACE.match(problem)
    if found is None:
        return
    path = Path(found["file"])
    if not path.is_file() and found["file"].startswith(("config/", "templates/")):
        path = resource(found["file"], folder)
    if not path.is_file():
        return
    lines = path.read_text("utf-8", errors="replace").splitlines()
    number = int(found["line"])
    if not 0 < number <= len(lines):
        return
    margin = f"  {number} | "
    yield margin + lines[number - 1]
    if found["column"]:
        before = lines[number - 1][: int(found["column"]) - 1]
        yield " " * (len(margin) - 2) + "| " + " " * width(before) + "^"
