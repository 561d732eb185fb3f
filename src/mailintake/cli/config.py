"""mailintake config: what is in force, what the operator changed, and schemas that let an editor complete the files."""

import json as json_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, print_json, print_lines
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.config.differences import Change

app = make_app("config")

Changed = Annotated[bool, Parameter(name="--changed", help=say("config.changed.help"))]
FileName = Annotated[str, Parameter(help=say("config.file.help"))]
Output = Annotated[Path | None, Parameter(name="--output", help=say("config.output.help"))]
_SHOWN = 80


@app.command(name="show", help=say("config.show.help"))
def show(*, changed: Changed = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Every setting with its value and where it comes from; passwords are masked."""
    from mailintake.config import effective, load

    if changed:
        return _changed(config, json)
    settings = effective(load(config))
    if json:
        print_json(settings=[s._asdict() for s in settings])
    else:
        print_lines(aligned((s.path, s.value, s.origin) for s in settings))
    return 0


def _changed(config: Path | None, json: bool) -> int:
    """Every value of every file that is not as shipped."""
    from mailintake.config.differences import changes
    from mailintake.config.layers import layers_of

    found = changes(layers_of(config))
    if json:
        print_json(changes=[change._asdict() for change in found])
    elif found:
        print_lines(_line(change) for change in found)
    else:
        print(say("config.same"))
    return 0


def _line(change: "Change") -> str:
    return say(
        f"config.change.{change.kind.value}",
        file=change.file,
        path=change.path,
        before=_short(change.before),
        after=_short(change.after),
        origin=change.origin,
    )


def _short(value: Any) -> str:
    text = json_module.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@app.command(name="diff", help=say("config.diff.help"))
def diff(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """The operator's files against the shipped ones, and what of the shipped ones they hide."""
    from mailintake.config.differences import changes, hidden, needless
    from mailintake.config.layers import layers_of

    layers = layers_of(config)
    found, covered, idle = changes(layers), hidden(layers), needless(layers)
    if json:
        gone = [one._asdict() for one in covered]
        print_json(changes=[c._asdict() for c in found], hidden=gone, needless=[s._asdict() for s in idle])
        return 0
    print_lines([*map(_line, found)] or [say("config.same")])
    if covered:
        print(say("config.hides", count=len(covered)))
        for one in covered:
            values = {"own": _short(one.own), "shipped": _short(one.shipped)}
            print(say("config.hidden", file=one.file, path=one.path, origin=one.origin, **values))
    if idle:
        hint(say("config.needless", count=len(idle)))
    return 0


@app.command(name="schema", help=say("config.schema.help"))
def schema(file: FileName = "", *, output: Output = None) -> int:
    """JSON schema of one file, or of all; with --output one .json file for each."""
    from mailintake.config import json_schema

    schemas = json_schema()
    if file and file not in schemas:
        raise UsageError(say("config.unknown", name=file, known=" ".join(schemas)), fix="mailintake config schema")
    chosen = {file: schemas[file]} if file else schemas
    if output is None:
        print(json_module.dumps(chosen[file] if file else chosen, ensure_ascii=False, indent=2))
        return 0
    output.mkdir(parents=True, exist_ok=True)
    for name, body in chosen.items():
        target = output / f"{name.removesuffix('.yaml').replace('/*', '')}.json"
        target.write_text(json_module.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        print(target)
    return 0
