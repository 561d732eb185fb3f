"""7z by py7zr: sizes are looked at first, then one folder receives all members."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from mailintake.readers.files.archive import ArchiveRefusedError, Entry

_MAX_TOTAL = 300 * 2**20
_MAX_ENTRIES = 3000


def entries_7z(file: Path, out: Path) -> Iterator[Entry]:
    """Members in order. A solid archive can only be unpacked as a whole, so the declared total is the gate
    and RLIMIT_FSIZE of the reader process the second one."""
    import py7zr
    from py7zr.exceptions import ArchiveError, PasswordRequired

    try:
        with py7zr.SevenZipFile(file) as archive, tempfile.TemporaryDirectory(dir=out) as folder:
            if archive.needs_password():
                raise ArchiveRefusedError("archive.encrypted", "")
            infos = [info for info in archive.list() if not info.is_directory]
            if sum(info.uncompressed or 0 for info in infos) > _MAX_TOTAL:
                raise ArchiveRefusedError("archive.too_large", "bytes")
            if len(infos) > _MAX_ENTRIES:
                raise ArchiveRefusedError("archive.too_large", "entries")
            archive.extractall(path=folder)
            yield from _unpacked(Path(folder), [info.filename for info in infos])
    except PasswordRequired as locked:
        raise ArchiveRefusedError("archive.encrypted", "") from locked
    except ArchiveError as fault:
        raise ArchiveRefusedError("archive.unreadable", type(fault).__name__) from fault


def _unpacked(folder: Path, names: list[str]) -> Iterator[Entry]:
    """The members found below `folder`. A name such as //etc/passwd is a file of this machine, not of the archive."""
    astray = 0
    for name in names:
        path = Path(folder, name)
        if path.resolve().is_relative_to(folder.resolve()) and path.is_file() and not path.is_symlink():
            yield Entry(name, path.stat().st_size, cast("partial[BinaryIO]", partial(path.open, "rb")))
        else:
            astray += 1
    if astray:
        raise ArchiveRefusedError("archive.unreadable", f"{astray} members astray")
