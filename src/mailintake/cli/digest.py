"""mailintake digest: the page and the workbook, now."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, opened, print_json
from mailintake.cli.words import say

Output = Annotated[Path | None, Parameter(name="--output", help=say("digest.output.help"))]
Send = Annotated[bool, Parameter(name="--send", help=say("digest.send.help"))]
Text = Annotated[bool, Parameter(name="--text", help=say("digest.text.help"))]


def digest(
    *,
    output: Output = None,
    send: Send = False,
    text: Text = False,
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Write today's digest page and workbook; --send also queues the mail to staff; --text prints it."""
    from mailintake.app.pages import write_pages
    from mailintake.model.codec import encode
    from mailintake.worker.morning import make_digest, next_sequence, queue_digest

    with opened(config) as (configuration, shells):
        made = queue_digest(shells) if send and not dry_run else make_digest(shells, next_sequence(shells))
        folder = output or configuration.settings.digest_folder
        page = None if dry_run else write_pages(made, shells.renderer, folder)
        said = shells.renderer.digest(made, configuration.rules.office).text if text or dry_run else ""
    if json:
        print_json(page=str(page) if page else None, queued=send and not dry_run, digest=encode(made))
        return 0
    if said:
        print(said)
    if page:
        print(say("digest.made", sequence=made.sequence, path=page))
    if send and not dry_run:
        hint(say("digest.queued"))
    return 0
