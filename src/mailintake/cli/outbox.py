"""mailintake outbox: letters that wait, and a clerk's yes or no."""

from email import message_from_bytes
from email.policy import default
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
from mailintake.model.letter import SENDABLE_AGAIN, OutboxEntry, OutboxState

if TYPE_CHECKING:
    from mailintake.worker.shells import Shells

app = make_app("outbox")
_OPEN = (OutboxState.WAITING, OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT, OutboxState.FAILED)
_HEADERS = ("From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To")

Numbers = Annotated[int, Parameter(help=say("outbox.numbers.help"))]
Number = Annotated[int, Parameter(help=say("outbox.number.help"))]


@app.command(name="list", help=say("outbox.list.help"))
def list_letters(*, everything: Everything = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Letters that wait for a clerk or for the mailer, or all with --everything."""
    from mailintake.worker.outbox.pausing import paused_until

    with opened(config) as (_, shells):
        entries = shells.store.outbox(None if everything else _OPEN)
        titles = shells.renderer.digest_words.letters
        until = paused_until(shells)
    paused = until.isoformat() if until else None
    if json:
        print_json(letters=[_row(entry) for entry in entries], paused_until=paused)
        return 0
    print_lines(
        aligned(
            (
                e.id,
                titles.get(e.letter.value, e.letter.value),
                say(f"outbox.{e.state.value}"),
                e.case,
                e.to[0],
                e.subject,
            )
            for e in entries
        )
    )
    hint(say("outbox.next") if entries else say("outbox.none"))
    if paused:
        hint(say("outbox.paused", until=paused))
    return 0


@app.command(name="preview", help=say("outbox.preview.help"))
def preview(number: Number, *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """The letter as text, headers first."""
    with opened(config) as (_, shells):
        entry = shells.store.outbox_entry(number)
        if entry is None:
            raise UsageError(say("outbox.unknown", id=number), fix="mailintake outbox list")
        message = message_from_bytes(shells.store.files.path(entry.sha256).read_bytes(), policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    headers = {name: str(message[name]) for name in _HEADERS if message[name]}
    if json:
        print_json(letter=_row(entry), headers=headers, text=text)
        return 0
    print_lines((*(f"{name}: {value}" for name, value in headers.items()), "", text))
    if entry.state is OutboxState.WAITING:
        hint(say("outbox.decide", id=number))
    return 0


@app.command(name="approve", help=say("outbox.approve.help"))
def approve(
    *numbers: Numbers,
    everything: Everything = False,
    by: By = "operator",
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Let waiting letters go out with the next pass."""
    with opened(config) as (_, shells):
        chosen = _chosen(shells, numbers, (OutboxState.WAITING,), everything=everything)
        return _decide(shells, chosen, OutboxState.READY, by, dry_run=dry_run, json=json)


@app.command(name="reject", help=say("outbox.reject.help"))
def reject(
    *numbers: Numbers,
    everything: Everything = False,
    by: By = "operator",
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Keep waiting letters from going out."""
    with opened(config) as (_, shells):
        chosen = _chosen(shells, numbers, (OutboxState.WAITING, OutboxState.DRAFTED), everything=everything)
        return _decide(shells, chosen, OutboxState.REJECTED, by, dry_run=dry_run, json=json)


@app.command(name="retry", help=say("outbox.retry.help"))
def retry(
    *numbers: Numbers, by: By = "operator", dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False
) -> int:
    """Send a failed, rejected or shadowed letter after all."""
    with opened(config) as (_, shells):
        chosen = _chosen(shells, numbers, SENDABLE_AGAIN, everything=False)
        return _decide(shells, chosen, OutboxState.READY, by, dry_run=dry_run, json=json)


@app.command(name="sent", help=say("outbox.sent.help"))
def sent(
    *numbers: Numbers, by: By = "operator", dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False
) -> int:
    """Record that a clerk sent these drafts by hand; the applicant's days count from now."""
    from mailintake.worker.outbox.recording import record_sent

    with opened(config) as (_, shells):
        chosen = _chosen(shells, numbers, (OutboxState.DRAFTED,), everything=False)
        for entry in () if dry_run else chosen:
            if not record_sent(shells, entry, f"sent by {by}"):
                raise _faster(entry)
    if json:
        print_json(letters=[entry.id for entry in chosen], state=OutboxState.SENT.value, dry_run=dry_run)
    else:
        print_done(say("outbox.recorded", count=len(chosen)), dry_run=dry_run)
    return 0


@app.command(name="resume", help=say("outbox.resume.help"))
def resume(*, by: By = "operator", dry_run: DryRun = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Go on sending after the provider made us pause and the cause is mended."""
    from mailintake.worker.outbox import pausing

    with opened(config) as (_, shells):
        paused = pausing.paused_until(shells) is not None
        if paused and not dry_run:
            pausing.resume(shells, f"staff:{by}")
    if json:
        print_json(resumed=paused, dry_run=dry_run)
    else:
        print_done(say("outbox.resumed" if paused else "outbox.not_paused"), dry_run=dry_run)
    return 0


def _chosen(
    shells: "Shells", numbers: tuple[int, ...], states: tuple[OutboxState, ...], *, everything: bool
) -> tuple[OutboxEntry, ...]:
    """The letters meant; UsageError for one that is not in these states, before anything is changed."""
    if not numbers and not everything:
        raise UsageError(say("outbox.which"), fix="mailintake outbox list")
    known = {entry.id: entry for entry in shells.store.outbox(states)}
    for number in numbers:
        if number not in known:
            raise UsageError(say("outbox.unknown", id=number), fix="mailintake outbox list --everything")
    return tuple(known.values()) if everything else tuple(known[number] for number in dict.fromkeys(numbers))


def _decide(
    shells: "Shells", chosen: tuple[OutboxEntry, ...], state: OutboxState, by: str, *, dry_run: bool, json: bool
) -> int:
    from mailintake.worker.outbox.approval import keep_back, let_go

    decide = let_go if state is OutboxState.READY else keep_back
    for entry in () if dry_run else chosen:
        if not decide(shells, entry, by):
            raise _faster(entry)
    if json:
        print_json(letters=[entry.id for entry in chosen], state=state.value, dry_run=dry_run)
        return 0
    said = say("outbox.approved" if state is OutboxState.READY else "outbox.refused", count=len(chosen))
    print_done(said, dry_run=dry_run)
    if dry_run:
        print_lines(aligned((e.id, e.to[0], e.subject) for e in chosen))
    return 0


def _faster(entry: OutboxEntry) -> UsageError:
    """The service, or a colleague, moved it between our look and our word."""
    return UsageError(say("outbox.unknown", id=entry.id), fix="mailintake outbox list --everything")


def _row(entry: OutboxEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "letter": entry.letter.value,
        "state": entry.state.value,
        "mode": entry.mode.value,
        "to": list(entry.to),
        "subject": entry.subject,
        "case": entry.case or None,
        "queued_at": entry.queued_at.isoformat(),
        "answer": entry.last_answer,
    }
