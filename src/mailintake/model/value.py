"""The two decorators for values: frozen, slotted, and, for what YAML describes, closed to unknown keys."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

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
    """Without what the library would have Python compile to compare two of them, a third of what a class costs: there
    are three hundred, and every command pays for them. Nor does it word a docstring from the signature."""
    cls.__doc__ = cls.__doc__ or cls.__name__
    return dataclass(frozen=True, slots=True, eq=False)(cls)


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
