"""mailintake digest: the page and the workbook, now."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, opened, print_json
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.model.digest import Digest
    from mailintake.worker.shells import Shells

Output = Annotated[Path | None, Parameter(name="--output", help=say("digest.output.help"))]
Send = Annotated[bool, Parameter(name="--send", help=say("digest.send.help"))]
Day = Annotated[date | None, Parameter(name="--date", help=say("digest.date.help"))]
Text = Annotated[bool, Parameter(name="--text", help=say("digest.text.help"))]


def digest(  # noqa: PLR0913 -- an option each
    *,
    output: Output = None,
    send: Send = False,
    text: Text = False,
    day: Day = None,
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Write today's digest page and workbook; --send also queues the mail to staff; --text prints it. --date shows the
    one of an earlier day as it was made then."""
    from mailintake.app.pages import write_pages
    from mailintake.model.codec import encode
    from mailintake.worker.morning import make_digest, next_sequence, queue_digest, recipients_of

    with opened(config) as (configuration, shells):
        if day is not None:
            made = _of(shells, day)
        else:
            made = queue_digest(shells) if send and not dry_run else make_digest(shells, next_sequence(shells))
        told = recipients_of(shells, made)
        folder = output or configuration.settings.digest_folder
        page = None if dry_run else write_pages(made, shells.renderer, folder, newest=day is None)
        said = shells.renderer.digest(made, configuration.rules.office).text if text or dry_run else ""
    if json:
        queued = send and not dry_run and day is None
        print_json(page=str(page) if page else None, queued=queued, digest=encode(made))
        return 0
    if said:
        print(said)
    if page:
        print(say("digest.made", sequence=made.sequence, path=page))
    if send and not dry_run and day is None:
        hint(say("digest.queued" if told else "digest.nobody"))
    return 0


def _of(shells: "Shells", day: date) -> "Digest":
    made = shells.store.digest_of(day)
    if made is None:
        raise UsageError(say("digest.absent", day=day), fix="mailintake digest --text --dry-run")
    return made
