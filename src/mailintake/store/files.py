"""Original bytes on a local disk, by content: ab/cd/sha256. Wholly there and on the disk, or not at all."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import Protocol

from mailintake.errors import StoreBusy, StoreUnusable

FREE_SPACE_FLOOR = 500 * 2**20  # bytes that must stay free: the database needs room to record what happened
CHUNK = 2**20
_AT_ONCE = 8  # files and folders that wait for the disk together
_FEW = 3  # so many one by one: threads would cost more than the waiting
_STALE_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{64}")
_PASSING = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.EINTR, errno.ENOMEM)


class Stream(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes | memoryview:
        """Some `size` bytes, good until the next are read; empty at the end."""


class Incoming:
    """Takes bytes in that are not kept before the end of LocalFiles.together."""

    def __init__(self, write: Callable[[Stream, int, dict[Path, str]], str], written: dict[Path, str]) -> None:
        self._write, self._written = write, written

    def take(self, stream: Stream, size: int) -> str:
        """What the stream gives, `size` bytes as far as known; gives its sha256. Nothing of it is kept when reading
        fails."""
        return self._write(stream, size, self._written)

    @property
    def hashes(self) -> tuple[str, ...]:
        """Of what is new among them."""
        return tuple(place.name for place in self._written)


class LocalFiles:
    """Content-addressed files below `root`; implements store.port.FileStore. Readable by their owner only."""

    def __init__(self, root: Path, *, free_space_floor: int = FREE_SPACE_FLOOR) -> None:
        self.root = root
        self._floor = free_space_floor
        self._incoming = root / "incoming"
        with _disk_faults():
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            _drop_stale(self._incoming)

    def put(self, source: Path) -> str:
        """Copy a finished file; give its sha256. Links and other special files are refused (ValueError).

        It is copied, not moved: the reader process could still hold the source open and change it after we hashed it.
        """
        return self.put_all((source,))[0]

    def put_all(self, sources: Iterable[Path]) -> tuple[str, ...]:
        """The same for several that become durable together: all their names cost the disk little more than one."""
        with self.together() as incoming:
            return tuple(self._copy(source, incoming) for source in sources)

    def put_bytes(self, data: bytes) -> str:
        """The same for bytes in memory. Costs no writing when they are known already."""
        sha256 = hashlib.sha256(data).hexdigest()
        return sha256 if self.exists(sha256) else self.take(BytesIO(data), len(data))

    def path(self, sha256: str) -> Path:
        """Path of those bytes. KeyError when absent."""
        path = self._place(sha256)
        if not path.is_file():
            raise KeyError(sha256)
        return path

    def exists(self, sha256: str) -> bool:
        """Is it there?"""
        return self._place(sha256).is_file()

    def hashes(self) -> Iterator[str]:
        """Every stored sha256, in order."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if NAME.fullmatch(path.name):
                yield path.name

    def digest(self, sha256: str) -> str:
        """The sha256 of the bytes that lie there. KeyError when absent."""
        with self.path(sha256).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def delete(self, sha256: str) -> None:
        """Those bytes are gone for good; nothing happens when they were not there. StoreUnusable when they stay."""
        with suppress(KeyError), _disk_faults():
            place = self._place(sha256)
            place.unlink(missing_ok=True)
            if place.parent.is_dir():
                _fsync(place.parent)

    def drop_unused(self, seconds: float) -> None:
        """Remove what was not touched for so long; for folders that hold mere copies."""
        for path in self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > seconds:
                    path.unlink()

    def _place(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise KeyError(sha256)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def take(self, stream: Stream, size: int) -> str:
        """Keep what the stream gives, `size` bytes as far as known; give its sha256."""
        with self.together() as incoming:
            return incoming.take(stream, size)

    @contextmanager
    def together(self) -> Iterator["Incoming"]:
        """What is taken inside becomes durable at the end, at one go; after an exception nothing is left of it."""
        written: dict[Path, str] = {}
        try:
            yield Incoming(self._write, written)
            with _disk_faults():
                _settle(written)
        finally:
            for temporary in written.values():
                os.unlink(temporary)

    def _copy(self, source: Path, incoming: "Incoming") -> str:
        try:
            descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as fault:
            if fault.errno == errno.ELOOP:
                raise ValueError(f"{source} is a link") from None
            raise
        with open(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not S_ISREG(status.st_mode):
                raise ValueError(f"{source} is not a plain file")
            return incoming.take(stream, status.st_size)

    def _write(self, stream: Stream, size: int, written: dict[Path, str]) -> str:
        with _disk_faults():
            if shutil.disk_usage(self.root).free < self._floor + size:
                raise OSError(errno.ENOSPC, f"less than {self._floor // 2**20} MB would be free")
            handle, name = tempfile.mkstemp(dir=self._incoming)
            is_new = False
            try:
                with open(handle, "wb") as target:
                    digest = hashlib.sha256()
                    while chunk := stream.read(CHUNK):
                        digest.update(chunk)
                        target.write(chunk)
                    target.flush()
                    place = self._place(sha256 := digest.hexdigest())
                    if place not in written and not place.is_file():
                        written[place] = name
                        is_new = True
            finally:
                if not is_new:
                    os.unlink(name)
            return sha256


def _settle(written: dict[Path, str]) -> None:
    """Names after bytes; and every folder once, when all names are in it. What has its name is no longer among the
    written."""
    _to_disk(map(Path, written.values()))
    grown: dict[Path, None] = {}
    for place in written:
        folder = place.parent
        if not folder.is_dir():
            for made in (folder.parent, folder):
                if not made.is_dir():
                    made.mkdir(mode=0o700, exist_ok=True)
                    grown[made.parent] = None
        grown[folder] = None
    for place, temporary in tuple(written.items()):
        os.replace(temporary, place)
        del written[place]
    _to_disk(grown)


def _to_disk(paths: Iterable[Path]) -> None:
    """The bytes of files, the names in folders. Many at once: the disk writes its journal once for all that wait."""
    several = tuple(paths)
    for _ in map(_fsync, several) if len(several) <= _FEW else _waiting().map(_fsync, several):
        pass  # the first fault is raised


@lru_cache(maxsize=1)
def _waiting() -> ThreadPoolExecutor:
    """Threads that do nothing but wait for the disk."""
    return ThreadPoolExecutor(_AT_ONCE, "fsync")


os.register_at_fork(after_in_child=_waiting.cache_clear)  # threads stay behind in the parent


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _drop_stale(folder: Path) -> None:
    """What a crash left half-written. Young files may belong to another worker and stay."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()


@contextmanager
def _disk_faults() -> Iterator[None]:
    """OSError in the words of errors.py: what passes by itself is StoreBusy, the rest needs a person."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _PASSING:
            raise StoreBusy(f"the file store cannot be written now: {fault}") from fault
        raise StoreUnusable(
            f"the file store cannot be written: {fault}", fix="free some space, or see permissions and disk"
        ) from fault
