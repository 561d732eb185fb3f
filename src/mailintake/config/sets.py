"""Sets of rules that were applied, each kept whole, and the pointer that names the one in force.

`DATA/rules/sets/VERSION` holds the operator's files of a set (the shipped ones come with the program), `active` names
one of them, `history.jsonl` says who put it in force and why, `settings` is the last mailintake.yaml that was good.
A set never changes; the pointer is replaced in one step, so whoever looks sees the old set or the new one.
"""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from mailintake.config.layers import EXAMPLES, SETTINGS, TEMPLATES, Layer
from mailintake.errors import StoreUnusable

MAILBOXES = "mailboxes"  # below a set: the files of mailboxes with rules of their own
_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


class Turn(StrEnum):
    """How a set came into force."""

    FIRST = "first"  # the service started for the first time
    APPLY = "apply"
    ROLLBACK = "rollback"


@dataclass(frozen=True)
class Applied:
    """One change of the set in force."""

    version: str
    at: datetime  # aware
    by: str
    turn: Turn
    why: str = ""
    second: str = ""  # who agreed, where two people are needed
    before: str = ""  # the version that was in force until then


@dataclass(frozen=True)
class Proposal:
    """A candidate that waits for a second person."""

    version: str
    at: datetime
    by: str
    why: str = ""


class Sets:
    """The sets of one installation, below its data folder. OSError where the disk does not do its part."""

    def __init__(self, data_folder: Path) -> None:
        self.root = data_folder / "rules"
        self._pointer, self._history = self.root / "active", self.root / "history.jsonl"
        self._proposal = self.root / "proposal.json"
        self.settings = self.root / "settings"

    def active(self) -> str:
        """The version in force; empty where none was ever applied."""
        with suppress(OSError):
            return self._pointer.read_text("ascii").strip()
        return ""

    def stamp(self) -> tuple[int, int]:
        """Changes whenever another set is put in force; costs one look at the disk."""
        with suppress(OSError):
            told = self._pointer.stat()
            return told.st_mtime_ns, told.st_ino
        return (0, 0)

    def folder(self, version: str) -> Path:
        """Where the operator's files of that set lie."""
        return self.root / "sets" / version

    def known(self, version: str) -> bool:
        """Is that set kept?"""
        return bool(version) and self.folder(version).is_dir()

    def keep(self, version: str, folder: Path | None, mailboxes: Mapping[str, Path]) -> None:
        """Copy the operator's files as they are now; a set that is kept already stays as it is."""
        if self.known(version):
            return
        partial = self.folder(f".{version}.{os.getpid()}")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=_FOLDER_MODE, parents=True)
        for source, target in _copies(folder, mailboxes, partial):
            _copy(source, target)
        with suppress(OSError):  # somebody else kept the same one meanwhile
            partial.rename(self.folder(version))
        shutil.rmtree(partial, ignore_errors=True)

    def activate(self, applied: Applied) -> None:
        """Put a kept set in force."""
        if not self.known(applied.version):
            raise StoreUnusable(f"the rule set {applied.version} is not kept")
        with self._history.open("a", encoding="utf-8") as stream:
            row = asdict(applied) | {"at": applied.at.isoformat(), "turn": applied.turn.value}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        _replaced(self._pointer, applied.version + "\n")
        self._proposal.unlink(missing_ok=True)

    def history(self) -> tuple[Applied, ...]:
        """Every change, oldest first; a line that a crash cut short is left out."""
        if not self._history.is_file():
            return ()
        return tuple(_read(self._history.read_text("utf-8")))

    def propose(self, proposal: Proposal) -> None:
        """Remember that somebody wants this candidate and a second person must agree."""
        self.root.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        _replaced(self._proposal, json.dumps(asdict(proposal) | {"at": proposal.at.isoformat()}, ensure_ascii=False))

    def proposal(self) -> Proposal | None:
        """The candidate that waits, if there is one."""
        with suppress(OSError, ValueError, TypeError):
            row = json.loads(self._proposal.read_text("utf-8"))
            return Proposal(**row | {"at": datetime.fromisoformat(row["at"])})
        return None

    def keep_settings(self, folder: Path | None) -> None:
        """Remember the operator's mailintake.yaml, which was found good."""
        if folder is None:
            return
        found = Layer(folder, "", own=True).logical().get(SETTINGS, [])
        kept = Layer(self.settings, "", own=True).logical().get(SETTINGS, []) if self.settings.is_dir() else []
        if [(p.name, p.read_bytes()) for p in found] == [(p.name, p.read_bytes()) for p in kept]:
            return
        partial = self.root / f".settings.{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=_FOLDER_MODE, parents=True)
        for path in found:
            _copy(path, partial / path.relative_to(folder))
        shutil.rmtree(self.settings, ignore_errors=True)
        partial.rename(self.settings)


def _copies(folder: Path | None, mailboxes: Mapping[str, Path], target: Path) -> Iterator[tuple[Path, Path]]:
    """Every file that makes the set, with where it goes; the settings are none of them."""
    places = {target / MAILBOXES / name: place for name, place in mailboxes.items()}
    if folder is not None:
        places[target] = folder
    for to, place in places.items():
        for path in rule_files(place):
            yield path, to / path.relative_to(place)


def rule_files(folder: Path) -> Iterator[Path]:
    """The files of an operator's folder that make its rules: YAML, templates, examples. No settings, no secrets."""
    for name, paths in Layer(folder, "", own=True).logical().items():
        if name != SETTINGS:
            yield from paths
    for path in sorted((folder / TEMPLATES).rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield path
    yield from example_files(folder)


def example_files(folder: Path) -> list[Path]:
    """The examples of an operator's folder, at its top or in `tests/`."""
    return sorted((*folder.glob(f"*{EXAMPLES}"), *(folder / "tests").rglob(f"*{EXAMPLES}")))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(_FILE_MODE)


def _replaced(path: Path, text: str) -> None:
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    with scratch.open("w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    scratch.replace(path)


def _read(text: str) -> Iterator[Applied]:
    for line in text.splitlines():
        with suppress(ValueError, KeyError, TypeError):
            row = json.loads(line)
            yield Applied(**row | {"at": datetime.fromisoformat(row["at"]), "turn": Turn(row["turn"])})
