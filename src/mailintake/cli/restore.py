"""mailintake restore: a backup into an empty data folder."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, print_json
from mailintake.cli.words import say

Source = Annotated[Path, Parameter(help=say("restore.source.help"))]


def restore(source: Source, *, dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Nothing is overwritten; every byte is compared with what the backup says of itself."""
    from mailintake.app.backup import restore_backup
    from mailintake.config import load_settings

    settings = load_settings(config)
    files = restore_backup(source, settings, dry_run=dry_run)
    if json:
        print_json(source=str(source), target=str(settings.data_folder), files=files, dry_run=dry_run)
        return 0
    said = say("restore.done", path=settings.data_folder, files=files)
    print(say("dry_run.only", what=said) if dry_run else said)
    hint(say("restore.next"))
    return 0
