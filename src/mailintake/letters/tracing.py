"""Which templates a letter is made of, noted while it is made: a verdict about it holds as long as these do."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from jinja2 import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

_TOP = ""  # asked for by the program, not by a template


class Tracing(ImmutableSandboxedEnvironment):
    """Templates that cannot reach the program, and that tell what they ask for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As ever; what the library says depends on the type alone, and a letter asks for a thousand attributes."""
        key = type(obj), attr
        if key not in self._safe:
            self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return self._safe[key]

    def begin(self) -> None:
        """From now on it is something else that is made."""
        self._asked[_TOP].clear()

    def used(self, *always: str) -> frozenset[str]:
        """What was asked for since, those that were not there among them, with all that these ever asked for."""
        found, ahead = set[str](), [*always, *self._asked[_TOP]]
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += self._asked.get(name, ())
        return frozenset(found)

    def get_template(self, name: str | Template, parent: str | None = None, *rest: Any, **more: Any) -> Template:
        """As ever, and noted."""
        self._note((name,), parent)
        return super().get_template(name, parent, *rest, **more)

    def select_template(
        self, names: Iterable[str | Template], parent: str | None = None, *rest: Any, **more: Any
    ) -> Template:
        """As ever, and all of them noted."""
        told = tuple(names)
        self._note(told, parent)
        return super().select_template(told, parent, *rest, **more)

    def _note(self, names: Iterable[str | Template], parent: str | None) -> None:
        self._asked[parent or _TOP].update(str(name if isinstance(name, str) else name.name) for name in names)
