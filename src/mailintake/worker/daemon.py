"""When passes happen: APScheduler says "now"; what is due stands in the database."""

import logging
import signal
import threading
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from mailintake.worker.outgoing import SHANGHAI
from mailintake.worker.passes import Report, Worker

_log = logging.getLogger(__name__)
# APScheduler's own default drops a job that is one second late; ours runs it once, whenever it wakes up.
_JOB_DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}


def run_until_stopped(worker: Worker, every_seconds: int, heartbeat: Callable[[Report], None]) -> None:
    """Pass after pass until SIGTERM or SIGINT; the pass under way is finished, then this returns.

    A fault that stops the program (MailintakeError with reaction STOP) is raised here.
    """
    stop, failure = threading.Event(), list[BaseException]()

    def job() -> None:
        try:
            heartbeat(worker.run_once())
        except Exception as fault:
            _log.exception("pass failed")
            failure.append(fault)
            stop.set()

    def ask_to_stop(_signal: int, _frame: object) -> None:
        worker.stopping = True
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask_to_stop)
    scheduler = BackgroundScheduler(timezone=SHANGHAI, job_defaults=_JOB_DEFAULTS)
    scheduler.add_job(job, "interval", seconds=every_seconds, jitter=min(10, every_seconds // 5) or None)
    scheduler.start()
    job()
    stop.wait()
    scheduler.shutdown(wait=True)
    if failure:
        raise failure[0]
