"""Backups of an installation as a command asks for them; the sets of rules that were applied belong to it."""

import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from mailintake.config.sets import Sets
from mailintake.config.settings import Settings
from mailintake.errors import UsageError
from mailintake.store import backup
from mailintake.store.erased import Erased, read_list, write_list
from mailintake.store.files import LocalFiles
from mailintake.store.lock import instance_lock
from mailintake.store.open import SqlStore, open_store
from mailintake.store.originals import open_files
from mailintake.store.port import FileStore, Store
from mailintake.worker.erasing import erase_again
from mailintake.worker.shells import Shells


def make_backup(shells: Shells, target: Path, *, dry_run: bool = False) -> int:
    """Number of files. UsageError when `target` exists or the database is PostgreSQL."""
    store = shells.store
    if not isinstance(store, SqlStore):
        raise TypeError("only a store of ours can be copied")
    if dry_run:
        return sum(1 for _ in store.files.hashes())
    return backup.backup(store, target, Sets(shells.configuration.settings.data_folder).root)


def restore_backup(source: Path, settings: Settings, *, dry_run: bool = False) -> int:
    """Number of files. UsageError when there is a database or it is a server's, AlreadyRunning while it runs."""
    if settings.database:
        problem = "restore writes SQLite into the data folder; `database` names another one"
        raise UsageError(problem, fix="pg_restore, then mailintake restore --mark-only")
    if dry_run:
        return backup.inspect(source, settings.data_folder, _bucket(settings))
    with instance_lock(settings.database_url):
        files = open_files(settings.originals, settings.data_folder)
        count = backup.restore(source, settings.data_folder, files)
        known = backup.erased_since(source).plus(read_list(settings.data_folder))
        with closing(open_store(settings.database_url, files)) as store:
            _erase_again(store, known, settings)
        rules = Sets(settings.data_folder).root
        if (source / rules.name).is_dir() and not rules.exists():
            shutil.copytree(source / rules.name, rules)
        return count


@dataclass(frozen=True)
class Drill:
    """What a restore drill found. `faults`: a line each, as `verify` tells them."""

    source: Path
    files: int
    messages: int
    events: int
    faults: tuple[str, ...]


def drill(source: Path, settings: Settings) -> Drill:
    """Is it a backup from which one could go on? Every byte, every row and the chain of the log are looked at, in a
    copy of the database that is gone afterwards; nothing of the installation is touched. Raises as `restore` does."""
    bucket = _bucket(settings)
    count = backup.inspect(source, None, bucket)
    files = bucket or LocalFiles(source / backup.ORIGINALS)
    with TemporaryDirectory() as scratch:
        shutil.copyfile(source / backup.DATABASE, Path(scratch) / backup.DATABASE)
        with closing(open_store(f"sqlite:///{Path(scratch) / backup.DATABASE}", files)) as store:
            erase_again(store, backup.erased_since(source), datetime.now(UTC))
            return Drill(source, count, store.count_messages(), store.count_events(), tuple(store.verify()))


def _bucket(settings: Settings) -> FileStore | None:
    """Where originals lie that a backup only lists; None where it holds them. Nothing is made or written."""
    return open_files(settings.originals, settings.data_folder, upload=False) if settings.originals else None


def newest_backup(settings: Settings) -> Path:
    """The last one of the nightly backups. UsageError where there is none."""
    folder = settings.backup.folder
    made = sorted(place for place in folder.glob("*") if (place / backup.MANIFEST).is_file()) if folder else []
    if not made:
        raise UsageError(f"there is no backup in {folder or 'backup.folder'}", fix="mailintake backup --help")
    return made[-1]


def mark_restored(settings: Settings) -> int:
    """After pg_restore: number of letters that may have gone out since. AlreadyRunning while a service runs."""
    files = open_files(settings.originals, settings.data_folder)
    known = read_list(settings.data_folder)
    if settings.backup.folder is not None:
        known = known.plus(read_list(settings.backup.folder))
    with instance_lock(settings.database_url), closing(open_store(settings.database_url, files)) as store:
        marked = backup.mark_restored(store)
        _erase_again(store, known, settings)
        return marked


def _erase_again(store: Store, known: Erased, settings: Settings) -> None:
    """What was erased since the backup goes once more; the files with the first pass of the service."""
    erase_again(store, known, datetime.now(UTC))
    if known != Erased():
        write_list(settings.data_folder, known)
