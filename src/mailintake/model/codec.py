"""Values to JSON and back, by their annotations: one codec for the database, the reader process and replay.

Dates and times are ISO 8601, enums their value, tuples lists. Decoding refuses what does not fit (ValueError), so a
reader process that was taken over cannot hand us anything but the declared shapes.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from operator import attrgetter
from types import MappingProxyType, NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
_Decoder = Callable[[Any], Any]
_Encoder = Callable[[Any], Any]
_PLAIN = frozenset({str, int, float, bool, NoneType})


def encode(thing: Any) -> Any:
    """A JSON-ready form; defaults are left out of records so that stored values stay small."""
    return thing if type(thing) in _PLAIN else _ENCODERS[type(thing)](thing)


class _Encoders(dict[type, _Encoder]):
    """By class what writes a value of it: every stored value passes here, and a class is looked at once."""

    def __missing__(self, cls: type) -> _Encoder:
        made = self[cls] = _encoder(cls)
        return made


_ENCODERS = _Encoders()


def _encoder(cls: type) -> _Encoder:
    if issubclass(cls, Enum):
        return attrgetter("value")
    if is_dataclass(cls):
        return _to_record(cls)
    if issubclass(cls, datetime | date | time):
        return cls.isoformat
    if issubclass(cls, Mapping):
        return _to_mapping
    if issubclass(cls, frozenset | set):
        return _to_sorted
    if issubclass(cls, tuple | list):
        return _to_list
    return cls.__fspath__ if hasattr(cls, "__fspath__") else _as_it_is


def _to_record(cls: type[Any]) -> _Encoder:
    shape = tuple((field.name, _default(field)) for field in fields(cls))

    def encoded(thing: Any) -> Any:
        made = {}
        for name, default in shape:
            held = getattr(thing, name)
            if held is not default and held != default:
                made[name] = held if type(held) in _PLAIN else _ENCODERS[type(held)](held)
        return made

    return encoded


def _to_mapping(thing: Any) -> Any:
    return {str(key): encode(item) for key, item in thing.items()}


def _to_list(thing: Any) -> Any:
    return [item if type(item) in _PLAIN else _ENCODERS[type(item)](item) for item in thing]


def _to_sorted(thing: Any) -> Any:
    return _to_list(sorted(thing))


def _default(field: Field[Any]) -> Any:
    return field.default if field.default_factory is MISSING else field.default_factory()


def decode(cls: type[T], data: Any) -> T:
    """The value of type `cls` that `data` describes. ValueError when it does not fit."""
    return _decoder(cls)(data)  # type: ignore[arg-type,no-any-return]


@cache
def _decoder(hint: Any) -> _Decoder:
    """What reads a value of that annotation: an annotation is taken apart once, and millions of values pass here."""
    origin = get_origin(hint)
    if hint is Any or hint is object:
        return _as_it_is
    if origin in (Union, UnionType):
        return _of_union(hint)
    if origin in (tuple, frozenset):
        return _of_sequence(hint, origin)
    if origin is not None and issubclass(origin, Mapping):
        return _of_mapping(hint, origin)
    if is_dataclass(hint):
        return _of_record(cast("type[Any]", hint))
    return _of_plain(hint)


def _as_it_is(data: Any) -> Any:
    return data


def _of_union(hint: Any) -> _Decoder:
    options = get_args(hint)
    others = tuple(_decoder(option) for option in options if option is not NoneType)

    def decoded(data: Any) -> Any:
        if data is None and NoneType in options:
            return None
        for other in others:
            try:
                return other(data)
            except ValueError:
                continue
        raise ValueError(f"{data!r:.80} fits none of {hint}")

    return decoded


def _of_sequence(hint: Any, origin: type) -> _Decoder:
    args = get_args(hint)
    items = tuple(_decoder(arg) for arg in args if arg is not Ellipsis)
    alike = origin is frozenset or args[1:] == (Ellipsis,)

    def decoded(data: Any) -> Any:
        _require(isinstance(data, list | tuple), hint, data)
        if alike:
            item = items[0]
            return origin([item(element) for element in data])
        _require(len(items) == len(data), hint, data)
        return tuple([item(element) for item, element in zip(items, data, strict=True)])

    return decoded


def _of_mapping(hint: Any, origin: type) -> _Decoder:
    item = _decoder(get_args(hint)[1])

    def decoded(data: Any) -> Any:
        _require(isinstance(data, dict), hint, data)
        made = {key: item(element) for key, element in data.items()}
        return made if origin is dict else MappingProxyType(made)

    return decoded


def _of_record(cls: type[Any]) -> _Decoder:
    fields_: dict[str, _Decoder] = {}  # filled at first use: a record may hold others of its kind

    def decoded(data: Any) -> Any:
        _require(isinstance(data, dict), cls, data)
        if not fields_:
            fields_.update((name, _decoder(hint)) for name, hint in get_type_hints(cls).items())
        unknown = data.keys() - fields_.keys()
        _require(not unknown, cls, sorted(unknown))
        try:
            return cls(**{key: fields_[key](item) for key, item in data.items()})
        except TypeError as missing:
            raise ValueError(str(missing)) from None

    return decoded


def _of_plain(hint: Any) -> _Decoder:
    if hint in (datetime, date, time) or hasattr(hint, "__fspath__"):
        return _of_text(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint

    def decoded(data: Any) -> Any:
        if hint is float and isinstance(data, int) and not isinstance(data, bool):
            return float(data)
        fits = isinstance(hint, type) and isinstance(data, hint) and not (hint is int and isinstance(data, bool))
        _require(fits, hint, data)
        return data

    return decoded


def _of_text(hint: Any) -> _Decoder:
    """Moments, days, hours and paths are written as text."""
    made = getattr(hint, "fromisoformat", hint)

    def decoded(data: Any) -> Any:
        _require(isinstance(data, str), hint, data)
        return made(data)

    return decoded


def _require(holds: bool, hint: Any, data: Any) -> None:
    if not holds:
        raise ValueError(f"{data!r:.80} is not {hint}")
