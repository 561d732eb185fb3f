"""mailintake backup: database and originals as they are now, also while the service runs."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, opened, print_done, print_json
from mailintake.cli.words import say

Target = Annotated[Path, Parameter(help=say("backup.target.help"))]


def backup(target: Target, *, dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """A new folder that `restore` takes. Files are hard links where the disk allows it, so it costs little."""
    from mailintake.app.backup import make_backup

    with opened(config) as (configuration, shells):
        files = make_backup(shells, target, dry_run=dry_run)
    if json:
        print_json(target=str(target), files=files, dry_run=dry_run)
        return 0
    said = say("backup.made", path=target, files=files)
    print_done(said, dry_run=dry_run)
    if configuration.settings.originals:
        hint(say("backup.bucket", where=configuration.settings.originals.partition("?")[0]))
    hint(say("backup.next", path=target, config=configuration.folder or "config"))
    return 0
