"""mailintake status: is it working, and is anything waiting for a person?"""

from datetime import datetime, timedelta

from mailintake.cli.common import AsJson, ConfigFolder, opened, print_json, print_lines
from mailintake.cli.words import say

_STALE = timedelta(hours=1)


def status(*, config: ConfigFolder = None, json: AsJson = False, exit_code: bool = False) -> int:
    """With --exit-code: 1 when no mailbox was read for an hour or a fault is open."""
    from mailintake.app.state import state_of

    with opened(config) as (configuration, shells):
        names = tuple(m.name for m in configuration.settings.mailboxes)
        state = state_of(shells, names)
    if json:
        print_json({"schema": 1, **state})
    else:
        print_lines(_lines(state))
    fresh = all(p["at"] and shells.clock() - datetime.fromisoformat(p["at"]) < _STALE for p in state["mailboxes"])
    return 1 if exit_code and not (fresh and not state["faults"]) else 0


def _lines(state: dict[str, object]) -> list[str]:
    lines = []
    for polled in state["mailboxes"]:  # type: ignore[attr-defined]
        lines.append(say("status.poll", **polled) if polled["at"] else say("status.never"))
        if polled["on_server"] is not None:
            lines.append(say("status.reconciled", **polled))
    lines.append(say("status.queue", **state))
    lines.append(say("status.open", **state))
    lines.append(say("status.rules", **state))
    lines += [say("status.fault", fault=fault) for fault in state["faults"]]  # type: ignore[attr-defined]
    return lines
