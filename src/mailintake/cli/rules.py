"""mailintake rules: what is in force, what would change, and who changed it."""

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, in_force, opened, print_json, print_lines, print_rows
from mailintake.cli.frame import make_app
from mailintake.cli.rules_words import LAST, Last, difference_line, progress_bar
from mailintake.cli.status import clock_time, rule_lines
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import UsageError

if TYPE_CHECKING:
    from mailintake.config.sets import Sets

app = make_app("rules")
for _name, _function in (("test", "try_rules"), ("backtest", "backtest")):
    app.command(f"mailintake.cli.rules_trying:{_function}", name=_name, help=say(f"rules.{_name}.help"))
for _name, _function in (("apply", "apply"), ("rollback", "rollback"), ("learn-case", "learn_case")):
    app.command(f"mailintake.cli.rules_applying:{_function}", name=_name, help=say(f"rules.{_name}.help"))

From = Annotated[str, Parameter(help=say("rules.from.help"))]
To = Annotated[str, Parameter(help=say("rules.to.help"))]


@app.command(name="status", help=say("rules.status.help"))
def status(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Rules in force and rules on the disk."""
    from dataclasses import asdict

    from mailintake.app.active import standing
    from mailintake.config.sets import Sets

    configuration = in_force(config)
    found = standing(configuration)
    row = asdict(found) | {
        name: at.isoformat() if (at := getattr(found, name)) else None for name in ("since", "edited")
    }
    if json:
        print_json(**row)
        return 0
    last = next(iter(reversed(Sets(configuration.settings.data_folder).history())), None)
    if last is None:
        print(say("rules.never_applied", version=found.active))
        return 0
    print(say("rules.active", version=found.active, since=clock_time(last.at.isoformat()), by=last.by))
    print_lines(rule_lines(row))
    if found.differs:
        hint(say("rules.next.candidate"))
    else:
        print(say("rules.same"))
    return 0


@app.command(name="diff", help=say("rules.diff.help"))
def diff(before: From = "", after: To = "", *, config: ConfigFolder = None, json: AsJson = False) -> int:
    """From the rules in force to the files, or between two sets of the history."""
    from dataclasses import asdict

    from mailintake.app.rules.changes import differences
    from mailintake.config.sets import Sets

    configuration = in_force(config)
    sets = Sets(configuration.settings.data_folder)
    old = _set(sets, before) if before else configuration.kept
    new = _set(sets, after) if after else configuration.folder
    found = differences(old, new, configuration.settings.mailboxes, kept=not after)
    if json:
        print_rows(asdict(one) for one in found)
        return 0
    print_lines(map(difference_line, found))
    hint(say("rules.differences", count=len(found), second=sum(one.second for one in found)))
    return 0


def _set(sets: "Sets", version: str) -> Path:
    found = {a.version for a in sets.history() if a.version.startswith(version) and sets.known(a.version)}
    if len(found) != 1:
        raise UsageError(say("rules.unknown_set", version=version), fix="mailintake rules history")
    return sets.folder(found.pop())


@app.command(name="history", help=say("rules.history.help"))
def history(*, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Every set that was in force, newest first."""
    from mailintake.app.active import active_settings
    from mailintake.config.sets import Sets

    sets = Sets(active_settings(config)[0].data_folder)
    found, active = tuple(reversed(sets.history())), sets.active()
    if json:
        print_rows(
            {"version": a.version, "at": a.at.isoformat(), "by": a.by, "second": a.second or None, "turn": a.turn.value}
            | {"why": a.why, "before": a.before or None, "in_force": not number and a.version == active}
            for number, a in enumerate(found)
        )
        return 0
    rows = [
        (
            say("rules.now") if not number else "",
            a.version,
            clock_time(a.at.isoformat()),
            say(f"rules.turn.{a.turn.value}"),
            say("rules.both", first=a.by, second=a.second) if a.second else a.by,
            a.why,
        )
        for number, a in enumerate(found)
    ]
    print_lines(aligned(rows))
    if not found:
        hint(say("rules.no_history"))
    return 0


@app.command(name="stats", help=say("rules.stats.help"))
def stats(*, last: Last = LAST, config: ConfigFolder = None, json: AsJson = False) -> int:
    """How often each rule fired over the last mails, and which never did."""
    from mailintake.app.rules.counting import rule_counts

    begun = monotonic()
    with opened(config) as (configuration, shells), progress_bar(say("rules.counting"), quiet=json) as progress:
        mails, found = rule_counts(shells.store, configuration.rules, last, progress)
    if json:
        rows = [{"rule": c.rule, "source": c.source, "fired": c.fired, "near": c.near, "last": c.last} for c in found]
        print_json(mails=mails, rules=rows)
        return 0
    heads = tuple(say(f"rules.head.{name}") for name in ("rule", "fired", "near", "last", "source"))
    shown = [(c.rule, c.fired, c.near, c.last, c.source) for c in found if c.fired]
    print_lines(aligned([heads, *shown]))
    silent = [(f"  {c.rule}", c.source) for c in found if not c.fired]
    print(say("rules.never_fired", count=len(silent), mails=mails))
    print_lines(aligned(silent))
    hint(say("rules.took", seconds=f"{monotonic() - begun:.1f}"))
    return 0
