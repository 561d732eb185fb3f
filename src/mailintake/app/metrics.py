"""The state of the installation as Prometheus reads it (text exposition format 0.0.4). Nothing personal is in it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from mailintake.app.state import Trouble

_PREFIX = "mailintake_"
_HELP = {
    "up": "1 while the service works on the database",
    "last_mail_seconds": "Unix time of the newest mail",
    "backup_seconds": "Unix time of the last nightly copy",
    "disk_free_bytes": "bytes left where the data lie",
    "messages_waiting": "mails that are not worked on yet",
    "messages_processing": "mails that a worker has in hand",
    "workers": "services that work on the database",
    "messages_quarantined": "mails put aside",
    "letters_waiting": "letters that wait for approval",
    "letters_ready": "letters on their way out",
    "cases_open": "open cases",
    "notices_open": "lines that wait for a person",
    "sending_paused": "1 while nothing is sent",
    "rules_differ": "1 while files were edited that are not in force",
    "mailbox_polled_seconds": "Unix time of the last good look at the mailbox",
    "mailbox_reconciled_seconds": "Unix time of the last comparison with the whole mailbox",
    "mailbox_difference": "mails in the mailbox that are not recorded",
    "trouble": "1 for each thing that `mailintake status --exit-code` is not content with",
}


def exposition(state: dict[str, Any], troubles: tuple[Trouble, ...]) -> str:
    """One text; `state` as app.state.state_of gives it. What is not known yet is left out."""
    return "\n".join((*_lines(state, troubles), ""))


def _lines(state: dict[str, Any], troubles: tuple[Trouble, ...]) -> Iterator[str]:
    plain: dict[str, float | None] = {
        "up": state["service"]["running"],
        "last_mail_seconds": _seconds(state["last_mail"]),
        "backup_seconds": _seconds(state["backup"]["at"]),
        "disk_free_bytes": state["disk_free"],
        "messages_waiting": state["received"],
        "messages_processing": state["processing"],
        "workers": state["workers"],
        "messages_quarantined": state["quarantined"],
        "letters_waiting": state["waiting"],
        "letters_ready": state["ready"],
        "cases_open": state["open"],
        "notices_open": state["notices"],
        "sending_paused": state["paused"],
        "rules_differ": state["rules"]["active"] != state["rules"]["on_disk"],
    }
    for name, value in plain.items():
        if value is not None:
            yield from _metric(name, [("", value)])
    boxes = state["mailboxes"]
    for name, key in (("mailbox_polled_seconds", "at"), ("mailbox_reconciled_seconds", "reconciled_at")):
        yield from _metric(name, [(_label("mailbox", box["name"]), _seconds(box[key])) for box in boxes])
    yield from _metric("mailbox_difference", [(_label("mailbox", box["name"]), box["difference"]) for box in boxes])
    yield from _metric("trouble", [(_label("kind", one.value), one in troubles) for one in Trouble])


def _metric(name: str, rows: list[tuple[str, float | None]]) -> Iterator[str]:
    known = [(label, value) for label, value in rows if value is not None]
    if known:
        yield f"# HELP {_PREFIX}{name} {_HELP[name]}"
        yield f"# TYPE {_PREFIX}{name} gauge"
        yield from (f"{_PREFIX}{name}{label} {float(value):.15g}" for label, value in known)


def _label(key: str, value: str) -> str:
    """Names of mailboxes are short words; nothing in them needs escaping."""
    return f'{{{key}="{value}"}}'


def _seconds(at: str | None) -> float | None:
    return datetime.fromisoformat(at).timestamp() if at else None
