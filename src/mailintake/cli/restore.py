"""mailintake restore: a backup into an empty data folder."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, print_done, print_json
from mailintake.cli.words import say
from mailintake.errors import UsageError

Source = Annotated[Path | None, Parameter(help=say("restore.source.help"))]
MarkOnly = Annotated[bool, Parameter(name="--mark-only", help=say("restore.mark_only.help"))]


def restore(
    source: Source = None,
    *,
    mark_only: MarkOnly = False,
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Nothing is overwritten; every byte is compared with what the backup says of itself."""
    from mailintake.app.backup import mark_restored, restore_backup
    from mailintake.config import load_settings

    settings = load_settings(config)
    if mark_only == (source is not None) or (mark_only and dry_run):
        raise UsageError(say("restore.source_or_mark"), fix="mailintake restore --help")
    if source is None:
        count = mark_restored(settings)
        if json:
            print_json(marked=count)
        else:
            print(say("restore.marked", count=count))
        return 0
    files = restore_backup(source, settings, dry_run=dry_run)
    if json:
        print_json(source=str(source), target=str(settings.data_folder), files=files, dry_run=dry_run)
        return 0
    said = say("restore.done", path=settings.data_folder, files=files)
    print_done(said, dry_run=dry_run)
    hint(say("restore.next"))
    return 0
