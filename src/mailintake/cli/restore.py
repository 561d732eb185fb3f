"""mailintake restore: a backup into an empty data folder, or a look whether that could be done."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, print_done, print_json, print_lines
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.config.settings import Settings

Source = Annotated[Path | None, Parameter(help=say("restore.source.help"))]


@Parameter(name="*")
@dataclass(frozen=True)
class Ways:
    """Other things to do than to restore."""

    mark_only: Annotated[bool, Parameter(name="--mark-only", help=say("restore.mark_only.help"))] = False
    verify_only: Annotated[bool, Parameter(name="--verify-only", help=say("restore.verify_only.help"))] = False
    newest: Annotated[bool, Parameter(name="--newest", help=say("restore.newest.help"))] = False


_PLAIN = Ways()


def restore(
    source: Source = None,
    *,
    ways: Ways = _PLAIN,
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Nothing is overwritten; every byte is compared with what the backup says of itself, in a dry run too."""
    from mailintake.app.backup import newest_backup, restore_backup
    from mailintake.config import load_settings

    settings = load_settings(config)
    if ways.newest and source is None and not ways.mark_only:
        source = newest_backup(settings)
    if ways.mark_only == (source is not None) or (ways.mark_only and (dry_run or ways.verify_only)):
        raise UsageError(say("restore.source_or_mark"), fix="mailintake restore --help")
    if source is None:
        return _marked(settings, json=json)
    if ways.verify_only:
        return _drilled(source, settings, json=json)
    files = restore_backup(source, settings, dry_run=dry_run)
    if json:
        print_json(source=str(source), target=str(settings.data_folder), files=files, dry_run=dry_run)
        return 0
    said = say("restore.done", path=settings.data_folder, files=files)
    print_done(said, dry_run=dry_run)
    hint(say("restore.next"))
    return 0


def _marked(settings: "Settings", *, json: bool) -> int:
    from mailintake.app.backup import mark_restored

    count = mark_restored(settings)
    if json:
        print_json(marked=count)
    else:
        print(say("restore.marked", count=count))
    return 0


def _drilled(source: Path, settings: "Settings", *, json: bool) -> int:
    """Exit code 1 when `verify` finds faults in what would be restored."""
    from mailintake.app.backup import drill

    found = drill(source, settings)
    figures = {"files": found.files, "messages": found.messages, "events": found.events}
    if json:
        print_json(source=str(source), problems=list(found.faults), **figures)
    elif found.faults:
        print_lines((*found.faults, say("verify.bad", count=len(found.faults))))
    else:
        print(say("restore.good", path=source, **figures))
    return 1 if found.faults else 0
