"""zip, 7z, rar and TNEF: who is in it, under which name, and a stream of each."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from mailintake.readers.files.archive import ArchiveReading, ArchiveRefusedError, Budget, Entry, Member, store_members
from mailintake.readers.files.archive_7z import entries_7z
from mailintake.readers.files.tnef import entries_tnef
from mailintake.readers.port import Limits

_ENCRYPTED = 0x1
_UTF8 = 0x800


def open_archive(file: Path, format_: str, out: Path, budget: Budget, limits: Limits) -> ArchiveReading:
    """Members of an archive, as far as the limits go. Never raises; a fault is a finding code.

    One broken member does not cost the others: they are given, and the archive keeps `archive.unreadable`.
    """
    members: list[Member] = []
    broken: list[str] = []
    try:
        entries = _ENTRIES[format_](file, out)
        for member in store_members(entries, file.stat().st_size, out, budget, limits, broken):
            members.append(member)
    except ArchiveRefusedError as refused:
        return ArchiveReading(tuple(members), refused.problem, str(refused))
    except Exception as fault:  # zipfile, zlib, py7zr and rarfile raise whatever the file provokes
        return ArchiveReading(tuple(members), "archive.unreadable", type(fault).__name__)
    return ArchiveReading(tuple(members), "archive.unreadable" if broken else "", ", ".join(broken))


def _zip(file: Path, _out: Path) -> Iterator[Entry]:
    with ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            if info.flag_bits & _ENCRYPTED:
                raise ArchiveRefusedError("archive.encrypted", "")
            yield zip_name(info), info.file_size, partial(_open_zip, archive, info)


def _open_zip(archive: ZipFile, info: ZipInfo) -> BinaryIO:
    return cast("BinaryIO", archive.open(info))


def zip_name(info: ZipInfo) -> str:
    """APPNOTE 4.4.4 bit 11 says UTF-8; without it UTF-8 is tried strictly, then GB18030: per entry, on raw bytes."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return info.filename


def _rar(file: Path, _out: Path) -> Iterator[Entry]:
    import rarfile

    rarfile.tool_setup(unrar=False, unar=True, bsdtar=False, sevenzip=False, sevenzip2=False)
    try:
        with rarfile.RarFile(file) as archive:
            if archive.needs_password():
                raise ArchiveRefusedError("archive.encrypted", "")
            for info in archive.infolist():
                if not info.is_dir():
                    yield info.filename, info.file_size, cast("Callable[[], BinaryIO]", partial(archive.open, info))
            if archive.strerror():  # the next volume, or the end of a file that was cut, is not here
                raise ArchiveRefusedError("archive.unreadable", "incomplete")
    except (rarfile.PasswordRequired, rarfile.RarWrongPassword) as locked:
        raise ArchiveRefusedError("archive.encrypted", "") from locked
    except rarfile.RarCannotExec as absent:
        raise ArchiveRefusedError("archive.unreadable", "unar not installed") from absent
    except rarfile.Error as fault:
        raise ArchiveRefusedError("archive.unreadable", type(fault).__name__) from fault


_ENTRIES: dict[str, Callable[[Path, Path], Iterator[Entry]]] = {
    "zip": _zip,
    "7z": entries_7z,
    "rar": _rar,
    "tnef": entries_tnef,
}
ARCHIVES = frozenset(_ENTRIES)
MAY_BE_EMPTY = frozenset({"tnef"})  # Outlook sends one for the colours of the text alone
