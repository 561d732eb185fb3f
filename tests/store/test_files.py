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
