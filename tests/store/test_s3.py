"""A bucket as the place of originals: what its faults mean, and that the bucket counts, not the copy here."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.s3 import ACCOUNT, Moto, moto
from tests.support.stored import NOW, a_letter, ref

from mailintake.config.originals import Bucket, bucket_of
from mailintake.errors import StoreBusy, StoreUnusable
from mailintake.model.letter import OutboxState
from mailintake.store.backup import backup, restore
from mailintake.store.files import LocalFiles
from mailintake.store.open import SqlStore, open_store
from mailintake.store.originals import open_files
from mailintake.store.port import FileStore
from mailintake.store.s3 import S3Files


@pytest.fixture(scope="module")
def server() -> Iterator[Moto]:
    with moto() as running:
        yield running


@pytest.fixture(autouse=True)
def _account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, told in ACCOUNT.items():
        monkeypatch.setenv(name, told)


@pytest.fixture
def bucket(server: Moto) -> Bucket:
    return Bucket(server.new_bucket(), "one/", server.endpoint)


@pytest.fixture
def files(bucket: Bucket, tmp_path: Path) -> S3Files:
    return S3Files(bucket, tmp_path / "cache")


def test_another_machine_reads_what_this_one_put(bucket: Bucket, files: S3Files, tmp_path: Path) -> None:
    sha256 = files.put_bytes(b"a mail")
    assert S3Files(bucket, tmp_path / "elsewhere").path(sha256).read_bytes() == b"a mail"


def test_prefixes_keep_two_offices_apart(bucket: Bucket, files: S3Files, tmp_path: Path) -> None:
    sha256 = files.put_bytes(b"a mail")
    other = S3Files(Bucket(bucket.name, "two/", bucket.endpoint), tmp_path / "elsewhere")
    assert (list(files.hashes()), list(other.hashes()), other.exists(sha256)) == ([sha256], [], False)


def test_the_object_bears_its_hash_as_name_below_the_prefix(server: Moto, bucket: Bucket, files: S3Files) -> None:
    sha256 = files.put_bytes(b"a mail")
    told = server.client().get_object(Bucket=bucket.name, Key=f"one/{sha256}")
    assert told["Body"].read() == b"a mail"


def test_changed_bytes_are_never_given_out_and_verify_names_them(
    server: Moto, bucket: Bucket, files: S3Files, tmp_path: Path
) -> None:
    store = open_store(f"sqlite:///{tmp_path}/x.db", files)
    changed, lost = store.files.put_bytes(b"one"), store.files.put_bytes(b"two")
    with store.begin() as unit:
        unit.add_message(changed, ref(1), 3, NOW)
        unit.add_message(lost, ref(2), 3, NOW)
    assert store.verify() == ()
    server.client().put_object(Bucket=bucket.name, Key=f"one/{changed}", Body=b"onE")
    server.client().delete_object(Bucket=bucket.name, Key=f"one/{lost}")
    assert store.verify() == (
        f"file {changed} does not hold the bytes of its name",
        f"mail 2: its file {lost} is missing",
    )
    for sha256 in (changed, lost):
        with pytest.raises(KeyError):
            S3Files(bucket, tmp_path / "elsewhere").path(sha256)
    store.close()


def test_a_copy_here_that_the_bucket_lacks_is_put_again(server: Moto, bucket: Bucket, files: S3Files) -> None:
    sha256 = files.put_bytes(b"a mail")
    server.client().delete_object(Bucket=bucket.name, Key=f"one/{sha256}")
    assert not files.exists(sha256)
    files.put_bytes(b"a mail")
    assert files.exists(sha256)


def test_copies_that_nobody_uses_for_a_day_leave_the_disk(bucket: Bucket, files: S3Files, tmp_path: Path) -> None:
    old, young = files.put_bytes(b"old"), files.put_bytes(b"young")
    yesterday = time.time() - 25 * 3600
    os.utime(files.path(old), (yesterday, yesterday))
    again = S3Files(bucket, tmp_path / "cache")
    kept = {path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()}
    assert kept == {young}
    assert again.path(old).read_bytes() == b"old"


def test_a_dry_run_reads_the_bucket_and_puts_nothing_there(bucket: Bucket, files: S3Files, tmp_path: Path) -> None:
    there = files.put_bytes(b"a mail")
    dry = S3Files(bucket, tmp_path / "dry", upload=False)
    here = dry.put_bytes(b"a letter that is not sent")
    assert dry.path(there).read_bytes() == b"a mail"
    assert dry.path(here).read_bytes() == b"a letter that is not sent"
    assert list(files.hashes()) == [there]


def test_a_store_that_does_not_answer_is_tried_again_later(tmp_path: Path) -> None:
    with moto() as doomed:
        files = S3Files(Bucket(doomed.new_bucket(), "", doomed.endpoint), tmp_path / "cache")
        sha256 = files.put_bytes(b"a mail")
    shutil.rmtree(tmp_path / "cache")
    with pytest.raises(StoreBusy, match="does not answer"):
        files.exists(sha256)


def test_what_a_person_must_mend_is_said_with_the_way_to_mend_it(
    server: Moto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StoreUnusable, match="NoSuchBucket") as refused:
        S3Files(Bucket("nobody-made-it", "", server.endpoint), tmp_path / "cache").put_bytes(b"a mail")
    assert "create the bucket" in refused.value.fix
    for name in ACCOUNT:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(StoreUnusable, match="no credentials") as refused:
        S3Files(Bucket("nobody-made-it", "", server.endpoint), tmp_path / "cache").put_bytes(b"a mail")
    assert "AWS_ACCESS_KEY_ID" in refused.value.fix


@pytest.mark.parametrize(
    "url",
    [
        "https://bucket.example/x",
        "s3://",
        "s3://UPPER/x",
        "s3://key:secret@bucket/x",
        "s3://bucket/x?endpoint=http://store.example",
        "s3://bucket/x?endpoint=https://key:secret@store.example",
        "s3://bucket/x?endpoint=store.example",
        "s3://bucket/x?secret=abc",
        "s3://bucket/x?endpoint",
        "/var/lib/originals",
    ],
)
def test_a_url_that_is_none_or_unsafe_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        bucket_of(url)


def test_urls_say_bucket_prefix_endpoint_and_region() -> None:
    assert bucket_of("") is None
    assert bucket_of("s3://mails") == Bucket("mails")
    told = "s3://mails/a/b/?endpoint=https://s3.example:9000&region=cn-north-1"
    assert bucket_of(told) == Bucket("mails", "a/b/", "https://s3.example:9000", "cn-north-1")
    assert bucket_of("s3://mails?endpoint=http://127.0.0.1:9000") == Bucket("mails", "", "http://127.0.0.1:9000")


def test_without_the_setting_files_lie_below_the_data_folder(tmp_path: Path) -> None:
    sha256 = open_files("", tmp_path).put_bytes(b"a mail")
    assert open_files("", tmp_path).path(sha256).is_relative_to(tmp_path / "originals")


def a_store(files: FileStore, folder: Path) -> SqlStore:
    """One mail and an unsent letter about it."""
    store = open_store(f"sqlite:///{folder}/mailintake.db", files)
    sha256 = store.files.put_bytes(b"a mail")
    with store.begin() as unit:
        unit.add_message(sha256, ref(1), 6, NOW)
        unit.queue_letter(a_letter(case="", in_answer_to=sha256), OutboxState.READY, NOW, NOW)
    return store


def test_a_backup_lists_what_lies_in_the_bucket_and_a_restore_sees_that_it_is_there(
    server: Moto, bucket: Bucket, files: S3Files, tmp_path: Path
) -> None:
    store = a_store(files, tmp_path / "data")
    assert backup(store, tmp_path / "backup") == 2
    store.close()
    assert not (tmp_path / "backup" / "originals").exists()
    assert restore(tmp_path / "backup", tmp_path / "elsewhere", S3Files(bucket, tmp_path / "cache2")) == 2
    again = open_store(f"sqlite:///{tmp_path}/elsewhere/mailintake.db", S3Files(bucket, tmp_path / "cache2"))
    assert again.verify() == ()
    again.close()
    lost = next(iter(files.hashes()))
    server.client().delete_object(Bucket=bucket.name, Key=f"one/{lost}")
    with pytest.raises(StoreUnusable, match=lost) as refused:
        restore(tmp_path / "backup", tmp_path / "third", files)
    assert "the bucket that the backup was made with" in refused.value.fix
    assert not (tmp_path / "third" / "mailintake.db").exists()


def test_originals_move_into_a_bucket_by_backup_and_restore(files: S3Files, tmp_path: Path) -> None:
    store = a_store(LocalFiles(tmp_path / "data" / "originals"), tmp_path / "data")
    backup(store, tmp_path / "backup")
    store.close()
    restore(tmp_path / "backup", tmp_path / "elsewhere", files)
    again = open_store(f"sqlite:///{tmp_path}/elsewhere/mailintake.db", files)
    assert again.verify() == ()
    assert len(list(files.hashes())) == 2
    again.close()
    assert not (tmp_path / "elsewhere" / "originals").exists()
