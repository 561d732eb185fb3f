"""mailintake letter: letters that wait, a clerk's yes or no, and a clerk's own words."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.acting import add_acts, letter_row
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
    print_rows,
)
from mailintake.cli.frame import make_app
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.act import Target
from mailintake.model.letter import OutboxEntry, OutboxState

if TYPE_CHECKING:
    from mailintake.worker.shells import Shells

app = make_app("letter")
_OPEN = (
    *(OutboxState.WAITING, OutboxState.DRAFTED, OutboxState.READY, OutboxState.SENDING),
    *(OutboxState.IN_DOUBT, OutboxState.FAILED),
)

Number = Annotated[int, Parameter(help=say("letter.number.help"))]
Since = Annotated[str, Parameter(name="--since", help=say("letter.since.help"))]


@app.command(name="list", help=say("letter.list.help"))
def list_letters(*, everything: Everything = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Letters that wait for a clerk or for the mailer, or all with --everything."""
    from mailintake.app.act_words import letter_state
    from mailintake.cli.status import clock_time
    from mailintake.store.port import for_good
    from mailintake.worker.outbox.pausing import paused_until

    with opened(config) as (_, shells):
        entries = shells.store.outbox(None if everything else _OPEN)
        titles = shells.renderer.digest_words.letters
        paused = paused_until(shells)
        ends = paused is None or not for_good(paused, shells.clock())
        rows = [_row(shells, entry) for entry in entries] if json else []
    if json:
        print_rows(rows)
        return 0
    shown = (
        (e.id, titles.get(e.letter.value, e.letter.value), letter_state(e.state), e.case, e.to[0], e.subject)
        for e in entries
    )
    print_lines(aligned(shown))
    hint(say("letter.next") if entries else say("letter.none"))
    if paused is not None:
        hint(say("letter.paused", until=clock_time(paused.isoformat())) if ends else say("letter.paused_open"))
    return 0


@app.command(name="show", help=say("letter.show.help"))
def show(number: Number, *, since: Since = "", config: ConfigFolder = None, json: AsJson = False) -> int:
    """The letter as text, headers first; with --since what has changed since the bytes of that sha256 were seen."""
    from mailintake.letters.said import changed_lines, headers_of, text_of

    with opened(config) as (_, shells):
        entry = shells.store.outbox_entry(number)
        if entry is None:
            raise UsageError(say("letter.unknown", id=number), fix="mailintake letter list --everything")
        if not entry.sha256:
            raise UsageError(say("letter.erased", id=number), fix="mailintake letter list --everything")
        raw = shells.store.files.path(entry.sha256).read_bytes()
        earlier = since or (entry.before_sha256 if entry.state is OutboxState.WAITING else "")
        before = (
            shells.store.files.path(earlier).read_bytes() if earlier and shells.store.files.exists(earlier) else b""
        )
        row = _row(shells, entry)
    text, headers = text_of(raw), headers_of(raw)
    changes = changed_lines(before, raw) if before else ()
    if json:
        print_json(letter=row, headers=headers, text=text, changed=list(changes))
        return 0
    print_lines((*(f"{name}: {value}" for name, value in headers.items()), "", text))
    if changes:
        print_lines((say("letter.changed"), *changes))
    if entry.state is OutboxState.WAITING:
        hint(say("letter.decide", id=number))
    return 0


@app.command(name="resume", help=say("letter.resume.help"))
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
        print_done(say("letter.resumed" if paused else "letter.not_paused"), dry_run=dry_run)
    return 0


def _row(shells: "Shells", entry: OutboxEntry) -> dict[str, object]:
    case = shells.store.case(entry.case) if entry.case else None
    return letter_row(entry) | {
        "revision": case.revision if case else 0,
        "procedure": case.procedure.value if case else None,
        "applicants": [a.name or a.name_pinyin for a in case.applicants] if case else [],
        "mode": entry.mode.value,
        "queued_at": entry.queued_at.isoformat(),
        "approved_by": entry.approved_by or None,
        "answer": entry.last_answer,
    }


app.command("mailintake.cli.letter_preview:preview", name="preview", help=say("letter.preview.help"))
add_acts(app, Target.LETTER)
