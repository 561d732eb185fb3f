"""docs/config.md, made from the dataclasses themselves: the comment behind a field is its documentation."""

import ast
import inspect
import json
import re
from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from mailintake.config.environment import VARIABLES
from mailintake.config.files import BY_LOADER, FILES, KEYED
from mailintake.config.shape import bare, field_types

_SIMPLE = {
    str: "text",
    int: "integer",
    float: "number",
    bool: "true or false",
    date: "date",
    time: "time",
    Path: "path",
}
_HEAD = """# Configuration

Made by `python -m mailintake.config.reference`; the test `tests/config/test_reference.py` fails when it is not current.

An operator's folder (`--config DIR` or `$MAILINTAKE_CONFIG`) is laid over the shipped files: for each `NAME.yaml` it
may hold a `NAME.yaml` and a folder `NAME.d` with further files, and each of them says only what differs. Files are
YAML 1.2. A key or a file that nothing reads is an error, and all errors are told at once with file, line and column.

| in an operator's file | does |
|---|---|
| `KEY: value` | changes one value; whatever stands beside it below stays |
| `KEY: null` | takes the value away, so that its default holds |
| `photo: {remove: true}` | takes a document kind or a fee away |
| `- {id: NAME, …}` | changes the entry of that name in a list of entries, or adds one |
| `- {id: NAME, remove: true}` | takes the entry away |
| `aliases: [one, two]` | replaces a list of words |
| `aliases: {add: [three], remove: [one]}` | adds words to the list below and takes others away |
| `cities: {replace: […]}` | replaces a list of entries as a whole |

Entries are known by their `id` (rules, prohibitions, variants), `kind` (requirements), `use` or `id` (checks,
conditions), `city`, `name` (mailboxes), or name and year (holidays). `mailboxes` of an operator take the place of the
shipped one. `mailintake config diff` shows what is changed, and what of a newer release it hides.

| variable | is |
|---|---|
{variables}

Any other `MAILINTAKE_*` is an error.
A password comes from `password_file` (mode 0600), else from `$CREDENTIALS_DIRECTORY/main.password` (systemd
`LoadCredential`), else from its variable. It never stands in a YAML file.
"""


def reference() -> str:
    """The whole page."""
    variables = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in VARIABLES.items())
    head = _HEAD.replace("{variables}", variables)
    described: dict[str, Any] = {}
    sections = [_file(name, shape, described) for name, shape in FILES.items()]
    records = [_record(cls) for cls in described.values()]
    return "\n".join([head, *sections, "## Records\n", *records])


def _file(name: str, shape: Any, described: dict[str, Any]) -> str:
    top = bare(shape)
    collect(top, described)
    if isinstance(top, type) and is_dataclass(top):
        return f"## `{name}`\n\n{_link(top)}.\n"
    return f"## `{name}`\n\n{_type(top)[0].upper()}{_type(top)[1:]}.\n"


def collect(shape: Any, described: dict[str, Any]) -> None:
    """Every dataclass and enum below `shape`, in order of reading."""
    shape = bare(shape)
    if isinstance(shape, type) and (is_dataclass(shape) or issubclass(shape, Enum)) and shape.__name__ not in described:
        described[shape.__name__] = shape
        for hint in field_types(shape).values() if is_dataclass(shape) else ():
            collect(hint, described)
    for inside in get_args(shape):
        if inside is not Ellipsis:
            collect(inside, described)


def _record(cls: Any) -> str:
    lines = [f"### {cls.__name__}", "", inspect.getdoc(cls) or "", ""]
    if issubclass(cls, Enum):
        notes = comments(cls)
        values = [f"- `{member.value}`" + _tail(notes.get(member.name, "")) for member in cls]
        return "\n".join([*lines, *values, ""])
    lines += ["| key | value | default | meaning |", "|---|---|---|---|"]
    notes = comments(cls)
    for f in fields(cls):
        if f.name == BY_LOADER or (f.name == "key" and cls.__name__ in KEYED):
            continue
        cells = (f"`{f.name}`", _type(field_types(cls)[f.name]), _default(f), notes.get(f.name, ""))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def comments(cls: type) -> dict[str, str]:
    """Name → the comment behind it, or the comment lines right above it, in the source of a class."""
    source = inspect.getsource(cls)
    lines = source.splitlines()
    body = ast.parse(source).body[0]
    return {name: _comment(lines, node) for name, node in _named(body)}


def _named(body: Any) -> Iterator[tuple[str, ast.stmt]]:
    for node in body.body:
        target = getattr(node, "target", None) or getattr(node, "targets", [None])[0]
        if isinstance(target, ast.Name):
            yield target.id, node


def _comment(lines: list[str], node: ast.stmt) -> str:
    behind = lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset or 0 :].decode()
    found = re.match(r"\s*#\s*(.*)", behind)
    if found:
        return found[1]
    above: list[str] = []
    for line in reversed(lines[: node.lineno - 1]):
        if not line.strip().startswith("#"):
            break
        above.insert(0, line.strip().lstrip("# "))
    return " ".join(above)


def _tail(text: str) -> str:
    return f": {text}" if text else ""


def _link(cls: type) -> str:
    return f"[{cls.__name__}](#{cls.__name__.lower()})"


def _type(hint: Any) -> str:
    hint = bare(hint)
    origin, args = get_origin(hint), get_args(hint)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if isinstance(hint, type) and origin is None and (is_dataclass(hint) or issubclass(hint, Enum)):
        return _link(hint)
    if origin is tuple:
        return f"list of {_type(args[0])}"
    if args:
        return f"mapping of {_type(args[0])} to {_type(args[1])}"
    return "any value"


def _default(field: Field[Any]) -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return "**required**"
    value = field.default if field.default_factory is MISSING else field.default_factory()
    if is_dataclass(value):
        return "its defaults"
    if isinstance(value, Enum | Path | date | time):
        return f"`{value:%H:%M}`" if isinstance(value, time) else f"`{value}`"
    return "" if value in (None, "", (), {}) else f"`{json.dumps(value, ensure_ascii=False)}`"


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201
