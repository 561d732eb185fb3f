"""DBOS Transact: python with_dbos.py prepare|queue|work URL [NUMBER…]."""

import os
import sys
import threading

from dbos import DBOS, DBOSClient, DBOSConfig

from benchmarks.engines.load import handle, line

what, url, *numbers = sys.argv[1:]
system = os.environ["SQLALCHEMY_URL"]
config: DBOSConfig = {
    "name": "spike", "system_database_url": system, "log_level": "ERROR", "application_version": "1",
    "executor_id": str(os.getpid()),
}  # fmt: skip

if what == "queue":
    client = DBOSClient(system_database_url=system)
    for number in numbers:
        client.enqueue({"queue_name": "mails", "workflow_name": "job", "app_version": "1"}, int(number))
    client.destroy()
    sys.exit()
DBOS(config=config)


@DBOS.workflow(name="job")  # type: ignore[untyped-decorator]
def job(number: int) -> None:
    """One mail; a workflow that was interrupted begins anew, steps that were done are not repeated."""
    handle(line(url), number)


DBOS.launch()
DBOS.register_queue("mails", worker_concurrency=1, polling_interval_sec=0.2)
if what == "work":
    threading.Event().wait()
DBOS.destroy()
