"""Original bytes are wholly there or not at all, and never at the cost of the last free space."""

import errno
import hashlib
import os
from pathlib import Path

import pytest

from mailintake.errors import StoreBusy, StoreUnusable
from mailintake.store.files import LocalFiles


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_bytes_come_back_under_their_hash(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "originals")
    source = tmp_path / "fetched"
    source.write_bytes(b"a mail")
    assert files.put(source) == files.put_bytes(b"a mail") == digest(b"a mail")
    assert source.exists()
    path = files.path(digest(b"a mail"))
    assert path.read_bytes() == b"a mail"
    assert path.relative_to(files.root).parts[:2] == (path.name[:2], path.name[2:4])
    assert path.stat().st_mode & 0o077 == 0
    assert list(files.hashes()) == [digest(b"a mail")]
    assert list((files.root / "incoming").iterdir()) == []


def test_an_absent_file_is_a_key_error_and_a_name_is_never_a_path(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path)
    for name in ("0" * 64, "../../etc/passwd", ""):
        with pytest.raises(KeyError):
            files.path(name)
    assert not files.exists("0" * 64)


def test_the_last_free_space_is_not_used(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path, free_space_floor=2**60)
    with pytest.raises(StoreUnusable, match="would be free") as refused:
        files.put_bytes(b"a mail")
    assert "free some space" in refused.value.fix
    assert list(files.hashes()) == []


@pytest.mark.parametrize(
    ("number", "raised"), [(errno.ENOSPC, StoreUnusable), (errno.EIO, StoreUnusable), (errno.EMFILE, StoreBusy)]
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, raised: type[Exception], call: str
) -> None:
    files = LocalFiles(tmp_path)

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as broken:
        broken.setattr(os, call, fail)
        with pytest.raises(raised):
            files.put_bytes(b"a mail")
    assert not files.exists(digest(b"a mail"))
    assert list((tmp_path / "incoming").iterdir()) == []
    assert files.path(files.put_bytes(b"a mail")).read_bytes() == b"a mail"


def test_what_a_crash_left_half_written_goes_away_after_a_day(tmp_path: Path) -> None:
    LocalFiles(tmp_path)
    old, young = tmp_path / "incoming" / "old", tmp_path / "incoming" / "young"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    LocalFiles(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_several_are_kept_together_and_equal_ones_once(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "originals")
    known = files.put_bytes(b"known")
    for name, data in (("a", b"a"), ("b", b"known"), ("c", b"a"), ("d", b"d")):
        (tmp_path / name).write_bytes(data)
    given = files.put_all(tmp_path / name for name in "abcd")
    assert given == (digest(b"a"), known, digest(b"a"), digest(b"d"))
    assert set(files.hashes()) == set(given)
    assert list((files.root / "incoming").iterdir()) == []
    assert files.put_all(()) == ()


def test_one_of_several_that_cannot_be_kept_leaves_none_half_written(tmp_path: Path) -> None:
    files = LocalFiles(tmp_path / "originals")
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(ValueError, match="link"):
        files.put_all((tmp_path / "a", tmp_path / "link"))
    assert list(files.hashes()) == []
    assert list((files.root / "incoming").iterdir()) == []


def test_the_names_of_many_files_are_written_to_the_disk_at_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, calls, sync, replace = LocalFiles(tmp_path / "originals"), list[str](), os.fsync, os.replace

    def synced(number: int) -> None:
        is_folder = Path(os.readlink(f"/proc/self/fd/{number}")).is_dir()
        calls.append("folder" if is_folder else "bytes")
        sync(number)

    def named(source: Path, target: Path) -> None:
        calls.append("name")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", named)
    for number in range(5):
        (tmp_path / f"{number}").write_bytes(b"%d" % number)
    files.put_all(tmp_path / f"{number}" for number in range(5))
    assert calls[:10] == ["bytes"] * 5 + ["name"] * 5  # no name before its bytes
    assert set(calls[10:]) == {"folder"}  # and no journal between two names
