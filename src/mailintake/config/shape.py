"""Walking a type beside the data that should fill it: what fields there are, and what stands where."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from mailintake.config.tree import Loc


@cache
def field_types(cls: Any) -> dict[str, Any]:
    """Field name → annotation of a dataclass, in order."""
    hints = get_type_hints(cls, include_extras=True)
    return {f.name: hints[f.name] for f in fields(cls)}


@cache
def bare(hint: Any) -> Any:
    """The annotation without `| None` and without `Annotated`."""
    origin = get_origin(hint)
    if origin is Annotated:
        return bare(get_args(hint)[0])
    if origin in (Union, UnionType):
        options = [option for option in get_args(hint) if option is not NoneType]
        return bare(options[0]) if len(options) == 1 else hint
    return hint


def inner(hint: Any, step: str | int) -> Any:
    """The annotation one step down: a field, an item of a tuple, a value of a mapping; None where there is none."""
    fields_below, below = _below(hint)
    return below if fields_below is None else fields_below.get(str(step))


@cache
def _below(hint: Any) -> tuple[dict[str, Any] | None, Any]:
    """Of a record its fields; of anything else the one annotation of all that is in it."""
    hint = bare(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return field_types(hint), None
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple:
        return None, args[0]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return None, args[1]
    return None, None


def at(hint: Any, loc: Loc) -> Any:
    """The bare annotation at the end of a path, or None."""
    for step in loc:
        hint = inner(hint, step)
        if hint is None:
            return None
    return bare(hint)
