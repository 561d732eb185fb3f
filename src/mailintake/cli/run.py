"""mailintake run: the daemon, one pass, or one pass that leaves no trace."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from signal import SIG_IGN, SIGHUP, signal
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, DryRun, hint, print_json
from mailintake.cli.table import aligned
from mailintake.cli.words import say
from mailintake.errors import MailintakeError, ReaderFailed, UsageError

if TYPE_CHECKING:
    from mailintake.config import Configuration
    from mailintake.model.digest import Digest
    from mailintake.readers.port import Readers
    from mailintake.worker.intake.process import Processed
    from mailintake.worker.passes import Report, Worker
    from mailintake.worker.shells import Shells

Once = Annotated[bool, Parameter(name="--once", help=say("run.once.help"))]
Since = Annotated[str | None, Parameter(name="--since", help=say("run.since.help"))]


def run(
    *,
    once: Once = False,
    dry_run: DryRun = False,
    since: Since = None,
    config: ConfigFolder = None,
    json: AsJson = False,
) -> int:
    """Exit code 0 after a clean end, 4 when a mailbox did not answer (with --once)."""
    from mailintake.app.active import active_configuration
    from mailintake.app.logs import start_logging

    first = _day(since)
    if first and not dry_run:
        raise UsageError(say("run.since_needs_dry_run"), fix=say("run.since_needs_dry_run.fix"))
    configuration = active_configuration(config)
    start_logging(configuration.settings.log)
    if dry_run:
        return _dry(configuration, first, json)
    return _real(configuration, once=once, json=json)


def _dry(configuration: "Configuration", since: date | None, json: bool) -> int:
    from mailintake.app.build import watches_of
    from mailintake.app.dry_run import dry_shells
    from mailintake.worker.passes import Worker

    hint(say("run.dry"))

    def progress(done: "Processed", _count: int) -> None:
        for line in () if json else _mail(done):
            print(line, flush=True)

    with dry_shells(configuration) as shells:
        worker = Worker(shells, watches_of(configuration.settings, since), progress)
        report = worker.run_once()
    _show(report, json, dry_run=True)
    if not report.processed and not report.faults:
        hint(say("run.dry_nothing"))
    return 4 if report.faults else 0


def _real(configuration: "Configuration", *, once: bool, json: bool) -> int:
    from mailintake.app.active import ActiveRules, first_set
    from mailintake.app.build import renewal, shells_for, system_clock, watches_of
    from mailintake.app.systemd import READY, STOPPING, notify
    from mailintake.store.lock import instance_lock
    from mailintake.worker.passes import Worker
    from mailintake.worker.schedule import between, hours

    settings = configuration.settings
    signal(SIGHUP, SIG_IGN)  # until the service listens to it: it asks to look for new rules, and ends nothing

    life = _Life(configuration, json)

    with ExitStack() as stack:
        stack.enter_context(instance_lock(settings.database_url, shared=True))
        configuration = first_set(configuration, system_clock())
        shells = stack.enter_context(shells_for(configuration))
        worker = Worker(
            shells,
            watches_of(settings),
            progress=lambda _done, _count: life.alive(),
            publish=lambda made: _publish(made, worker.shells),
        )
        worker.renew = renewal(ActiveRules(configuration))
        stack.callback(worker.retire)
        if once:
            report = worker.run_once()
            _show(report, json)
            return 4 if report.faults else 0
        from mailintake.worker.daemon import run_until_stopped

        _warm_up(shells.readers)
        notify(READY)
        hint(say("run.started", seconds=settings.poll.interval_seconds))
        seconds = settings.poll.interval_seconds
        run_until_stopped(worker, seconds, partial(life.beat, worker), hours(shells), between(shells))
        notify(STOPPING)
        hint(say("run.stopped"))
    return 0


def _publish(made: "Digest", shells: "Shells") -> None:
    """The digest's page and workbook; what writes them is loaded on the morning it is made."""
    from mailintake.app.pages import write_pages

    write_pages(made, shells.renderer, shells.configuration.settings.digest_folder)


@dataclass
class _Life:
    """What the service says of each look at its mailboxes, to systemd's watchdog and on the terminal."""

    configuration: "Configuration"
    json: bool
    well: bool = True  # did a mailbox answer when it was looked at last?
    cold: bool = True  # is what the first mail needs still to be loaded?

    def alive(self) -> None:
        """Feed the watchdog."""
        from mailintake.app.systemd import ALIVE, notify

        if self.well:
            notify(ALIVE)

    def beat(self, worker: "Worker", report: "Report") -> None:
        """A task is done. Where the first look found nothing to do, there is time to load."""
        if report.looked is not None:
            self.well = report.looked
        self.alive()
        _show(report, self.json)
        if self.cold and not report.processed:
            _load(self.configuration, worker.shells)
        self.cold = False


def _warm_up(readers: "Readers") -> None:
    """A broken reader shows now and not with the first mail; mail is worked on all the same."""
    try:
        readers.warm_up()
    except ReaderFailed as fault:
        print(say("run.fault", fault=fault), file=sys.stderr, flush=True)


def _load(configuration: "Configuration", shells: "Shells") -> None:
    """The first look found nothing to do: time to load what the first mail would wait for."""
    from mailintake.app.warm import warm_up

    try:
        warm_up(configuration, shells.readers, shells.clock())
    except (MailintakeError, OSError) as fault:
        print(say("run.fault", fault=fault), file=sys.stderr, flush=True)


def _show(report: "Report", json: bool, *, dry_run: bool = False) -> None:
    from mailintake.app.summary import counted

    row = counted(report)
    if json:
        print_json(**row, faults=report.faults, dry_run=dry_run)
        return
    print(say("run.line", **row), flush=True)
    for fault in report.faults:
        print(say("run.fault", fault=fault), file=sys.stderr, flush=True)


def _mail(done: "Processed") -> list[str]:
    """One mail of a dry run: what it is, what would become of it, which letters would be written."""
    from mailintake.worker.intake.process import fate

    disposition = fate(done)
    result = say(f"disposition.{disposition.value}") if disposition else done.failure
    letters = [("   ", say("run.would_write"), one.letter.to[0], one.letter.subject) for one in done.letters]
    return [*aligned([(result, done.message.subject if done.message else done.row.sha256[:12])]), *aligned(letters)]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            say("usage.value", name="--since", got=text), fix="mailintake run --dry-run --since 2026-11-02"
        ) from None
