"""mailintake status: is it working, and is anything waiting for a person?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, looked, print_json, print_lines
from mailintake.cli.words import say
from mailintake.model.zone import SHANGHAI

_GIGABYTE = 2**30
_TOLD = ("not_running", "paused", "fault")  # these have lines of their own

ExitCode = Annotated[bool, Parameter(name="--exit-code", help=say("status.exit_code.help"))]


def status(*, config: ConfigFolder = None, json: AsJson = False, exit_code: ExitCode = False) -> int:
    """With --exit-code: 1 when anything of app.state.Trouble is so."""
    from mailintake.app.state import state_of, troubles

    now = datetime.now(UTC)
    with looked(config) as (configuration, store):
        state = state_of(store, configuration, now)
    state["troubles"] = [trouble.value for trouble in troubles(state, now)]
    state["healthy"] = not state["troubles"]
    if json:
        print_json(**state)
    else:
        print_lines(_lines(state))
        _hints(state)
    return 1 if exit_code and not state["healthy"] else 0


def _lines(state: dict[str, Any]) -> Iterator[str]:
    yield _service(state["service"])
    for polled in state["mailboxes"]:
        if polled["at"]:
            at = datetime.fromisoformat(polled["at"]).astimezone(SHANGHAI)
            yield say("status.poll", name=polled["name"], at=f"{at:%Y-%m-%d %H:%M}")
        else:
            yield say("status.never", name=polled["name"])
        if polled["on_server"] is not None:
            when = clock_time(polled["reconciled_at"]) if polled["reconciled_at"] else ""
            yield say("status.reconciled", **polled, when=when)
    yield say("status.last_mail", at=clock_time(state["last_mail"])) if state["last_mail"] else say("status.no_mail")
    yield say("status.queue", **state)
    yield say("status.open", **state)
    yield say("status.digest", day=state["digest"]) if state["digest"] else say("status.no_digest")
    yield _backup(state["backup"])
    yield say("status.disk", size=state["disk_free"] / _GIGABYTE)
    yield say("status.rules", version=state["version"], calendar=state["calendar"])
    yield from rule_lines(state["rules"])
    if state["paused"]:
        ends = not state["paused_for_good"]
        yield say("status.paused", until=clock_time(state["paused_until"])) if ends else say("status.paused_open")
    yield from (say("status.fault", fault=fault) for fault in state["faults"])
    yield from (
        say("status.fault", fault=say(f"status.trouble.{one}")) for one in state["troubles"] if one not in _TOLD
    )


def _service(service: dict[str, Any]) -> str:
    if not service["running"]:
        return say("status.stopped")
    return say("status.runs_as", pid=service["pid"]) if service["pid"] else say("status.runs")


def _backup(backup: dict[str, Any]) -> str:
    if backup["at"]:
        return say("status.backup", at=clock_time(backup["at"]))
    return say("status.no_backup") if backup["wanted"] else say("status.backup_off")


def rule_lines(rules: dict[str, Any]) -> Iterator[str]:
    """What lies on the disk and is not in force."""
    if rules["active"] != rules["on_disk"]:
        since = say("rules.since", at=clock_time(rules["edited"])) if rules["edited"] else ""
        yield say("rules.not_active", version=rules["on_disk"], since=since)
    if rules["proposed_by"]:
        yield say("rules.waits", by=rules["proposed_by"])
    if rules["settings_broken"]:
        yield say("rules.settings_unused")


def clock_time(at: str) -> str:
    """The hour of today, or the day with it."""
    moment, today = datetime.fromisoformat(at).astimezone(SHANGHAI), datetime.now(SHANGHAI).date()
    return f"{moment:%H:%M}" if moment.date() == today else f"{moment:%Y-%m-%d %H:%M}"


def _hints(state: dict[str, Any]) -> None:
    """What to type for what waits."""
    for key in ("waiting", "quarantined"):
        if state[key]:
            hint(say(f"status.next.{key}"))
    if state["rules"]["active"] != state["rules"]["on_disk"]:
        hint(say("rules.next.candidate"))
    if state["faults"]:
        hint(say("status.next.faults"))
    if state["paused"]:
        hint(say("status.next.paused"))
