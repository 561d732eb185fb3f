"""A consistent copy of everything, made while the program runs, and the way back.

Originals that lie in a bucket stay there: nothing of ours ever changes them, and only what is erased for good is
deleted, so the copy of the database and the list of their hashes are the whole backup.
"""

import hashlib
import json
import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

from mailintake.errors import StoreUnusable, UsageError
from mailintake.model.letter import OutboxState
from mailintake.store.erased import Erased, read_list
from mailintake.store.files import LocalFiles
from mailintake.store.open import SqlStore, open_store
from mailintake.store.port import FileStore
from mailintake.store.revision import HEAD

DATABASE, ORIGINALS, MANIFEST = "mailintake.db", "originals", "manifest.json"
_UNSENT = (OutboxState.WAITING, OutboxState.READY, OutboxState.SENDING)


def backup(store: SqlStore, target: Path, rules: Path | None = None) -> int:
    """Write a new folder `target`: database snapshot, files, manifest with hashes, and the sets of rules that lie in
    the folder `rules`; gives the number of files.

    The database first: files are written before the rows that name them and never change, so every file that the
    snapshot names is there. Files in a bucket are listed, not copied. UsageError when `target` exists or the database
    is PostgreSQL (pg_dump does it).
    """
    if target.exists():
        raise UsageError(f"{target} exists already", fix="name a folder that does not exist")
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    store.snapshot(partial / DATABASE)
    hashes = list(store.files.hashes())
    here = isinstance(store.files, LocalFiles)
    for sha256 in hashes if here else ():
        _place(store.files.path(sha256), _kept(partial, sha256), link=True)
    if rules is not None and rules.is_dir():
        shutil.copytree(rules, partial / rules.name)
    manifest = {"schema": HEAD, "database": _sha256(partial / DATABASE), "files": hashes, "copied": here}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="ascii")
    partial.rename(target)
    return len(hashes)


def restore(source: Path, target: Path, files: FileStore | None = None) -> int:
    """Copy a backup into the data folder `target`, its files into `files` (below `target` by default); gives their
    number.

    Every byte is compared with the manifest, and files that the backup only lists must be in `files` (StoreUnusable
    names what is wrong); nothing is overwritten (UsageError). What was done after the backup is not in it: letters
    that had not gone out become `in_doubt` and are marked, and the database says so to whoever works on
    (worker.restored).
    """
    manifest = _manifest(source, target)
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = LocalFiles(target / ORIGINALS) if files is None else files
    _bring(source, manifest, files)
    _place(source / DATABASE, target / f"{DATABASE}.partial", link=False)
    os.replace(target / f"{DATABASE}.partial", target / DATABASE)
    with closing(open_store(f"sqlite:///{target / DATABASE}", files)) as store:
        mark_restored(store)
    return len(manifest["files"])


def inspect(source: Path, target: Path | None = None, files: FileStore | None = None) -> int:
    """What `restore` would find, with nothing written: every byte is read; gives the number of files. Raises as it
    does; without `target` only the backup is looked at."""
    manifest = _manifest(source, target)
    if manifest.get("copied", True):
        for sha256 in manifest["files"]:
            _check(_kept(source, sha256), sha256)
    elif files is not None:
        _all_there(manifest, files, erased_since(source))
    return len(manifest["files"])


def _manifest(source: Path, target: Path | None) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="ascii"))
        manifest["files"], manifest["database"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{source} is no backup: {error}", fix="name a folder that a backup made") from None
    if target is not None and (target / DATABASE).exists():
        raise UsageError(f"{target / DATABASE} exists", fix="restore into an empty data folder")
    _check(source / DATABASE, manifest["database"])
    return manifest


def _bring(source: Path, manifest: dict[str, Any], files: FileStore) -> None:
    if manifest.get("copied", True):
        for sha256 in manifest["files"]:
            _check(_kept(source, sha256), sha256)
            files.put(_kept(source, sha256))
        return
    _all_there(manifest, files, erased_since(source))


def erased_since(source: Path) -> Erased:
    """What the list beside the backups says was erased; the backup itself may still hold it."""
    return read_list(source.parent)


def _all_there(manifest: dict[str, Any], files: FileStore, erased: Erased) -> None:
    absent = sorted(set(manifest["files"]) - set(files.hashes()) - set(erased.files))
    if absent:
        problem = f"{len(absent)} files are not in the bucket of `originals`, the first is {absent[0]}"
        raise StoreUnusable(problem, fix="name the bucket that the backup was made with")


def mark_restored(store: SqlStore) -> int:
    """Say of a database that was put back that nobody knows what was done since; gives the number of letters that may
    have gone out. `restore` does it; after pg_restore it is to be done by hand."""
    entries = store.outbox((*_UNSENT, OutboxState.IN_DOUBT))
    with store.begin() as unit:
        unit.mark_restored()
        for entry in entries:
            unit.note_letter(entry.id, restored=True, next_try_at=None, last_answer="restored from a backup")
            if entry.state in _UNSENT:
                unit.move(entry.id, entry.state, OutboxState.IN_DOUBT, entry.queued_at)
    return len(entries)


def _kept(folder: Path, sha256: str) -> Path:
    return folder / ORIGINALS / sha256[:2] / sha256[2:4] / sha256


def _place(source: Path, target: Path, *, link: bool) -> None:
    """Hard link where both are on one disk (the bytes never change), else a copy that is on the disk."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if link:
        try:
            os.link(source, target)
            return
        except OSError:
            pass
    with source.open("rb") as read, target.open("wb") as written:
        shutil.copyfileobj(read, written)
        written.flush()
        os.fsync(written.fileno())


def _check(path: Path, sha256: str) -> None:
    if not path.is_file() or _sha256(path) != sha256:
        problem = f"the backup is damaged: {path.name} is not what the manifest says"
        raise StoreUnusable(problem, fix="use an older backup")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
