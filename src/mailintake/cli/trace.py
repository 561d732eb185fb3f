"""mailintake trace: what became of a mail or a letter, from the UID in the mailbox to the mail server's answer."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json, print_lines
from mailintake.cli.table import blocks
from mailintake.cli.words import say
from mailintake.errors import UsageError
from mailintake.model.zone import SHANGHAI

if TYPE_CHECKING:
    from mailintake.app.trace import Way
    from mailintake.model.letter import OutboxEntry
    from mailintake.store.port import MessageRow

What = Annotated[str, Parameter(help=say("trace.what.help"))]
All = Annotated[bool, Parameter(name="--everything", negative="", help=say("trace.everything.help"))]


def trace(what: What, *, everything: All = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Every mail and letter that is called so, with what happened to it and when, in Asia/Shanghai with the offset."""
    from mailintake.app.trace import LATEST, older, ways

    with opened(config) as (_, shells):
        found = ways(shells.store, what, None if everything else LATEST)
        more = 0 if everything else older(shells.store, found, what)
        titles = shells.renderer.digest_words.letters
    if not found:
        raise UsageError(say("trace.nothing", what=what), fix="mailintake mail list --everything")
    if json:
        print_json(ways=[_row(way) for way in found], older=more)
        return 0
    for way in found:
        print_lines(blocks(_lines(way, titles)))
        print()
    if more:
        print(say("trace.older", count=more, command=f"mailintake trace {what} --everything"))
    hint(say("trace.next"))
    return 0


def _lines(way: "Way", titles: dict[str, str]) -> Iterator[tuple[str, ...]]:
    if way.mail is not None:
        yield from _mail(way.mail)
    for entry in way.letters:
        yield from _letter(entry, titles.get(entry.letter.value, entry.letter.value))


def _mail(row: "MessageRow") -> Iterator[tuple[str, ...]]:
    from mailintake.worker.story import trace_of

    yield say("label.mail"), f"#{row.id}", trace_of(row.sha256), row.sender, row.subject
    for ref in row.refs:
        place = say("trace.place", mailbox=ref.mailbox, folder=ref.folder, uid=ref.uid, validity=ref.uidvalidity)
        yield "", _moment(row.received_at), say("trace.fetched"), place
    fate = say(f"disposition.{row.disposition.value}") if row.disposition else ""
    state = say(f"status.{row.status}")
    yield "", "", state, say("list.comma").join(filter(None, (fate, *row.cases, row.reason)))


def _letter(entry: "OutboxEntry", title: str) -> Iterator[tuple[str, ...]]:
    from mailintake.app.act_words import letter_state

    yield say("label.letter"), f"#{entry.id}", title, ", ".join((*entry.to, *entry.cc)), entry.message_id
    yield "", _moment(entry.queued_at), say("trace.written"), say(f"mode.{entry.mode.value}")
    if entry.approved_by:
        yield "", "", say("trace.approved"), entry.approved_by
    if entry.first_tried_at is not None:
        yield "", _moment(entry.first_tried_at), say("trace.tried"), say("trace.times", count=entry.attempts)
    yield "", _moment(entry.sent_at), letter_state(entry.state), entry.last_answer


def _row(way: "Way") -> dict[str, Any]:
    from mailintake.worker.story import trace_of

    mail, trace_ = way.mail, trace_of(way.mail.sha256) if way.mail is not None else None
    return {
        "trace": trace_,
        "mail": _mail_row(mail) if mail else None,
        "letters": [_letter_row(e) for e in way.letters],
    }


def _mail_row(row: "MessageRow") -> dict[str, Any]:
    places = [{"mailbox": r.mailbox, "folder": r.folder, "uidvalidity": r.uidvalidity, "uid": r.uid} for r in row.refs]
    return {
        "id": row.id,
        "sha256": row.sha256,
        "message_id": row.message_id,
        "sender": row.sender,
        "places": places,
        "received_at": _iso(row.received_at),
        "status": row.status,
        "disposition": row.disposition.value if row.disposition else None,
        "cases": list(row.cases),
        "reason": row.reason,
    }


def _letter_row(entry: "OutboxEntry") -> dict[str, Any]:
    return {
        "id": entry.id,
        "letter": entry.letter.value,
        "state": entry.state.value,
        "to": list(entry.to),
        "case": entry.case or None,
        "message_id": entry.message_id,
        "queued_at": _iso(entry.queued_at),
        "approved_by": entry.approved_by or None,
        "first_tried_at": _iso(entry.first_tried_at),
        "attempts": entry.attempts,
        "sent_at": _iso(entry.sent_at),
        "answer": entry.last_answer,
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds") if at else None


def _moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).isoformat(" ", "seconds") if at else ""
