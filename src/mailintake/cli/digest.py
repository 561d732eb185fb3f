"""mailintake digest: the page and the workbook, now."""

from pathlib import Path

from mailintake.cli.common import AsJson, ConfigFolder, opened, print_json
from mailintake.cli.words import say


def digest(*, output: Path | None = None, send: bool = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Write today's digest page and workbook; --send also queues the mail to staff."""
    from mailintake.app.pages import write_pages
    from mailintake.model.codec import encode
    from mailintake.worker.morning import make_digest, queue_digest

    with opened(config) as (configuration, shells):
        sequence = int(shells.store.value("digest:sequence") or 0)
        made = queue_digest(shells) if send else make_digest(shells, sequence + 1)
        page = write_pages(made, shells.renderer, output or configuration.settings.digest_folder)
    if json:
        print_json({"schema": 1, "page": str(page), "digest": encode(made)})
    else:
        print(say("digest.made", sequence=made.sequence, path=page))
    return 0
