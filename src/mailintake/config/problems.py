"""Everything wrong with a configuration, collected: one printable line each, with a suggestion where one is near."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import NamedTuple

from ruamel.yaml import YAML

from mailintake.config.resource import resource

Place = tuple[int, int]  # line and column, from 1
NOWHERE: Place = (0, 0)


class Problem(NamedTuple):
    """One fault at one place of one file; sorts in reading order."""

    file: str
    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        """`file:line:column: path: message`, leaving out what is not known."""
        where = ":".join([self.file, *(str(number) for number in self.place if number)])
        return ": ".join(part for part in (where, self.path, self.message) if part)


class Problems:
    """A growing list of faults; nothing raises before all are found."""

    def __init__(self) -> None:
        """Empty."""
        self._found: list[Problem] = []

    def add(self, file: str, place: Place, path: str, message: str) -> None:
        """Remember one fault. The message comes from `words`."""
        self._found.append(Problem(file, place, path, message))

    def lines(self) -> tuple[str, ...]:
        """All faults as printable lines, by file and place, each once."""
        return tuple(str(problem) for problem in sorted(set(self._found)))

    def __bool__(self) -> bool:
        """Is anything wrong?"""
        return bool(self._found)


@cache
def _catalogue() -> dict[str, str]:
    loaded = YAML(typ="safe", pure=True).load(resource("templates/messages/config.yaml"))
    return {str(key): str(value) for key, value in loaded.items()}


def words(code: str, /, **values: object) -> str:
    """The operator's sentence for a fault, from templates/messages/config.yaml, filled in."""
    return _catalogue()[code].format(**values)


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """The tail of a message that offers the nearest known word, or nothing."""
    near = get_close_matches(wrong, sorted(known), n=1, cutoff=0.6)
    return words("suggestion", word=near[0]) if near else ""
