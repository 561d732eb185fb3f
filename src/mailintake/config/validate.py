"""Plain data against a frozen value, by pydantic: every fault becomes a line with its place and a suggestion."""

import json
import os
from collections.abc import Iterable
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mailintake.config.problems import Fault, fault, nearest
from mailintake.config.shape import at, field_types, inner
from mailintake.config.sources import Source
from mailintake.config.tree import Loc

_WANT = {
    "string_type": "want-text",
    "int_type": "want-int",
    "int_from_float": "want-int",
    "float_type": "want-number",
    "bool_type": "want-bool",
    "tuple_type": "want-list",
    "list_type": "want-list",
    "dict_type": "want-mapping",
    "mapping_type": "want-mapping",
    "dataclass_type": "want-mapping",
    "date_type": "want-date",
    "date_parsing": "want-date",
    "date_from_datetime_parsing": "want-date",
    "time_type": "want-time",
    "time_parsing": "want-time",
    "path_type": "want-text",
}
_LIMITS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
_TOO_LARGE = ("lt", "le")
_ORDERS = ("add", "remove", "replace")
_SHOWN = 60
_SECRET = ("password", "passwd", "pwd", "secret", "token", "authorisation_code", "auth_code")


@cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
    """pydantic looks through every installed package for plug-ins of its own; we have none, and it takes long."""
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    return TypeAdapter(hint)


def build(hint: Any, data: Any, source: Source, loc: Loc = (), hidden: tuple[str, ...] = ()) -> Any:
    """The value of type `hint` that `data` (at `loc` of the source) describes, or None after reporting every fault.

    Strict: no text for a number, no number for a text. `hidden` are keys that the loader itself put in at the top.
    """
    annotated = _with_sources(hint, data, source, loc)
    try:
        return _adapter(hint).validate_json(json.dumps(annotated), strict=True)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False):
            _report(hint, error, source, loc, hidden)
        return None


def _with_sources(hint: Any, data: Any, source: Source, loc: Loc) -> Any:
    """The same data with `source: file:line` in every record that has such a field."""
    if isinstance(data, list):
        return [_with_sources(inner(hint, 0), item, source, (*loc, index)) for index, item in enumerate(data)]
    if not isinstance(data, dict):
        return data
    made = {key: _with_sources(inner(hint, key), item, source, (*loc, key)) for key, item in data.items()}
    here = at(hint, ())
    if isinstance(here, type) and is_dataclass(here) and "source" in field_types(here):
        if "source" in data:
            source.report((*loc, "source"), fault("reserved-key", key="source"), key=True)
        made["source"] = source.at(loc)
    return made


def _report(hint: Any, error: Any, source: Source, loc: Loc, hidden: tuple[str, ...]) -> None:
    kind, inside = error["type"], tuple(error["loc"])
    if inside[-1:] == ("[key]",):
        source.report((*loc, *inside[:-1]), _wrong_choice(error), key=True)
    elif kind in ("unexpected_keyword_argument", "extra_forbidden"):
        parent = at(hint, inside[:-1])
        known = [name for name in field_types(parent) if name not in (*hidden, "source")] if parent else []
        source.report((*loc, *inside), _unknown_key(str(inside[-1]), known), key=True)
    elif kind in ("missing", "missing_argument"):
        here = (*loc, *inside[:-1])
        source.report(here, fault("missing-key", key=inside[-1], near=source.beside(here)), key=True)
    elif kind == "enum":
        source.report((*loc, *inside), _wrong_choice(error, at(hint, inside)))
    else:
        source.report((*loc, *inside), _wrong_value(error))


def _unknown_key(key: str, known: Iterable[str]) -> Fault:
    """A password is told of without its value; nothing shows the line it stands in."""
    if key.lower().replace("-", "_") in _SECRET:
        return fault("secret-in-file", key=key)
    if key in _ORDERS:
        return fault("order-in-entry", key=key)
    return fault("unknown-key", key=key, near=nearest(key, known), known=", ".join(known))


def _wrong_choice(error: Any, choices: Any = None) -> Fault:
    known = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    if isinstance(choices, type) and issubclass(choices, Enum):
        known = [str(member.value) for member in choices]
    got = str(error["input"])
    return fault("wrong-choice", got=got, known=", ".join(known), near=nearest(got, known))


def _wrong_value(error: Any) -> Fault:
    got = shown(error["input"])
    if error["type"] in _WANT:
        return fault(_WANT[error["type"]], got=got)
    if error["type"] in _LIMITS:
        which = _LIMITS[error["type"]]
        return fault("too-large" if which in _TOO_LARGE else "too-small", limit=error["ctx"][which], got=got)
    return fault("wrong-value", got=got, detail=error["msg"])


def shown(got: Any) -> str:
    """A wrong value as a message quotes it: JSON, cut short."""
    text = json.dumps(got, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
