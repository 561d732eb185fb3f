"""docs/handbook-rules.md, for operators: every key of every file in Chinese, each with an example.

Examples are what the shipped files say; where they are silent, the default, or the line KEY.example of keys.txt.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_origin

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from mailintake.config.files import BY_LOADER, FILES, KEYED
from mailintake.config.reference import collect
from mailintake.config.resource import resource
from mailintake.config.shape import bare, field_types

_SHOWN, _LONG = 3, 70  # entries and characters of an example
KEYS = "templates/messages/keys.txt"
TEXTS = "templates/messages/handbook.txt"


def lines_of(name: str) -> dict[str, str]:
    """Key → text of a file of plain lines."""
    told = resource(name).read_text("utf-8").splitlines()
    return {key: text for key, _, text in (line.partition(" = ") for line in told if line and not line.startswith("#"))}


def records() -> dict[str, Any]:
    """Name → dataclass of everything an operator writes, in order of the files."""
    described: dict[str, Any] = {}
    for shape in FILES.values():
        collect(bare(shape), described)
    return {name: cls for name, cls in described.items() if is_dataclass(cls)}


def keys_of(cls: Any) -> Iterator[Field[Any]]:
    """The keys that may stand in a file."""
    for field in fields(cls):
        if field.name != BY_LOADER and not (field.name == "key" and cls.__name__ in KEYED):
            yield field


def handbook() -> str:
    """The whole page."""
    told, texts, found = lines_of(KEYS), lines_of(TEXTS), examples()
    page = [texts["head"].replace("\\n", "\n"), "", f"| {texts['file']} | {texts['holds']} |", "|---|---|"]
    page += [f"| `{name}` | {_top(shape, told, texts)} |" for name, shape in FILES.items()]
    for name, cls in records().items():
        page += ["", f"## {name}", "", f"{told[name]}{texts['stop']}", ""]
        page += [f"| {texts['key']} | {texts['meaning']} | {texts['example']} |", "|---|---|---|"]
        for field in keys_of(cls):
            key = f"{name}.{field.name}"
            example = _example(field, found.get(key, MISSING), told.get(f"{key}.example"))
            cells = (f"`{field.name}`", told[key] + _required(field, texts), f"`{field.name}: {example}`")
            page.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join((*page, ""))


def _top(shape: Any, told: Mapping[str, str], texts: Mapping[str, str]) -> str:
    described: dict[str, Any] = {}
    collect(bare(shape), described)
    first = next((name for name, cls in described.items() if is_dataclass(cls)), None)
    return f"[{told[first]}](#{first.lower()})" if first else texts["words"]


def _required(field: Field[Any], texts: Mapping[str, str]) -> str:
    return texts["required"] if field.default is MISSING and field.default_factory is MISSING else ""


def examples() -> dict[str, Any]:
    """Record.key → the first value that a shipped file gives it."""
    found: dict[str, Any] = {}
    for name, shape in FILES.items():
        folder = resource("config")
        for path in sorted(folder.glob(name)):
            _walk(YAML(typ="safe", pure=True).load(path), shape, found)
    return found


def _walk(value: Any, shape: Any, found: dict[str, Any]) -> None:
    shape = bare(shape)
    if isinstance(shape, type) and is_dataclass(shape) and isinstance(value, Mapping):
        types = field_types(shape)
        for key, inside in value.items():
            if key in types and inside not in ("", None, [], {}):
                found.setdefault(f"{shape.__name__}.{key}", inside)
                _walk(inside, types[key], found)
    elif get_origin(shape) is tuple and isinstance(value, list):
        for inside in value:
            _walk(inside, get_args(shape)[0], found)
    elif isinstance(value, Mapping) and len(get_args(shape)) > 1:
        for inside in value.values():
            _walk(inside, get_args(shape)[1], found)


def _example(field: Field[Any], shipped: Any, told: str | None) -> str:
    if shipped is not MISSING:
        return _flow(shipped)
    if told is not None:
        return told
    return _flow(field.default_factory() if callable(field.default_factory) else field.default)


def _flow(value: Any) -> str:
    """One line of YAML; of long lists and mappings the beginning."""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Mapping):
        inside = [f"{key}: {_flow(one)}" for key, one in list(value.items())[:_SHOWN]]
        return "{" + ", ".join(inside) + (", …" if len(value) > _SHOWN else "") + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(one) for one in value[:_SHOWN]) + (", …" if len(value) > _SHOWN else "") + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _quoted(value if len(value) <= _LONG else f"{value[:_LONG]}…")
    return json.dumps(value)


def _quoted(text: str) -> str:
    """As it is where YAML reads it as that text inside a list, else in quotes."""
    if ":" in text:
        return json.dumps(text, ensure_ascii=False)
    try:
        plain = YAML(typ="safe", pure=True).load(f"[{text}]") == [text]
    except YAMLError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    print(handbook(), end="")  # noqa: T201
