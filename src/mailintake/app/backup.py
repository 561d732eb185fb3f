"""Backups of an installation as a command asks for them; the sets of rules that were applied belong to it."""

import json
import shutil
from contextlib import closing
from pathlib import Path

from mailintake.config.sets import Sets
from mailintake.config.settings import Settings
from mailintake.errors import UsageError
from mailintake.store import backup
from mailintake.store.lock import instance_lock
from mailintake.store.open import SqlStore, open_store
from mailintake.store.originals import open_files
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
        try:
            return len(json.loads((source / backup.MANIFEST).read_text(encoding="ascii"))["files"])
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(f"{source} is no backup: {error}", fix="name a folder that a backup made") from None
    with instance_lock(settings.database_url):
        files = open_files(settings.originals, settings.data_folder)
        count = backup.restore(source, settings.data_folder, files)
        rules = Sets(settings.data_folder).root
        if (source / rules.name).is_dir() and not rules.exists():
            shutil.copytree(source / rules.name, rules)
        return count


def mark_restored(settings: Settings) -> int:
    """After pg_restore: number of letters that may have gone out since. AlreadyRunning while a service runs."""
    files = open_files(settings.originals, settings.data_folder)
    with instance_lock(settings.database_url), closing(open_store(settings.database_url, files)) as store:
        return backup.mark_restored(store)
