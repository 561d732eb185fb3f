"""mailintake outbox: letters that wait, and a clerk's yes or no."""

from email import message_from_bytes
from email.policy import default

from cyclopts import App

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.worker.shells import Shells, log_event

app = App(name="outbox", help=say("outbox.help"))
_OPEN = (OutboxState.WAITING, OutboxState.READY, OutboxState.IN_DOUBT, OutboxState.FAILED)


@app.command(name="list")
def list_letters(*, everything: bool = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Letters that wait for a clerk or for the mailer, or all with --everything."""
    with opened(config) as (_, shells):
        entries = shells.store.outbox(None if everything else _OPEN)
    if json:
        print_json({"schema": 1, "letters": [_row(entry) for entry in entries]})
        return 0
    for entry in entries:
        print(say("outbox.line", **(_row(entry) | {"to": " ".join(entry.to)})))
    hint(say("outbox.next") if entries else say("outbox.none"))
    return 0


@app.command
def preview(number: int, *, config: ConfigFolder = None) -> int:
    """The letter as text, headers first."""
    with opened(config) as (_, shells):
        entry = shells.store.outbox_entry(number)
        if entry is None:
            raise UsageError(say("outbox.unknown", id=number), fix="mailintake outbox list")
        message = message_from_bytes(shells.store.files.path(entry.sha256).read_bytes(), policy=default)
    for name in ("From", "To", "Cc", "Subject", "Message-ID", "In-Reply-To"):
        if message[name]:
            print(f"{name}: {message[name]}")
    body = message.get_body(("plain",))
    print("\n" + (body.get_content() if body else ""))
    return 0


@app.command
def approve(
    *numbers: int, everything: bool = False, by: str = "operator", dry_run: bool = False, config: ConfigFolder = None
) -> int:
    """Let waiting letters go out with the next pass."""
    return _decide(numbers, everything, OutboxState.READY, by, dry_run=dry_run, config=config)


@app.command
def reject(*numbers: int, by: str = "operator", dry_run: bool = False, config: ConfigFolder = None) -> int:
    """Keep waiting letters from going out."""
    return _decide(numbers, False, OutboxState.REJECTED, by, dry_run=dry_run, config=config)


def _decide(
    numbers: tuple[int, ...], everything: bool, state: OutboxState, by: str, *, dry_run: bool, config: ConfigFolder
) -> int:
    with opened(config) as (_, shells):
        waiting = {e.id: e for e in shells.store.outbox((OutboxState.WAITING,))}
        chosen = tuple(waiting) if everything else numbers
        for number in chosen:
            if number not in waiting:
                raise UsageError(say("outbox.unknown", id=number), fix="mailintake outbox list")
        if not dry_run:
            for number in chosen:
                _set(shells, waiting[number], state, by)
    print(say("outbox.approved" if state is OutboxState.READY else "outbox.rejected", count=len(chosen)))
    return 0


def _set(shells: Shells, entry: OutboxEntry, state: OutboxState, by: str) -> None:
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, state, now, answer=f"{state.value} by {by}")
        log_event(unit, now, f"letter.{state.value}", case=entry.case, actor=f"staff:{by}", letter=entry.letter.value)


def _row(entry: OutboxEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "letter": entry.letter.value,
        "state": entry.state.value,
        "to": list(entry.to),
        "subject": entry.subject,
        "case": entry.case or None,
        "queued_at": entry.queued_at.isoformat(),
        "answer": entry.last_answer,
    }
