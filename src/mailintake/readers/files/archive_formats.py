"""zip, 7z, rar, tar, compressed files and TNEF: who is in it, under which name, and a stream of each."""

import io
import stat
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZipFile, ZipInfo

from mailintake.readers.files.archive import ArchiveReading, ArchiveRefusedError, Budget, Entry, Member, store_members
from mailintake.readers.files.archive_7z import entries_7z
from mailintake.readers.files.archive_tar import COMPRESSED, entries_compressed, entries_tar
from mailintake.readers.files.embedded import entries_pdf, entries_uu
from mailintake.readers.files.tnef import entries_tnef
from mailintake.readers.names import in_their_charset
from mailintake.readers.port import Limits

_ENCRYPTED = 0x1
_UTF8 = 0x800
_DIRECTORY_END, _DIRECTORY_ENTRY, _MEMBER = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"


def open_archive(file: Path, format_: str, out: Path, budget: Budget, limits: Limits) -> ArchiveReading:
    """Members of an archive, as far as the limits go. Never raises; a fault is a finding code.

    One broken member does not cost the others: they are given, and the archive keeps `archive.unreadable`.
    """
    members: list[Member] = []
    broken: list[str] = []
    try:
        entries = entries_pdf(file, limits) if format_ == "pdf" else _ENTRIES[format_](file, out)
        for member in store_members(entries, file.stat().st_size, out, budget, limits, broken):
            members.append(member)
    except ArchiveRefusedError as refused:
        return ArchiveReading(tuple(members), refused.problem, str(refused))
    except Exception as fault:  # zipfile, zlib, py7zr and rarfile raise whatever the file provokes
        return ArchiveReading(tuple(members), "archive.unreadable", type(fault).__name__)
    return ArchiveReading(tuple(members), "archive.unreadable" if broken else "", ", ".join(broken))


def _zip(file: Path, _out: Path) -> Iterator[Entry]:
    with _opened_zip(file) as archive:
        folders = _folders(archive)
        for info in archive.infolist():
            if info.is_dir() or info.filename in folders:
                continue
            if info.flag_bits & _ENCRYPTED:
                raise ArchiveRefusedError("archive.encrypted", "")
            yield Entry(zip_name(info), info.file_size, partial(_open_zip, archive, info))


def _opened_zip(file: Path) -> ZipFile:
    """The archive; where its directory and its members speak of their names in different ways, a mended copy."""
    data = file.read_bytes()
    mended = honest_names(data)
    return ZipFile(file) if mended == data else ZipFile(io.BytesIO(mended))


def honest_names(data: bytes) -> bytes:
    """Bit 11 (APPNOTE 4.4.4) only where the name is in UTF-8: programs set it over GBK names; and the same name before
    the member as in the directory, where it is as long. zipfile refuses either, and the members are none the worse."""
    mended = bytearray(data)
    end = data.rfind(_DIRECTORY_END)
    at = int.from_bytes(data[end + 16 : end + 20], "little") if 0 <= end <= len(data) - 22 else len(data)
    while data[at : at + 4] == _DIRECTORY_ENTRY and at + 46 <= end:
        name, extra, comment = (_number(data, at + offset) for offset in (28, 30, 32))
        raw = data[at + 46 : at + 46 + name]
        _mend_flag(mended, at + 8, raw)
        member = int.from_bytes(data[at + 42 : at + 46], "little")
        if data[member : member + 4] == _MEMBER and _number(data, member + 26) == name:
            mended[member + 6 : member + 8] = mended[at + 8 : at + 10]
            mended[member + 30 : member + 30 + name] = raw
        at += 46 + name + extra + comment
    return bytes(mended)


def _number(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "little")


def _mend_flag(mended: bytearray, at: int, name: bytes) -> None:
    flags = _number(mended, at)
    if flags & _UTF8 and not _is_utf8(name):
        mended[at : at + 2] = (flags & ~_UTF8).to_bytes(2, "little")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _folders(archive: ZipFile) -> frozenset[str]:
    """Empty entries that other entries lie in: folders whose names lack their slash."""
    above = {name.rpartition("/")[0] for name in archive.namelist()}
    parents = {"/".join(path.split("/")[:n]) for path in above for n in range(1, path.count("/") + 2)}
    return frozenset(
        i.filename for i in archive.infolist() if not i.file_size and (i.filename in parents or _says_folder(i))
    )


def _says_folder(info: ZipInfo) -> bool:
    """By its attributes: of MS-DOS in the low byte, of Unix in the high half (APPNOTE 4.4.15)."""
    return bool(info.external_attr & 0x10) or stat.S_ISDIR(info.external_attr >> 16)


def _open_zip(archive: ZipFile, info: ZipInfo) -> BinaryIO:
    return cast("BinaryIO", archive.open(info))


def zip_name(info: ZipInfo) -> str:
    """APPNOTE 4.4.4 bit 11 says UTF-8; without it UTF-8 is tried strictly, then GB18030: per entry, on raw bytes."""
    if info.flag_bits & _UTF8:
        return info.filename
    try:
        return in_their_charset(info.filename.encode("cp437"))
    except UnicodeEncodeError:
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
                    opener = cast("Callable[[], BinaryIO]", partial(archive.open, info))
                    yield Entry(info.filename, info.file_size, opener)
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
    "tar": entries_tar,
    "uu": entries_uu,
    **dict.fromkeys(COMPRESSED, entries_compressed),
}
ARCHIVES = frozenset(_ENTRIES)
MAY_BE_EMPTY = frozenset({"tnef"})  # Outlook sends one for the colours of the text alone
