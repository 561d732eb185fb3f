"""The two decorators for values: frozen, slotted, and, for what YAML describes, closed to unknown keys."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A frozen record of the program."""
    return dataclass(frozen=True, slots=True)(cls)


@dataclass_transform(frozen_default=True)
def config_value(cls: type[T]) -> type[T]:
    """A frozen record that an operator writes in YAML: pydantic validates it and refuses unknown keys."""
    made = dataclass(frozen=True, slots=True)(cls)
    made.__pydantic_config__ = {"extra": "forbid", "str_strip_whitespace": True}  # type: ignore[attr-defined]
    return made
