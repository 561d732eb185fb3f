"""Celery over its database transport: python with_celery.py prepare|queue|work URL [NUMBER…]."""

import os
import sys

from celery import Celery
from kombu.transport.sqlalchemy import Transport

from benchmarks.engines.load import handle, line

what, url, *numbers = sys.argv[1:]
Transport.polling_interval = 0.2
app = Celery("spike", broker="sqla+" + os.environ["SQLALCHEMY_URL"])
app.conf.update(
    task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)  # fmt: skip


@app.task(name="job")  # type: ignore[untyped-decorator]
def job(number: int) -> None:
    """One mail."""
    handle(line(url), number)


if what == "queue":
    for number in numbers:
        job.delay(int(number))
elif what == "work":
    app.worker_main(["worker", "--pool=solo", "--loglevel=ERROR", "--without-gossip", "--without-mingle"])
