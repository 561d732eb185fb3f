"""Everything wrong with a configuration, collected: code, place, sentence, and what mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from mailintake.config.catalogue import known_words, words
from mailintake.config.proven import Proven


class Severity(StrEnum):
    """Does it keep the configuration from being used?"""

    ERROR = "error"
    WARNING = "warning"


WARNINGS = frozenset(
    {"rule-shadowed", "rule-contradicts", "nothing-to-remove", "notice-off", "notice-works", "year-short"}
)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a configuration."""

    name: str  # the logical file it is a part of: documents.yaml, procedures/new.yaml, words
    label: str  # as messages and evidence name it
    path: Path  # where its bytes are
    editable: str = ""  # the operator's file in which the same can be said; empty: there is no operator's folder
    own: bool = True  # the operator's or a mailbox's; else shipped


class Spot(NamedTuple):
    """A place in a file; line and column from 1, 0 where there is none."""

    file: File
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`file:line`."""
        return f"{self.file.label}:{self.line}"


def nowhere(label: str) -> Spot:
    """The spot of something that is no place in a file: a folder, a variable, a file that is not there."""
    return Spot(File("", label, Path(label)))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: a code of templates/messages/config.txt, what fills its sentence, and the word probably meant."""

    code: str
    values: tuple[tuple[str, str], ...] = ()
    near: str = ""

    @property
    def message(self) -> str:
        """The sentence."""
        return words(self.code, **dict(self.values))

    @property
    def suggestion(self) -> str:
        """The nearest known word, else what the catalogue advises for the code, else nothing."""
        if self.near:
            return words("suggestion", word=self.near)
        return known_words(f"{self.code}.fix").format(**dict(self.values))


def fault(code: str, /, *, near: str = "", **values: object) -> Fault:
    """A fault with its values."""
    return Fault(code, tuple((key, str(item)) for key, item in values.items()), near)


def nearest(wrong: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that was probably meant, or an empty text. `likeness`: 1 is the same word."""
    return next(iter(get_close_matches(wrong, sorted(known), n=1, cutoff=likeness)), "")


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault at one place. A fault that shows in a shipped file is told of the operator's file that can mend it."""

    spot: Spot
    path: str  # photo.checks[0].use
    fault: Fault

    @property
    def code(self) -> str:
        """Stable; `mailintake explain CODE` tells more."""
        return self.fault.code

    @property
    def severity(self) -> Severity:
        """An error keeps the configuration from being used."""
        return Severity.WARNING if self.code in WARNINGS else Severity.ERROR

    @property
    def file(self) -> str:
        """The file to edit."""
        return self.spot.file.editable if self._shipped else self.spot.file.label

    @property
    def line(self) -> int:
        """Line in that file; 0 where it is not there yet."""
        return 0 if self._shipped else self.spot.line

    @property
    def column(self) -> int:
        """Column, as `line`."""
        return 0 if self._shipped else self.spot.column

    @property
    def message(self) -> str:
        """What is wrong, with the path of the value."""
        said = f"{self.path}: {self.fault.message}" if self.path else self.fault.message
        place = f"{self.spot.file.name}:{self.spot.line}"
        return f"{said}{words('in_shipped', place=place)}" if self._shipped else said

    @property
    def suggestion(self) -> str:
        """What to do; may be empty."""
        return self.fault.suggestion

    @property
    def _shipped(self) -> bool:
        return not self.spot.file.own and bool(self.spot.file.editable)

    def __str__(self) -> str:
        """`file:line:column: [code] path: message. suggestion`, leaving out what is not known."""
        where = ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])
        said = self.message
        if self.suggestion:
            said = words("with_advice", message=said, advice=self.suggestion)
        return f"{where}: [{self.code}] {said}"

    def row(self) -> dict[str, str | int]:
        """What `check --json` prints."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "suggestion": self.suggestion,
        }


class Problems:
    """A growing list of faults; nothing raises before all are found."""

    def __init__(self, proven: Proven | None = None) -> None:
        """Empty. `proven`: what need not be tried again."""
        self._found: dict[Problem, None] = {}
        self.told = 0  # how often something was reported, the same fault twice counted twice
        self.proven = proven or Proven()

    def add(self, spot: Spot, path: str, told: Fault) -> None:
        """Remember one fault."""
        self.told += 1
        self._found.setdefault(Problem(spot, path, told))

    def listed(self) -> tuple[Problem, ...]:
        """All of them in reading order, each once."""
        return tuple(sorted(self._found, key=lambda p: (p.file, p.line, p.column, p.path, str(p))))

    def errors(self) -> tuple[Problem, ...]:
        """Those that keep the configuration from being used."""
        return tuple(p for p in self.listed() if p.severity is Severity.ERROR)

    def __bool__(self) -> bool:
        """Is anything wrong that keeps the configuration from being used?"""
        return any(p.severity is Severity.ERROR for p in self._found)
