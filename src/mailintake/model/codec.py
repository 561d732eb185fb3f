"""Values to JSON and back, by their annotations: one codec for the database, the reader process and replay.

Dates and times are ISO 8601, enums their value, tuples lists. Decoding refuses what does not fit (ValueError), so a
reader process that was taken over cannot hand us anything but the declared shapes.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_PLAIN = (str, int, float, bool)


def encode(thing: Any) -> Any:
    """A JSON-ready form; defaults are left out of records so that stored values stay small."""
    if thing is None or (isinstance(thing, _PLAIN) and not isinstance(thing, Enum)):
        return thing
    if is_dataclass(thing) and not isinstance(thing, type):
        return {name: encode(v) for name, default in _shape(type(thing)) if (v := getattr(thing, name)) != default}
    if isinstance(thing, Enum):
        return thing.value
    if isinstance(thing, datetime | date):
        return thing.isoformat()
    if isinstance(thing, Mapping):
        return {str(key): encode(item) for key, item in thing.items()}
    if isinstance(thing, tuple | list | frozenset | set):
        return [encode(item) for item in (sorted(thing) if isinstance(thing, frozenset | set) else thing)]
    return thing


@cache
def _shape(cls: type) -> tuple[tuple[str, Any], ...]:
    """Name and default of every field; looked up once a class, since every stored case passes here."""
    return tuple((field.name, _default(field)) for field in fields(cls))


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def decode(cls: type[T], data: Any) -> T:
    """The value of type `cls` that `data` describes. ValueError when it does not fit."""
    return _decode(cls, data)  # type: ignore[no-any-return]


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _decode(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if hint is Any or hint is object:
        return data
    if origin in (Union, UnionType):
        return _decode_union(hint, data)
    if origin in (tuple, frozenset):
        return _decode_sequence(hint, origin, data)
    if origin is not None and issubclass(origin, Mapping):
        _require(isinstance(data, dict), hint, data)
        item = get_args(hint)[1]
        made = {key: _decode(item, element) for key, element in data.items()}
        return made if origin is dict else MappingProxyType(made)
    return _decode_plain(hint, data)


def _decode_union(hint: Any, data: Any) -> Any:
    options = get_args(hint)
    if data is None and NoneType in options:
        return None
    for option in options:
        if option is not NoneType:
            try:
                return _decode(option, data)
            except ValueError:
                continue
    raise ValueError(f"{data!r:.80} fits none of {hint}")


def _decode_sequence(hint: Any, origin: type, data: Any) -> Any:
    _require(isinstance(data, list | tuple), hint, data)
    args = get_args(hint)
    if origin is frozenset or args[1:] == (Ellipsis,):
        return origin(_decode(args[0], item) for item in data)
    _require(len(args) == len(data), hint, data)
    return tuple(_decode(arg, item) for arg, item in zip(args, data, strict=True))


def _decode_plain(hint: Any, data: Any) -> Any:
    if is_dataclass(hint):
        _require(isinstance(data, dict), hint, data)
        hints = _hints(hint)  # type: ignore[arg-type]
        unknown = data.keys() - hints.keys()
        _require(not unknown, hint, sorted(unknown))
        try:
            return cast("type[Any]", hint)(**{key: _decode(hints[key], item) for key, item in data.items()})
        except TypeError as missing:
            raise ValueError(str(missing)) from None
    if hint in (datetime, date):
        _require(isinstance(data, str), hint, data)
        return hint.fromisoformat(data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    _require(
        isinstance(hint, type) and isinstance(data, hint) and not (hint is int and isinstance(data, bool)), hint, data
    )
    return data


def _require(holds: bool, hint: Any, data: Any) -> None:
    if not holds:
        raise ValueError(f"{data!r:.80} is not {hint}")
