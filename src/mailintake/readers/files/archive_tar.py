"""tar, and single files or tars that were compressed: gzip, bzip2, xz, zstd. Read as a stream, member by member."""

import bz2
import gzip
import io
import lzma
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, cast

from mailintake.readers.files.archive import ArchiveRefusedError, Entry
from mailintake.readers.names import in_their_charset

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

COMPRESSED = frozenset({"gzip", "bzip2", "xz", "zstd"})
_LZMA_MEMORY = 256 * 2**20
_BLOCK = 512
_MOST_BYTES, _FREE_BYTES, _RATIO = 300 * 2**20, 4 * 2**20, 400  # of what comes out, beside the budget of the mail
ALONE = ""  # name of the member of a compressed file that holds no tar: it is called as its container


class _Measured(io.RawIOBase):
    """A stream that refuses to give more than it may: what a header claims is read before anybody counts members."""

    def __init__(self, stream: BinaryIO, packed: int) -> None:
        self.stream, self.packed, self.given = stream, packed, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self.stream.read(min(size, _FREE_BYTES) if size >= 0 else _FREE_BYTES)
        self.given += len(piece)
        if self.given > _MOST_BYTES:
            raise ArchiveRefusedError("archive.too_large", "bytes")
        if self.given > max(_FREE_BYTES, _RATIO * self.packed):
            raise ArchiveRefusedError("archive.unsafe", "ratio")
        return piece


def entries_tar(file: Path, _out: Path) -> Iterator[Entry]:
    """Regular members in order; links, devices and folders are nothing to read."""
    with file.open("rb") as stream:
        yield from _members(cast("BinaryIO", _Measured(stream, file.stat().st_size)))


def entries_compressed(file: Path, _out: Path) -> Iterator[Entry]:
    """The members of a compressed tar; else one member without a name."""
    packed = file.stat().st_size
    with closing(_opened(file)) as probe:
        is_tar = looks_like_tar(probe.read(_BLOCK))
    with closing(_opened(file)) as stream:
        measured = cast("BinaryIO", _Measured(stream, packed))
        if is_tar:
            yield from _members(measured)
        else:
            yield Entry(ALONE, 0, lambda: measured)


def looks_like_tar(block: bytes) -> bool:
    """POSIX.1-1988 magic, or the checksum that every tar header has had since 1979."""
    if len(block) < _BLOCK:
        return False
    if block[257:262] == b"ustar":
        return True
    stated = block[148:156].strip(b" \0")
    if not stated or not set(stated) <= set(b"01234567") or not block[0]:
        return False
    return int(stated, 8) == sum(block[:148]) + 8 * 0x20 + sum(block[156:_BLOCK])


def uncompressed_name(name: str) -> str:
    """照片.jpg of 照片.jpg.gz; a name without such an ending stays."""
    head, dot, ending = name.rpartition(".")
    return head if dot and head and ending.lower() in ("gz", "bz2", "xz", "zst") else name


def _members(stream: BinaryIO) -> Iterator[Entry]:
    with tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as archive:
        for member in archive:
            if member.isreg():
                name = in_their_charset(member.name.encode("utf-8", "surrogateescape"))
                yield Entry(name, member.size, _opener(archive, member))


def _opener(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], BinaryIO]:
    def opened() -> BinaryIO:
        content = archive.extractfile(member)
        if content is None:
            raise ArchiveRefusedError("archive.unreadable", "member without content")
        return cast("BinaryIO", content)

    return opened


def _opened(file: Path) -> BinaryIO:
    with file.open("rb") as stream:
        head = stream.read(6)
    if head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.open(file))
    if head.startswith(b"BZh"):
        return cast("BinaryIO", bz2.open(file))
    if head.startswith(b"\xfd7zXZ\x00"):
        return cast("BinaryIO", _Xz(file))
    return cast("BinaryIO", zstd.open(file))


class _Xz(io.RawIOBase):
    """lzma.open has no limit on the dictionary that a file may ask for."""

    def __init__(self, file: Path) -> None:
        self._file, self._pending = file.open("rb"), b""
        self._decoder = lzma.LZMADecompressor(format=lzma.FORMAT_AUTO, memlimit=_LZMA_MEMORY)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = size if size >= 0 else _FREE_BYTES
        while not self._decoder.eof:
            fed = self._file.read(1 << 16) if self._decoder.needs_input else b""
            piece = self._decoder.decompress(fed, wanted)
            if piece:
                return piece
            if self._decoder.needs_input and not fed:
                raise EOFError("cut")
        return b""

    def close(self) -> None:
        self._file.close()
        super().close()
