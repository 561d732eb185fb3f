"""mailintake run: the daemon, or one pass."""

import sys

from mailintake.cli.common import AsJson, ConfigFolder, hint, print_json
from mailintake.cli.words import say


def run(*, once: bool = False, dry_run: bool = False, config: ConfigFolder = None, json: AsJson = False) -> int:
    """Exit code 0 after a clean end, 4 when a mailbox did not answer (with --once)."""
    from mailintake.app.build import shells_for, watches_of
    from mailintake.app.logs import start_logging
    from mailintake.app.summary import counted
    from mailintake.config import load
    from mailintake.store.lock import instance_lock
    from mailintake.worker.daemon import run_until_stopped
    from mailintake.worker.passes import Report, Worker

    configuration = load(config)
    settings = configuration.settings
    start_logging(settings.log)

    def show(report: Report) -> None:
        row = counted(report)
        if json:
            print_json({"schema": 1, **row, "faults": report.faults})
        else:
            print(say("run.line", **row), flush=True)
            for fault in report.faults:
                print(say("run.fault", fault=fault), file=sys.stderr, flush=True)

    with instance_lock(settings.database_url), shells_for(configuration, dry_run=dry_run) as shells:
        worker = Worker(shells, watches_of(settings))
        if dry_run:
            hint(say("run.dry"))
        if once:
            report = worker.run_once()
            show(report)
            return 4 if report.faults else 0
        hint(say("run.started", seconds=settings.poll.interval_seconds))
        run_until_stopped(worker, settings.poll.interval_seconds, show)
        hint(say("run.stopped"))
    return 0
