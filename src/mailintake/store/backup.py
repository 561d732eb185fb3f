"""A consistent copy of everything, made while the program runs, and the way back."""

import hashlib
import json
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from mailintake.errors import StoreUnusable, UsageError
from mailintake.model.letter import OutboxState
from mailintake.store.open import SqlStore, open_store
from mailintake.store.schema import HEAD

DATABASE, ORIGINALS, MANIFEST = "mailintake.db", "originals", "manifest.json"


def backup(store: SqlStore, target: Path) -> int:
    """Write a new folder `target`: database snapshot, files, manifest with hashes; gives the number of files.

    The database first: files are written before the rows that name them and never change, so every file that the
    snapshot names is there. UsageError when `target` exists or the database is PostgreSQL (pg_dump does it).
    """
    if target.exists():
        raise UsageError(f"{target} exists already", fix="name a folder that does not exist")
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    store.snapshot(partial / DATABASE)
    hashes = list(store.files.hashes())
    for sha256 in hashes:
        _place(store.files.path(sha256), partial / ORIGINALS / sha256[:2] / sha256[2:4] / sha256, link=True)
    manifest = {"schema": HEAD, "database": _sha256(partial / DATABASE), "files": hashes}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="ascii")
    partial.rename(target)
    return len(hashes)


def restore(source: Path, target: Path) -> int:
    """Copy a backup into the data folder `target`; gives the number of files.

    Every byte is compared with the manifest (StoreUnusable names what is wrong); nothing is overwritten (UsageError).
    Letters that were ready when the backup was made may have gone out since: they become `in_doubt`, so that the
    Sent folder is looked at before they go out.
    """
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{source} is no backup: {error}", fix="name a folder that a backup made") from None
    if (target / DATABASE).exists():
        raise UsageError(f"{target / DATABASE} exists", fix="restore into an empty data folder")
    _check(source / DATABASE, manifest["database"])
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for sha256 in manifest["files"]:
        kept = source / ORIGINALS / sha256[:2] / sha256[2:4] / sha256
        _check(kept, sha256)
        _place(kept, target / ORIGINALS / sha256[:2] / sha256[2:4] / sha256, link=False)
    _place(source / DATABASE, target / f"{DATABASE}.partial", link=False)
    os.replace(target / f"{DATABASE}.partial", target / DATABASE)
    with closing(open_store(f"sqlite:///{target / DATABASE}", target / ORIGINALS)) as store:
        _doubt_what_was_ready(store)
    return len(manifest["files"])


def _doubt_what_was_ready(store: SqlStore) -> None:
    ready = store.outbox((OutboxState.READY, OutboxState.SENDING), limit=sys.maxsize)
    with store.begin() as unit:
        for entry in ready:
            unit.set_outbox(entry.id, OutboxState.IN_DOUBT, entry.queued_at, answer="restored from a backup")


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
