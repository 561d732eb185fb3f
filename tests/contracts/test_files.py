"""What every store of original bytes promises: on the local disk and in a bucket."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.support.s3 import ACCOUNT, Moto, moto

from mailintake.store.originals import open_files
from mailintake.store.port import FileStore


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[Moto]:
    with moto() as running:
        yield running


@pytest.fixture(params=["local", "s3"])
def originals(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The setting."""
    if request.param == "local":
        return ""
    for name, told in ACCOUNT.items():
        monkeypatch.setenv(name, told)
    server: Moto = request.getfixturevalue("bucket_server")
    return server.url(server.new_bucket())


@pytest.fixture
def files(originals: str, tmp_path: Path) -> FileStore:
    return open_files(originals, tmp_path / "data")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_bytes_come_back_under_their_hash(files: FileStore, tmp_path: Path) -> None:
    source = tmp_path / "fetched"
    source.write_bytes(b"a mail")
    assert files.put(source) == files.put_bytes(b"a mail") == digest(b"a mail")
    assert source.read_bytes() == b"a mail"
    assert files.path(digest(b"a mail")).read_bytes() == b"a mail"
    assert files.exists(digest(b"a mail"))
    assert files.digest(digest(b"a mail")) == digest(b"a mail")
    assert list(files.hashes()) == [digest(b"a mail")]


@pytest.mark.parametrize("size", [0, 1, 2**20, 2**20 + 1, 3_000_017])
def test_every_size_is_kept_whole(files: FileStore, tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    source = tmp_path / "fetched"
    source.write_bytes(data)
    assert files.path(files.put(source)).read_bytes() == data


def test_the_next_program_start_finds_what_the_last_one_kept(files: FileStore, originals: str, tmp_path: Path) -> None:
    kept = {files.put_bytes(f"mail {number}".encode()) for number in range(20)}
    again = open_files(originals, tmp_path / "data")
    assert list(again.hashes()) == sorted(kept)
    assert {digest(again.path(sha256).read_bytes()) for sha256 in kept} == kept


def test_absent_bytes_are_a_key_error_and_a_name_is_never_a_path(files: FileStore) -> None:
    for name in ("0" * 64, "../../etc/passwd", "", "A" * 64):
        with pytest.raises(KeyError):
            files.path(name)
        with pytest.raises(KeyError):
            files.digest(name)
    assert not files.exists("0" * 64)


def test_what_is_deleted_is_gone_and_may_be_deleted_again(files: FileStore, originals: str, tmp_path: Path) -> None:
    gone, kept = files.put_bytes(b"a passport"), files.put_bytes(b"a letter")
    for _ in range(2):
        files.delete(gone)
    files.delete("../../etc/passwd")
    assert list(files.hashes()) == [kept]
    again = open_files(originals, tmp_path / "data")
    for store in (files, again):
        assert not store.exists(gone)
        with pytest.raises(KeyError):
            store.path(gone)


def test_links_and_pipes_are_not_taken(files: FileStore, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(ValueError, match=name):
            files.put(tmp_path / name)
    assert list(files.hashes()) == []


def test_two_that_put_the_same_bytes_at_once_are_content(files: FileStore) -> None:
    with ThreadPoolExecutor(4) as crew:
        assert set(crew.map(files.put_bytes, [b"one mail"] * 8)) == {digest(b"one mail")}
    assert list(files.hashes()) == [digest(b"one mail")]


def test_nobody_else_on_this_machine_may_read_them(files: FileStore) -> None:
    path = files.path(files.put_bytes(b"a passport"))
    assert path.stat().st_mode & 0o077 == 0
