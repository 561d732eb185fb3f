"""The power goes: what was not made durable is gone. Whatever the database had committed by then is whole."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine.default import DefaultDialect
from tests.support.worker import application, mail, office

from mailintake.model.letter import OutboxState
from mailintake.readers.pool import ReaderPool

_MOST = 12  # power cuts that are lived through
DATABASE = ("mailintake.db", "mailintake.db-wal")


@dataclass
class Disk:
    """What would be there after a power cut: bytes only when they, and the folder that names them, were fsynced.

    The database is taken as it is at a commit: SQLite makes it durable itself (synchronous=FULL).
    """

    root: Path
    into: Path
    synced: dict[int, tuple[int, int]] = field(default_factory=dict)  # inode: size and time of what was fsynced
    named: set[Path] = field(default_factory=set)
    cuts: list[Path] = field(default_factory=list)

    def fsynced(self, descriptor: int) -> None:
        """A file, or a folder with the names in it."""
        status, path = os.fstat(descriptor), Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        if path.is_dir():
            self.named |= {child for child in path.iterdir() if child.is_file()}
        else:
            self.synced[status.st_ino] = (status.st_size, status.st_mtime_ns)

    def cut(self) -> None:
        """Keep a copy of what would be left now."""
        folder = self.into / f"{len(self.cuts):03d}"
        for file in (self.root / "originals").rglob("*"):
            status = file.stat()
            durable = self.synced.get(status.st_ino) == (status.st_size, status.st_mtime_ns)
            if file.is_file() and durable and file in self.named:
                target = folder / file.relative_to(self.root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
        folder.mkdir(parents=True, exist_ok=True)
        for name in DATABASE:
            if (self.root / name).exists():
                shutil.copyfile(self.root / name, folder / name)
        shutil.copytree(self.root / "inbox", folder / "inbox")
        self.cuts.append(folder)


@contextmanager
def watched(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every fsync is noted, and after every commit the power is cut on a copy."""
    real_fsync = os.fsync
    real_commit: Callable[[Any, Any], None] = DefaultDialect.do_commit

    def fsync(descriptor: int) -> None:
        real_fsync(descriptor)
        disk.fsynced(descriptor)

    def commit(self: Any, connection: Any) -> None:
        real_commit(self, connection)
        disk.cut()

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fsync)
        patched.setattr(DefaultDialect, "do_commit", commit)
        yield


@pytest.mark.timeout(400)  # a dozen offices, one after the other
def test_every_committed_mail_survives_a_power_cut_and_is_answered_once(
    tmp_path: Path, readers: ReaderPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(tmp_path / "here", tmp_path / "cuts")
    with office(disk.root, readers=readers) as at:
        at.deliver(application())
        at.deliver(mail(id="m2", **{"from": "霍云舟 <huo@yunzhou.example>"}))
        with watched(disk, monkeypatch):
            at.run()
        whole = (len(at.shells.store.cases()), len(at.letters()))
    assert len(disk.cuts) >= 10
    for folder in disk.cuts[:: max(1, len(disk.cuts) // _MOST)]:
        with office(folder, readers=readers) as at:
            told = {entry.message_id for entry in at.outbox(OutboxState.SENT)}
            pending = {entry.message_id for entry in at.outbox(OutboxState.SENDING)}
            assert at.shells.store.verify() == (), folder
            for _ in range(4):
                at.run()
                at.clock.now = at.clock.now.replace(hour=at.clock.now.hour + 1)
            again = {str(letter["Message-ID"]) for letter in at.letters()}
            assert len(at.shells.store.cases()) == whole[0]
            assert len(told | again) == whole[1]
            assert told & again == set()
            assert pending <= again  # the one whose 250 was never recorded goes out once more, as the same letter
            assert {row.status for row in at.shells.store.messages()} == {"done"}
            assert at.shells.store.verify() == ()
