"""mailintake notices: what waits for a person, and saying that it was seen to."""

from typing import Annotated

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
from mailintake.letters.masking import mask_text
from mailintake.model.zone import SHANGHAI

app = make_app("notices")

Numbers = Annotated[int, Parameter(help=say("notices.numbers.help"))]


@app.command(name="list", help=say("notices.list.help"))
def list_notices(*, everything: Everything = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """One line a notice, the oldest first. Numbers of passports and cards are masked."""
    with opened(config) as (_, shells):
        rows = shells.store.notices(open_only=not everything)
        words, phrases = shells.renderer.digest_words, shells.renderer.digest_lines
    if json:
        print_json(
            notices=[
                {"id": r.id, "at": r.at.isoformat(), "code": r.notice.code, "text": mask_text(r.notice.text)}
                | {"case": r.notice.case or None, "message": r.notice.message or None}
                for r in rows
            ]
        )
        return 0
    print_lines(
        aligned(
            (
                r.id,
                f"{r.at.astimezone(SHANGHAI):%m-%d %H:%M}",
                phrases.notice(r.notice.code, words),
                r.notice.case,
                phrases.evidence(mask_text(r.notice.text), words),
            )
            for r in rows
        )
    )
    hint(say("notices.next") if rows else say("notices.none"))
    return 0


@app.command(name="close", help=say("notices.close.help"))
def close(
    *numbers: Numbers,
    everything: Everything = False,
    by: By = "operator",
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Take lines off the digest. UsageError for one that is not open, before anything is changed."""
    from mailintake.worker.shells import log_event

    if not numbers and not everything:
        raise UsageError(say("notices.which"), fix="mailintake notices list")
    with opened(config) as (_, shells):
        known = {row.id: row for row in shells.store.notices()}
        for number in numbers:
            if number not in known:
                raise UsageError(say("notices.unknown", id=number), fix="mailintake notices list")
        chosen = [known[n] for n in dict.fromkeys(known if everything else numbers)]
        if not dry_run:
            now = shells.clock()
            with shells.store.begin() as unit:
                for row in chosen:
                    unit.close_notice(row.id, now, f"seen by {by}")
                    log_event(
                        unit, now, "notice.closed", case=row.notice.case, actor=f"staff:{by}", code=row.notice.code
                    )
    if json:
        print_json(notices=[row.id for row in chosen], dry_run=dry_run)
        return 0
    print_done(say("notices.closed", count=len(chosen)), dry_run=dry_run)
    return 0
