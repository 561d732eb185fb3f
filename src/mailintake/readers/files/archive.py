"""Archives opened member by member within limits; nothing is ever extracted by name (CWE-22, CWE-409)."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from mailintake.model.value import value
from mailintake.readers.names import flat_path
from mailintake.readers.port import Limits

_CHUNK = 64 * 1024
SKIPPED = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@value
class Member:
    """One file of an archive: `path` with its folders, bytes in out/<sha256>."""

    path: str
    sha256: str
    size: int


@value
class ArchiveReading:
    """What came out; `problem` is a finding code when not everything did."""

    members: tuple[Member, ...] = ()
    problem: str = ""
    detail: str = ""


class ArchiveRefusedError(Exception):
    """The archive breaks a rule; `problem` is the finding code."""

    def __init__(self, problem: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


@dataclass
class Budget:
    """What all archives of one mail together may still cost."""

    entries: int
    bytes: int
    ratio: int
    spent: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, limits: Limits) -> "Budget":
        """A full budget."""
        return cls(limits.archive_entries, limits.archive_bytes, limits.archive_ratio)

    def entry(self) -> None:
        """One more member. ArchiveRefusedError when there are too many."""
        self.entries -= 1
        if self.entries < 0:
            raise ArchiveRefusedError("archive.too_large", "entries")

    def take(self, count: int) -> None:
        """So many more bytes. ArchiveRefusedError when it is too much."""
        self.bytes -= count
        if self.bytes < 0:
            raise ArchiveRefusedError("archive.too_large", "bytes")


class Entry(NamedTuple):
    """A member before it is unpacked."""

    name: str
    declared: int  # bytes it says it has
    opener: Callable[[], BinaryIO]


def store_members(
    entries: Iterable[Entry], packed: int, out: Path, budget: Budget, limits: Limits, broken: list[str]
) -> Iterator[Member]:
    """Copy every member to out/<sha256> in chunks, with all limits watched. `packed` is the archive's own size.

    What is wrong with a member that cannot be read is added to `broken`. ArchiveRefusedError ends it all.
    """
    unpacked = 0
    for name, declared, opener in entries:
        if any(mark in name for mark in SKIPPED):
            continue
        budget.entry()
        if declared > limits.file_bytes:
            raise ArchiveRefusedError("archive.too_large", "member")
        try:
            with opener() as stream:
                member = _store(name, stream, out, budget, limits)
        except ArchiveRefusedError:
            raise
        except Exception as fault:  # a stranger's bytes in a library: the next member may be sound
            broken.append(type(fault).__name__)
            continue
        unpacked += member.size
        if unpacked > 2**20 and unpacked > budget.ratio * max(packed, 1):
            raise ArchiveRefusedError("archive.unsafe", "ratio")
        yield member


def _store(name: str, stream: BinaryIO, out: Path, budget: Budget, limits: Limits) -> Member:
    digest, size, temporary = hashlib.sha256(), 0, out / ".member"
    try:
        with temporary.open("wb") as target:
            while chunk := stream.read(_CHUNK):
                budget.take(len(chunk))
                size += len(chunk)
                if size > limits.file_bytes:
                    raise ArchiveRefusedError("archive.too_large", "member")
                digest.update(chunk)
                target.write(chunk)
        temporary.rename(out / digest.hexdigest())
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    return Member(flat_path(name), digest.hexdigest(), size)
