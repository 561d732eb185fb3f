"""Procrastinate: python with_procrastinate.py prepare|queue|work URL [NUMBER…]."""

import sys

import procrastinate

from benchmarks.engines.load import handle, line

what, url, *numbers = sys.argv[1:]
kind = procrastinate.PsycopgConnector if what == "work" else procrastinate.SyncPsycopgConnector
app = procrastinate.App(connector=kind(conninfo=url))


@app.task(name="job")  # type: ignore[untyped-decorator]
def job(number: int) -> None:
    """One mail."""
    handle(line(url), number)


@app.periodic(cron="*/1 * * * *")  # type: ignore[untyped-decorator]
@app.task(name="stalled", queueing_lock="stalled", pass_context=True)  # type: ignore[untyped-decorator]
async def stalled(context: procrastinate.JobContext, timestamp: int) -> None:
    """What the manual tells everybody to write: jobs of the dead go back. Nobody else does it."""
    for one in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(one)


if what == "work":
    app.run_worker(concurrency=1)
with app.open():
    if what == "prepare":
        app.schema_manager.apply_schema()
    for number in numbers:
        app.configure_task("job").defer(number=int(number))
