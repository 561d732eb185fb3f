"""Archives are opened within limits, under the names their sender gave, and never by path."""

import io
import struct
import zipfile
from pathlib import Path
from typing import Any

import py7zr
import pytest

from mailintake.readers.files.archive import Budget
from mailintake.readers.files.archive_formats import open_archive
from mailintake.readers.port import Limits

LIMITS = Limits()
PHOTO, FORM = b"\xff\xd8\xff photo", b"%PDF-1.7 form"


def gbk_zip(target: Path, members: dict[str, bytes]) -> Path:
    """A zip as Chinese Windows writes it: GBK names, no UTF-8 flag."""
    placeholder = {name: chr(97 + n) * len(name.encode("gbk")) for n, name in enumerate(members)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(placeholder[name], data)
    raw = buffer.getvalue()
    for name, stand_in in placeholder.items():
        raw = raw.replace(stand_in.encode(), name.encode("gbk"))
    target.write_bytes(raw)
    return target


def opened(file: Path, format_: str, out: Path, limits: Limits = LIMITS) -> Any:
    out.mkdir(exist_ok=True)
    return open_archive(file, format_, out, Budget.of(limits), limits)


def test_gbk_names_and_folders_come_out_right(tmp_path: Path) -> None:
    file = gbk_zip(tmp_path / "a.zip", {"张三/照片.jpg": PHOTO, "李喆/基本资料.pdf": FORM})
    reading = opened(file, "zip", tmp_path / "out")
    assert [m.path for m in reading.members] == ["张三/照片.jpg", "李喆/基本资料.pdf"]
    assert (tmp_path / "out" / reading.members[0].sha256).read_bytes() == PHOTO


def test_utf8_names_without_the_flag_are_not_taken_for_gbk(tmp_path: Path) -> None:
    name = "王五护照.jpg"
    stand_in = "0" * len(name.encode())
    with zipfile.ZipFile(tmp_path / "m.zip", "w") as archive:
        archive.writestr(stand_in, PHOTO)
    (tmp_path / "m.zip").write_bytes((tmp_path / "m.zip").read_bytes().replace(stand_in.encode(), name.encode()))
    assert [m.path for m in opened(tmp_path / "m.zip", "zip", tmp_path / "out").members] == [name]


def test_traversal_and_drive_letters_are_flattened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        for name in ("../../etc/passwd", "/etc/shadow", "C:/windows/x.jpg", "a/../b.jpg"):
            archive.writestr(name, PHOTO + name.encode())
    reading = opened(tmp_path / "t.zip", "zip", tmp_path / "out")
    assert [m.path for m in reading.members] == ["etc/passwd", "etc/shadow", "windows/x.jpg", "a/b.jpg"]
    assert not list(tmp_path.glob("**/passwd"))


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.bin", b"\0" * 30_000_000)
    assert opened(tmp_path / "b.zip", "zip", tmp_path / "out").problem == "archive.unsafe"


def test_a_member_that_lies_about_its_size_costs_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "l.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.bin", b"\0" * 5_000_000)
    raw = (tmp_path / "l.zip").read_bytes().replace(struct.pack("<I", 5_000_000), struct.pack("<I", 100))
    (tmp_path / "l.zip").write_bytes(raw)
    reading = opened(tmp_path / "l.zip", "zip", tmp_path / "out")
    assert reading.problem == "archive.unreadable"
    assert sum(f.stat().st_size for f in (tmp_path / "out").iterdir()) < 200_000


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "n.zip", "w") as archive:
        for n in range(20):
            archive.writestr(f"{n}.txt", b"x")
    reading = opened(tmp_path / "n.zip", "zip", tmp_path / "out", Limits(archive_entries=10))
    assert reading.problem == "archive.too_large"
    assert len(reading.members) == 10


@pytest.mark.parametrize("flag_at", [6])
def test_an_encrypted_zip_is_named_so(tmp_path: Path, flag_at: int) -> None:
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("x.txt", b"secret")
    raw = bytearray((tmp_path / "e.zip").read_bytes())
    raw[flag_at] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "e.zip").write_bytes(bytes(raw))
    assert opened(tmp_path / "e.zip", "zip", tmp_path / "out").problem == "archive.encrypted"


def test_a_7z_gives_its_members(tmp_path: Path) -> None:
    (tmp_path / "照片.jpg").write_bytes(PHOTO)
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w") as archive:
        archive.write(tmp_path / "照片.jpg", "张三/照片.jpg")
    reading = opened(tmp_path / "a.7z", "7z", tmp_path / "out")
    assert [m.path for m in reading.members] == ["张三/照片.jpg"]


def test_a_7z_with_a_password_is_named_so(tmp_path: Path) -> None:
    (tmp_path / "x.jpg").write_bytes(PHOTO)
    with py7zr.SevenZipFile(tmp_path / "p.7z", "w", password="x") as archive:
        archive.write(tmp_path / "x.jpg", "x.jpg")
    assert opened(tmp_path / "p.7z", "7z", tmp_path / "out").problem == "archive.encrypted"


@pytest.mark.parametrize("format_", ["zip", "7z", "rar"])
def test_rubbish_is_unreadable_and_nothing_worse(tmp_path: Path, format_: str) -> None:
    (tmp_path / "r").write_bytes(b"PK\x03\x04 Rar!\x1a\x07 7z\xbc\xaf\x27\x1c" * 50)
    assert opened(tmp_path / "r", format_, tmp_path / "out").problem == "archive.unreadable"
