"""The two decorators for values: frozen, slotted, and, for what YAML describes, closed to unknown keys."""

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A frozen record of the program."""
    return _compared(_record(cls))


@dataclass_transform(frozen_default=True)
def config_value(cls: type[T]) -> type[T]:
    """A frozen record that an operator writes in YAML: pydantic validates it and refuses unknown keys."""
    made = value(cls)
    made.__pydantic_config__ = {"extra": "forbid", "str_strip_whitespace": True}  # type: ignore[attr-defined]
    return made


def _record(cls: type[T]) -> type[T]:
    """Without what the library would have Python compile for each class: there are three hundred, every command pays
    for them, and makes values of a few. What is the same for all is written once below; how one is made is compiled
    with the first of them. A field is a field: none is given by name only, or filled afterwards. Nor does the library
    word a docstring from the signature."""
    cls.__doc__ = cls.__doc__ or cls.__name__
    said = vars(cls)
    for name, shared in _SHARED.items():
        if name not in said:
            setattr(cls, name, shared)
    return dataclass(init=False, repr=False, eq=False, slots=True)(cls)


def _made_first(self: Any, *given: Any, **named: Any) -> None:
    """The first value of a class: from now on it has a function of its own."""
    home = next((cls for cls in type(self).__mro__ if vars(cls).get("__init__") is _made_first), None)
    if home is not None:  # else another thread was quicker
        home.__init__ = _init_of(home)  # type: ignore[misc]
    self.__init__(*given, **named)


def _init_of(home: type[Any]) -> Any:
    """As the library words it for a frozen record; each slot is filled by its own descriptor, which need not look for
    the slot as `object.__setattr__` does."""
    scope: dict[str, Any] = {"_absent": MISSING}
    taken, filled = ["self"], []
    for one in fields(home):
        scope[f"_fill_{one.name}"] = getattr(home, one.name).__set__
        told = one.name
        if one.default_factory is not MISSING:
            scope[f"_make_{one.name}"] = one.default_factory
            told = f"_make_{one.name}() if {one.name} is _absent else {one.name}"
            taken.append(f"{one.name}=_absent")
        elif one.default is not MISSING:
            scope[f"_default_{one.name}"] = one.default
            taken.append(f"{one.name}=_default_{one.name}")
        else:
            taken.append(one.name)
        filled.append(f" _fill_{one.name}(self, {told})\n")
    source = f"def __init__({', '.join(taken)}):\n{''.join(filled) or ' pass'}"
    exec(source, scope)  # noqa: S102 - names of our own fields, as the library does it
    made = scope["__init__"]
    made.__qualname__ = f"{home.__qualname__}.__init__"  # an error names it
    made.__module__ = home.__module__
    return made


@recursive_repr()
def _worded(self: Any) -> str:
    told = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({told})"


def _not_set(_self: Any, name: str, _given: Any) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _not_deleted(_self: Any, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _stated(self: Any, state: list[Any]) -> None:
    for one, held in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, held)


_SHARED: dict[str, Any] = {
    "__init__": _made_first,
    "__repr__": _worded,
    "__setattr__": _not_set,
    "__delattr__": _not_deleted,
    "__getstate__": _state,
    "__setstate__": _stated,
}


def _compared(cls: type[T]) -> type[T]:
    """Equal where class and fields are; hashed by these fields. What a class says itself of that stands."""
    said, told = vars(cls), fields(cls)  # type: ignore[arg-type]
    by_hand = said.get("__hash__") is not None
    if "__eq__" not in said:
        cls.__eq__ = _equal(_taken([one.name for one in told if one.compare]))  # type: ignore[method-assign]
    if not by_hand:
        hashed = [one.name for one in told if (one.compare if one.hash is None else one.hash)]
        cls.__hash__ = _hashed(_taken(hashed))  # type: ignore[method-assign]
    return cls


def _taken(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """The values of these fields; the library gives one alone without a tuple around it."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple([getattr(record, name) for name in names])


def _equal(taken: Callable[[Any], tuple[Any, ...]]) -> Any:
    def equal(self: Any, other: object) -> bool:
        return taken(self) == taken(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


def _hashed(taken: Callable[[Any], tuple[Any, ...]]) -> Any:
    def hashed(self: Any) -> int:
        return hash(taken(self))

    return hashed
