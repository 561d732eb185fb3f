"""The nightly copy of everything: one folder a night, the oldest go."""

import logging
import shutil
from pathlib import Path

from mailintake.config.sets import Sets
from mailintake.model.zone import SHANGHAI
from mailintake.store.backup import MANIFEST, backup
from mailintake.store.open import SqlStore
from mailintake.worker.schedule import BACKUP_MADE
from mailintake.worker.shells import Shells, log_event

_log = logging.getLogger(__name__)
_NAME = "mailintake-%Y%m%d-%H%M%S"
_NAMES = "mailintake-????????-??????"


def back_up(shells: Shells) -> Path | None:
    """A new backup in the folder of the settings, which keeps the newest so many; None where they name no folder.

    The night counts as done with the finished folder. OSError when it cannot be written; it is tried again.
    """
    settings = shells.configuration.settings.backup
    if settings.folder is None or not isinstance(shells.store, SqlStore):
        return None
    now = shells.clock()
    target = settings.folder / now.astimezone(SHANGHAI).strftime(_NAME)
    if not target.exists():
        files = backup(shells.store, target, Sets(shells.configuration.settings.data_folder).root)
        _log.info("backup of %d files: %s", files, target.name)
    with shells.store.begin() as unit:
        log_event(unit, now, BACKUP_MADE, folder=target.name)
    made = sorted(place for place in settings.folder.glob(_NAMES) if (place / MANIFEST).is_file())
    for old in made[: -settings.keep]:
        shutil.rmtree(old, ignore_errors=True)
    return target
