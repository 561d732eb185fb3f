"""A pass that leaves no trace: a copy of the data folder, the real mailbox opened read-only, and no way out."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from mailintake.app.absent import AbsentMailer
from mailintake.app.build import database_file, shells_for
from mailintake.config import Configuration
from mailintake.errors import UsageError
from mailintake.store.backup import backup
from mailintake.store.open import open_store
from mailintake.store.originals import open_files
from mailintake.worker.shells import Shells


@contextmanager
def dry_shells(configuration: Configuration) -> Iterator[Shells]:
    """Shells over a copy that disappears afterwards. UsageError where the database is a server's.

    The originals of the copy are hard links where the disk allows it. Nothing can be sent, and no copy or draft can
    be put into a mailbox, because a dry run never gets to sending.
    """
    settings = configuration.settings
    database = database_file(settings)
    if database is None:
        raise UsageError("a dry run copies an SQLite database; this one is a server's", fix="mailintake replay FILES")
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="dry-run-", dir=settings.data_folder) as scratch:
        folder = Path(scratch, "copy")
        if database.exists():
            originals = open_files(settings.originals, settings.data_folder, upload=False)
            with closing(open_store(settings.database_url, originals, migrate=False)) as store:
                backup(store, folder)
        copy = replace(settings, data_folder=folder, database="")
        with shells_for(replace(configuration, settings=copy), mailer=AbsentMailer(), dry_run=True) as shells:
            yield shells
