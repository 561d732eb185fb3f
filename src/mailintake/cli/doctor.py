"""mailintake doctor: can this installation work? One line a check, with what was measured and what mends it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, print_json
from mailintake.cli.table import width
from mailintake.cli.words import say

if TYPE_CHECKING:
    from mailintake.app.doctor import Told
    from mailintake.config import Configuration

Offline = Annotated[bool, Parameter(name="--offline", help=say("doctor.offline.help"))]
MailToSelf = Annotated[bool, Parameter(name="--mail-to-self", help=say("doctor.self.help"))]
_NAME_WIDTH = 20


def doctor(
    *,
    offline: Offline = False,
    mail: MailToSelf = False,
    dry_run: DryRun = False,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Exit code 0 without ✗, 4 when only a mailbox or mail server refuses, 1 otherwise."""
    told = []
    for one in _examined(config, offline=offline, mail=mail and not dry_run):
        told.append(one)
        if not json:
            print_told(one)
    if mail and dry_run:
        hint(say("dry_run.only", what=say("doctor.self")))
    bad = [one for one in told if one.is_bad]
    if json:
        rows = [{"mark": t.mark.name.lower(), "name": t.name, "measured": t.measured, "fix": t.fix} for t in told]
        print_json(checks=rows, good=not bad)
    else:
        hint(say("doctor.bad", count=len(bad)) if bad else say("doctor.good"))
    if not bad:
        return 0
    return 4 if all(one.network for one in bad) else 1


def _examined(folder: Path | None, *, offline: bool, mail: bool) -> "Iterator[Told]":
    """A configuration that cannot be loaded ends it: everything else depends on it."""
    from mailintake.app.build import system_clock
    from mailintake.app.doctor import Mark, Told, examine
    from mailintake.config import check, load
    from mailintake.config.problems import Severity

    problems = [problem for problem in check(folder) if problem.severity is Severity.ERROR]
    if problems:
        measured = say("doctor.config.bad", count=len(problems), first=problems[0])
        yield Told(Mark.BAD, say("doctor.config"), measured, "mailintake check")
        return
    configuration = load(folder)
    where = folder or say("doctor.config.shipped")
    yield Told(
        Mark.GOOD, say("doctor.config"), say("doctor.config.good", path=where, version=configuration.rules.version)
    )
    yield from examine(configuration, say, system_clock())
    yield from _desk(configuration)
    if not offline:
        from mailintake.app.doctor_network import examine_network

        yield from examine_network(configuration, say, system_clock)
    if mail and not offline:
        from mailintake.app.doctor_mail import mail_to_self

        yield from mail_to_self(configuration, say, system_clock())


def _desk(configuration: "Configuration") -> "Iterator[Told]":
    """Only where somebody is known by name: before that nobody uses it."""
    from mailintake.app.build import database_file
    from mailintake.desk.health import examined
    from mailintake.errors import MailintakeError
    from mailintake.store.open import open_store

    settings = configuration.settings
    file = database_file(settings)
    if file is not None and not file.exists():
        return
    try:
        store = open_store(settings.database_url, settings.data_folder / "originals", migrate=False)
    except MailintakeError:
        return  # the line about the database says so
    staff = store.staff()
    store.close()
    if staff:
        yield from examined(configuration, staff, say)


def print_told(told: "Told") -> None:
    """One line, and what mends it below."""
    padding = " " * max(0, _NAME_WIDTH - width(told.name))
    print(f"{told.mark.value} {told.name}{padding} {told.measured}", flush=True)
    if told.fix:
        print(f"  {' ' * _NAME_WIDTH} {say('doctor.fix', fix=told.fix)}", flush=True)
