"""mailintake quarantine: mail that could not be processed, kept whole."""

from cyclopts import App

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.worker.shells import log_event

app = App(name="quarantine", help=say("quarantine.help"))


@app.command(name="list")
def list_mails(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Every mail in quarantine with the reason."""
    with opened(config) as (_, shells):
        rows = shells.store.messages("quarantined", limit=1000)
    shown = [
        {"id": r.id, "sha256": r.sha256, "at": r.received_at.isoformat(), "attempts": r.attempts, "reason": r.reason}
        for r in rows
    ]
    if json:
        print_json({"schema": 1, "mails": shown})
        return 0
    for row in shown:
        print(say("quarantine.line", **row))
    if not shown:
        hint(say("quarantine.none"))
    return 0


@app.command
def release(mail: str, *, dry_run: bool = False, config: ConfigFolder = None) -> int:
    """Give one mail (id or sha256) back to the queue; it is tried anew with the next pass."""
    with opened(config) as (_, shells):
        row = shells.store.message(mail)
        if row is None or row.status != "quarantined":
            raise UsageError(say("explain.none", what=mail), fix="mailintake quarantine list")
        if not dry_run:
            now = shells.clock()
            with shells.store.begin() as unit:
                unit.release_message(row.id, now)
                log_event(unit, now, "message.released", message=row.sha256, actor="operator")
    print(say("quarantine.released", id=row.id))
    return 0
