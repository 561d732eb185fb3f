"""When passes happen: APScheduler says "now"; what is due stands in the database."""

import logging
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

from apscheduler.schedulers.background import BackgroundScheduler

from mailintake.model.zone import SHANGHAI
from mailintake.worker.passes import Report, Worker

_log = logging.getLogger(__name__)
# APScheduler's own default drops a job that is one second late; ours runs it once, whenever it wakes up.
_JOB_DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
_PASS, _BEGUN, _ENDED = "pass", "begun", "ended"
_NEVER_OVER = 3650  # days: the job always has a next time, which is moved; one that is over would be removed


def run_until_stopped(worker: Worker, every_seconds: int, heartbeat: Callable[[Report], None]) -> None:
    """Pass after pass, `every_seconds` after the end of the last one, until SIGTERM or SIGINT; the step under way is
    finished, then this returns. To be called in the main thread.

    A fault that stops the program (MailintakeError with reaction STOP) is raised here.
    """
    failure = list[BaseException]()
    news = SimpleQueue[str]()  # unlike an Event it may be told something inside a signal handler
    scheduler = BackgroundScheduler(timezone=SHANGHAI, job_defaults=_JOB_DEFAULTS)

    def job() -> None:
        news.put(_BEGUN)
        try:
            _beat(heartbeat, worker.run_once())
        except BaseException as fault:
            failure.append(fault)
        news.put(_ENDED)  # planned anew by the main thread: a job that plans jobs can meet shutdown() in a deadlock

    def schedule(seconds: float) -> None:
        scheduler.modify_job(_PASS, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))

    def ask_to_stop(_signal: int, _frame: object) -> None:
        worker.stopping = True
        news.put("stop")

    with _signals(ask_to_stop):
        scheduler.add_job(job, "interval", days=_NEVER_OVER, id=_PASS, next_run_time=datetime.now(UTC))
        scheduler.start()
        running = True
        while not worker.stopping and not failure:
            told = _next(news, every_seconds)
            running = told == _BEGUN or (running and told != _ENDED)
            if told == _ENDED:
                schedule(every_seconds)
            elif not running and _too_far(scheduler, every_seconds):
                schedule(0)  # the clock was set back: waiting for the old hour could take a day
        worker.stopping = True
        scheduler.shutdown(wait=True)
    if failure:
        raise failure[0]


def _next(news: "SimpleQueue[str]", seconds: float) -> str:
    try:
        return news.get(timeout=seconds)
    except Empty:
        return ""


def _too_far(scheduler: BackgroundScheduler, every_seconds: int) -> bool:
    planned = scheduler.get_job(_PASS)
    return planned is not None and planned.next_run_time - datetime.now(UTC) > timedelta(seconds=2 * every_seconds)


def _beat(heartbeat: Callable[[Report], None], report: Report) -> None:
    """A terminal that went away is no reason to stop reading mail."""
    try:
        heartbeat(report)
    except OSError as fault:
        _log.warning("the pass could not be shown: %s", fault.strerror)


@contextmanager
def _signals(handler: Callable[[int, object], None]) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.signal(number, handler) for number in numbers[:2]]
    before.append(signal.signal(signal.SIGHUP, signal.SIG_IGN))  # a terminal that is closed ends no service
    try:
        yield
    finally:
        for number, old in zip(numbers, before, strict=True):
            signal.signal(number, old)
