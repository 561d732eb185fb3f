"""mailintake quarantine: mail that could not be processed, kept whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import (
    AsJson,
    By,
    ConfigFolder,
    DryRun,
    Everything,
    hint,
    opened,
    print_done,
    print_json,
    print_lines,
)
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.store.port import MessageRow
    from mailintake.worker.shells import Shells

app = make_app("quarantine")
_LABELS = {"attempts": "attempts_made"}

Mail = Annotated[str, Parameter(help=say("quarantine.mail.help"))]
Mails = Annotated[str, Parameter(help=say("quarantine.mail.help"))]
Target = Annotated[Path, Parameter(help=say("quarantine.target.help"))]
Source = Annotated[Path, Parameter(help=say("quarantine.source.help"))]


@app.command(name="list", help=say("quarantine.list.help"))
def list_mails(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Every mail in quarantine with the reason."""
    with opened(config) as (_, shells):
        rows = shells.store.messages("quarantined")
    if json:
        print_json(mails=[_row(row) for row in rows])
        return 0
    times = {row.id: say("quarantine.attempts", count=row.attempts) for row in rows}
    print_lines(aligned((r.id, f"{r.received_at:%Y-%m-%d}", times[r.id], r.sender, r.reason) for r in rows))
    hint(say("quarantine.next") if rows else say("quarantine.none"))
    return 0


@app.command(name="show", help=say("quarantine.show.help"))
def show(mail: Mail, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """What is recorded about one mail in quarantine. Its bytes are not opened here."""
    with opened(config) as (_, shells):
        row = _find(shells, mail)
        path = shells.store.files.path(row.sha256)
    if json:
        print_json(mail=_row(row) | {"path": str(path)})
        return 0
    told = _row(row) | {"path": path}
    print_lines(
        aligned((say(f"quarantine.{_LABELS.get(key, key)}"), value) for key, value in told.items() if value != "")
    )
    hint(say("quarantine.ways", id=row.id))
    return 0


@app.command(name="export", help=say("quarantine.export.help"))
def export(mail: Mail, target: Target, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """The raw bytes into a file that only we can read."""
    with opened(config) as (_, shells):
        row = _find(shells, mail)
        raw = shells.store.files.path(row.sha256).read_bytes()
    if target.exists():
        raise UsageError(say("file.exists", path=target), fix=say("file.exists.fix"))
    target.touch(mode=0o600)
    target.write_bytes(raw)
    if json:
        print_json(mail=row.id, path=str(target), size=len(raw))
    else:
        print(say("quarantine.exported", id=row.id, path=target, size=len(raw)))
    return 0


@app.command(name="import", help=say("quarantine.import.help"))
def import_mail(
    source: Source, *, by: By = "operator", dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False
) -> int:
    """A mail from a file into the queue, as if it had just arrived: for one that was repaired by hand."""
    from mailintake.app.quarantine import import_file

    if not source.is_file():
        raise UsageError(say("file.absent", path=source), fix="mailintake quarantine import FILE.eml")
    with opened(config) as (_, shells):
        sha256, new = import_file(shells, source, by, dry_run=dry_run)
    if json:
        print_json(sha256=sha256, new=new, dry_run=dry_run)
    else:
        said = say("quarantine.imported" if new else "quarantine.known", id=sha256[:12])
        print_done(said, dry_run=dry_run)
    return 0


@app.command(name="retry", help=say("quarantine.retry.help"))
def retry(*mails: Mails, everything: Everything = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Process the mail now, in this process. Exit code 1 when one fails again; it stays in quarantine."""
    from mailintake.app.quarantine import try_again
    from mailintake.store.lock import instance_lock

    failed = 0
    with opened(config) as (configuration, shells), instance_lock(configuration.settings.database_url):
        for row in _chosen(shells, mails, everything=everything):
            disposition, failure = try_again(shells, row)
            failed += bool(failure)
            if json:
                print_json(mail=row.id, disposition=disposition, failure=failure or None)
            else:
                result = say("quarantine.again", reason=failure) if failure else say(f"disposition.{disposition}")
                print_lines(aligned([(row.id, result)]))
    return 1 if failed else 0


@app.command(name="release", help=say("quarantine.release.help"))
def release(
    *mails: Mails,
    everything: Everything = False,
    by: By = "operator",
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Give mail back to the queue; the service tries it anew with its next pass."""
    from mailintake.app.quarantine import give_back

    with opened(config) as (_, shells):
        rows = _chosen(shells, mails, everything=everything)
        for row in () if dry_run else rows:
            give_back(shells, row, by)
    if json:
        print_json(released=[row.id for row in rows], dry_run=dry_run)
    else:
        said = say("quarantine.released", count=len(rows))
        print_done(said, dry_run=dry_run)
    return 0


def _chosen(shells: "Shells", mails: tuple[str, ...], *, everything: bool) -> "tuple[MessageRow, ...]":
    if everything:
        return shells.store.messages("quarantined")
    if not mails:
        raise UsageError(say("quarantine.which"), fix="mailintake quarantine list")
    return tuple(_find(shells, mail) for mail in dict.fromkeys(mails))


def _find(shells: "Shells", mail: str) -> "MessageRow":
    row = shells.store.message(mail)
    if row is None or row.status != "quarantined":
        raise UsageError(say("quarantine.unknown", what=mail), fix="mailintake quarantine list")
    return row


def _row(row: "MessageRow") -> dict[str, object]:
    return {
        "id": row.id,
        "sha256": row.sha256,
        "received_at": row.received_at.isoformat(timespec="seconds"),
        "size": row.size,
        "attempts": row.attempts,
        "sender": row.sender,
        "subject": row.subject,
        "reason": row.reason,
        "places": [f"{ref.mailbox}/{ref.folder}/{ref.uid}" for ref in row.refs],
    }
