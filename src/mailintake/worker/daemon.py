"""The day: APScheduler says "now"; what is due stands in the database.

A pass comes at an interval, each daily task by cron at its hour. They share one thread, so nothing runs beside a pass.
What a daily task left undone (another worker's turn, a server that was away) is tried again an interval later, and at
the start everything is asked once: a scheduler in memory knows nothing of the hours when the program did not run.
"""

import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from queue import Empty, SimpleQueue
from types import MappingProxyType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from mailintake.model.zone import SHANGHAI
from mailintake.worker.passes import Report, Worker
from mailintake.worker.schedule import Task

_log = logging.getLogger(__name__)
# APScheduler's own default drops a job that is one second late; ours runs it once, whenever it wakes up.
# Two instances in one thread: what came due while the thread was taken follows as soon as it is free.
_JOB_DEFAULTS = {"coalesce": True, "max_instances": 2, "misfire_grace_time": None}
_NOTHING_DAILY: Mapping[Task, time] = MappingProxyType({})
_NOTHING_BETWEEN: Mapping[Task, int] = MappingProxyType({})
_REPEATED = (Task.PASS, Task.QUEUE, Task.SEND)  # come again by themselves
_STOP = None


def run_until_stopped(
    worker: Worker,
    every_seconds: int,
    heartbeat: Callable[[Report], None],
    daily: Mapping[Task, time] = _NOTHING_DAILY,
    between: Mapping[Task, int] = _NOTHING_BETWEEN,
) -> None:
    """A pass every so many seconds, what comes between two passes at its own interval, and each daily task at its hour
    (Asia/Shanghai), until SIGTERM or SIGINT; the step under way is finished, then this returns. SIGHUP has new rules
    and new mail looked for at once. To be called in the main thread.

    A fault that stops the program (MailintakeError with reaction STOP) is raised here.
    """
    failure = list[BaseException]()
    unfinished = SimpleQueue[Task | None]()  # unlike an Event it may be told something inside a signal handler
    scheduler = _scheduler()

    def job(task: Task) -> None:
        try:
            if not worker.stopping and worker.still_due(task):
                _beat(heartbeat, worker.perform(task))
                if task not in _REPEATED and worker.still_due(task):
                    unfinished.put(task)  # the main thread plans: a job that plans can meet shutdown() in a deadlock
        except BaseException as fault:
            failure.append(fault)
            unfinished.put(_STOP)

    def ask_to_stop(_signal: int, _frame: object) -> None:
        worker.stopping = True
        unfinished.put(_STOP)

    with _signals(ask_to_stop, lambda _signal, _frame: unfinished.put(Task.PASS)):
        for task, trigger in _timetable(every_seconds, daily, between).items():
            scheduler.add_job(job, trigger, [task], id=task)
        _all_now(scheduler)
        scheduler.start()
        while not worker.stopping and not failure:
            _plan_anew(scheduler, _next(unfinished, every_seconds), every_seconds)
        worker.stopping = True
        scheduler.shutdown(wait=True)
    if failure:
        raise failure[0]


def _scheduler() -> BackgroundScheduler:
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a pass that takes longer than the interval is no news
    executors = {"default": ThreadPoolExecutor(max_workers=1)}
    return BackgroundScheduler(timezone=SHANGHAI, job_defaults=_JOB_DEFAULTS, executors=executors)


def _timetable(every_seconds: int, daily: Mapping[Task, time], between: Mapping[Task, int]) -> dict[Task, BaseTrigger]:
    repeated = {Task.PASS: every_seconds, **between}
    found: dict[Task, BaseTrigger] = {
        task: IntervalTrigger(seconds=seconds, timezone=SHANGHAI) for task, seconds in repeated.items()
    }
    for task, at in daily.items():
        found[task] = CronTrigger(hour=at.hour, minute=at.minute, second=at.second, timezone=SHANGHAI)
    return found


def _plan_anew(scheduler: BackgroundScheduler, left: Task | None, every_seconds: int) -> None:
    if left is not None:
        _plan(scheduler, left, 0 if left is Task.PASS else every_seconds)  # somebody asked for a pass, and waits
    elif _set_back(scheduler, every_seconds):
        _all_now(scheduler)  # waiting for the old hours could take a day; what was done is not done again


def _plan(scheduler: BackgroundScheduler, task: str, seconds: float) -> None:
    scheduler.modify_job(task, next_run_time=datetime.now(UTC) + timedelta(seconds=seconds))


def _all_now(scheduler: BackgroundScheduler) -> None:
    for planned in scheduler.get_jobs():
        _plan(scheduler, planned.id, 0)


def _next(unfinished: "SimpleQueue[Task | None]", seconds: float) -> Task | None:
    try:
        return unfinished.get(timeout=seconds)
    except Empty:
        return None


def _set_back(scheduler: BackgroundScheduler, every_seconds: int) -> bool:
    """Is the next pass further away than it can be planned? Then the clock was set back."""
    planned = scheduler.get_job(Task.PASS)
    return planned is not None and planned.next_run_time - datetime.now(UTC) > timedelta(seconds=2 * every_seconds)


def _beat(heartbeat: Callable[[Report], None], report: Report) -> None:
    """A terminal that went away is no reason to stop reading mail."""
    try:
        heartbeat(report)
    except OSError as fault:
        _log.warning("the pass could not be shown: %s", fault.strerror)


@contextmanager
def _signals(stop: Callable[[int, object], None], look: Callable[[int, object], None]) -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.signal(number, stop) for number in numbers[:2]]
    before.append(signal.signal(signal.SIGHUP, look))  # nor does a terminal that is closed end a service
    try:
        yield
    finally:
        for number, old in zip(numbers, before, strict=True):
            signal.signal(number, old)
