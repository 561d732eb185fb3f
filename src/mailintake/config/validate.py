"""Plain data against a frozen value, by pydantic: every fault becomes a line with its place and a suggestion."""

import json
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mailintake.config.problems import suggestion, words
from mailintake.config.shape import at, field_types, inner
from mailintake.config.yaml_source import Loc, Source

_WANT = {
    "string_type": "want_text",
    "int_type": "want_int",
    "int_from_float": "want_int",
    "float_type": "want_number",
    "bool_type": "want_bool",
    "tuple_type": "want_list",
    "list_type": "want_list",
    "dict_type": "want_mapping",
    "mapping_type": "want_mapping",
    "dataclass_type": "want_mapping",
    "date_type": "want_date",
    "date_parsing": "want_date",
    "date_from_datetime_parsing": "want_date",
    "time_type": "want_time",
    "time_parsing": "want_time",
    "path_type": "want_text",
}
_LIMITS = {"greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le"}
_TOO_LARGE = ("lt", "le")
_SHOWN = 60


@cache
def _adapter(hint: Any) -> TypeAdapter[Any]:
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
            source.report((*loc, "source"), words("reserved_key", key="source"), key=True)
        made["source"] = source.at(loc)
    return made


def _report(hint: Any, error: Any, source: Source, loc: Loc, hidden: tuple[str, ...]) -> None:
    kind, inside = error["type"], tuple(error["loc"])
    if inside[-1:] == ("[key]",):
        source.report((*loc, *inside[:-1]), _choice_message(error), key=True)
    elif kind in ("unexpected_keyword_argument", "extra_forbidden"):
        parent = at(hint, inside[:-1])
        known = [name for name in field_types(parent) if name not in (*hidden, "source")] if parent else []
        key = str(inside[-1])
        source.report((*loc, *inside), words("unknown_key", key=key, suggestion=suggestion(key, known)), key=True)
    elif kind in ("missing", "missing_argument"):
        source.report((*loc, *inside[:-1]), words("missing", key=inside[-1]), key=True)
    elif kind == "enum":
        source.report((*loc, *inside), _choice_message(error, at(hint, inside)))
    else:
        source.report((*loc, *inside), _value_message(error))


def _choice_message(error: Any, choices: Any = None) -> str:
    known = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
    if isinstance(choices, type) and issubclass(choices, Enum):
        known = [str(member.value) for member in choices]
    got = str(error["input"])
    return words("wrong_choice", got=got, known=", ".join(known), suggestion=suggestion(got, known))


def _value_message(error: Any) -> str:
    got = shown(error["input"])
    if error["type"] in _WANT:
        return words(_WANT[error["type"]], got=got)
    if error["type"] in _LIMITS:
        which = _LIMITS[error["type"]]
        return words("too_large" if which in _TOO_LARGE else "too_small", limit=error["ctx"][which], got=got)
    return words("other_value", got=got, detail=error["msg"])


def shown(got: Any) -> str:
    """A wrong value as a message quotes it: JSON, cut short."""
    text = json.dumps(got, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
