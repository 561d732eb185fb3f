"""mailintake config: what is in force, and schemas that let an editor complete the files."""

import json as json_module
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, print_json, print_lines
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError

app = make_app("config")

Changed = Annotated[bool, Parameter(name="--changed", help=say("config.changed.help"))]
File = Annotated[str, Parameter(help=say("config.file.help"))]
Output = Annotated[Path | None, Parameter(name="--output", help=say("config.output.help"))]


@app.command(name="show", help=say("config.show.help"))
def show(*, changed: Changed = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Every setting with its value and where it comes from; passwords are masked."""
    from mailintake.config import effective, load
    from mailintake.config.problems import words

    settings = [s for s in effective(load(config)) if not changed or s.origin != words("from_default")]
    if json:
        print_json(settings=[s._asdict() for s in settings])
    else:
        print_lines(aligned((s.path, s.value, s.origin) for s in settings))
    return 0


@app.command(name="schema", help=say("config.schema.help"))
def schema(file: File = "", *, output: Output = None) -> int:
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
