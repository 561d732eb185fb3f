"""mailintake status: is it working, and is anything waiting for a person?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, opened, print_json, print_lines
from mailintake.cli.words import say
from mailintake.model.zone import SHANGHAI

_STALE = timedelta(hours=1)

ExitCode = Annotated[bool, Parameter(name="--exit-code", help=say("status.exit_code.help"))]


def status(*, config: ConfigFolder = None, json: AsJson = False, exit_code: ExitCode = False) -> int:
    """With --exit-code: 1 when a mailbox was not read for an hour, sending stands, or a fault is open."""
    from mailintake.app.state import state_of

    with opened(config) as (configuration, shells):
        state = state_of(shells, tuple(m.name for m in configuration.settings.mailboxes))
        now = shells.clock()
    state["healthy"] = _fresh(state, now) and not state["faults"] and not state["paused"]
    if json:
        print_json(**state)
    else:
        print_lines(_lines(state))
        _hints(state)
    return 1 if exit_code and not state["healthy"] else 0


def _fresh(state: dict[str, Any], now: datetime) -> bool:
    times = [polled["at"] for polled in state["mailboxes"]]
    return all(at and now - datetime.fromisoformat(at) < _STALE for at in times)


def _lines(state: dict[str, Any]) -> Iterator[str]:
    for polled in state["mailboxes"]:
        if polled["at"]:
            at = datetime.fromisoformat(polled["at"]).astimezone(SHANGHAI)
            yield say("status.poll", name=polled["name"], at=f"{at:%Y-%m-%d %H:%M}")
        else:
            yield say("status.never", name=polled["name"])
        if polled["on_server"] is not None:
            yield say("status.reconciled", **polled)
    yield say("status.queue", **state)
    yield say("status.open", **state)
    yield say("status.digest", day=state["digest"]) if state["digest"] else say("status.no_digest")
    yield say("status.rules", **state)
    if state["paused"]:
        yield say("status.paused", until=state["paused_until"])
    yield from (say("status.fault", fault=fault) for fault in state["faults"])


def _hints(state: dict[str, Any]) -> None:
    """What to type for what waits."""
    for key in ("waiting", "quarantined"):
        if state[key]:
            hint(say(f"status.next.{key}"))
    if state["faults"]:
        hint(say("status.next.faults"))
    if state["paused"]:
        hint(say("status.next.paused"))
