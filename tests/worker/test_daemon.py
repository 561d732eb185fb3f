"""The daemon: pass after pass, one at a time, a clean end on SIGTERM, no day of sleep when the clock is set back."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.support.worker import mail, office

from mailintake.errors import StoreUnusable
from mailintake.model.zone import SHANGHAI
from mailintake.store.open import open_store
from mailintake.worker import daemon
from mailintake.worker.daemon import run_until_stopped
from mailintake.worker.passes import Report
from mailintake.worker.schedule import Task

CHILD = """
import sys
from contextlib import closing
from pathlib import Path
from tests.support.worker import office, pool
from mailintake.worker.daemon import run_until_stopped

with closing(pool()) as readers, office(Path(sys.argv[1]), readers=readers) as at:
    at.worker.progress = lambda _done, count: print(count, flush=True)
    run_until_stopped(at.worker, 1, lambda report: None)
print("ended", flush=True)
"""


class Passes:
    """Stands for a worker."""

    def __init__(self, stop_after: int, seconds: float = 0.0) -> None:
        self.stopping = False
        self.count = self.running = self.at_once = 0
        self._stop_after, self._seconds = stop_after, seconds

    def still_due(self, _task: Task) -> bool:
        return True

    def perform(self, _task: Task) -> Report:
        self.running += 1
        self.at_once = max(self.at_once, self.running)
        self.count += 1
        time.sleep(self._seconds)
        self.running -= 1
        if self.count == self._stop_after:
            os.kill(os.getpid(), signal.SIGTERM)
        return Report()


def test_a_pass_follows_the_end_of_the_last_one() -> None:
    worker = Passes(stop_after=3, seconds=0.3)
    beats: list[Report] = []
    run_until_stopped(worker, 1, beats.append)  # type: ignore[arg-type]
    assert (worker.count, len(beats), worker.at_once) == (3, 3, 1)
    assert worker.stopping


class Days(Passes):
    """Stands for a worker whose daily tasks need so many tries; ends when all are done and so many passes were made."""

    def __init__(self, tries: dict[Task, int], passes: int = 2) -> None:
        super().__init__(stop_after=0)
        self.left, self.passes, self.done = tries, passes, list[Task]()

    def still_due(self, task: Task) -> bool:
        return task is Task.PASS or self.left[task] > 0

    def perform(self, task: Task) -> Report:
        self.done.append(task)
        if task is not Task.PASS:
            self.left[task] -= 1
        if not any(self.left.values()) and self.done.count(Task.PASS) >= self.passes:
            os.kill(os.getpid(), signal.SIGTERM)
        return Report()


def test_a_task_whose_hour_passed_while_nobody_ran_is_done_at_the_start_and_again_until_it_is_done() -> None:
    """The hours named are hours away: the database says what is left, the scheduler only when to ask."""
    later = (datetime.now(SHANGHAI) + timedelta(hours=2)).time()
    worker = Days({Task.DIGEST: 1, Task.RECONCILE: 0, Task.BACKUP: 2})
    run_until_stopped(worker, 1, lambda _: None, dict.fromkeys(worker.left, later))  # type: ignore[arg-type]
    daily = [task for task in worker.done if task is not Task.PASS]
    assert sorted(daily) == [Task.BACKUP, Task.BACKUP, Task.DIGEST]
    assert worker.done[0] is Task.PASS


def test_a_daily_task_is_done_at_its_second_by_cron() -> None:
    class AtItsHour(Days):
        def still_due(self, task: Task) -> bool:
            return super().still_due(task) and (task is Task.PASS or datetime.now(SHANGHAI) >= due)

    due = datetime.now(SHANGHAI).replace(microsecond=0) + timedelta(seconds=3)
    worker, beats = AtItsHour({Task.DIGEST: 1}, passes=1), list[datetime]()
    run_until_stopped(worker, 60, lambda _: beats.append(datetime.now(SHANGHAI)), {Task.DIGEST: due.time()})  # type: ignore[arg-type]
    assert worker.left == {Task.DIGEST: 0}
    assert timedelta(0) <= beats[-1] - due < timedelta(seconds=2)


def test_letters_go_out_between_two_passes_where_the_pause_between_them_is_shorter() -> None:
    class Sending(Days):
        def still_due(self, task: Task) -> bool:
            return task in (Task.PASS, Task.SEND)

        def perform(self, task: Task) -> Report:
            self.done.append(task)
            if self.done.count(Task.SEND) == 2:
                os.kill(os.getpid(), signal.SIGTERM)
            return Report()

    worker, begun = Sending({}), time.monotonic()
    run_until_stopped(worker, 3600, lambda _: None, between={Task.SEND: 1})  # type: ignore[arg-type]
    assert worker.done == [Task.PASS, Task.SEND, Task.SEND]
    assert time.monotonic() - begun < 60


def test_sighup_ends_the_pause_and_nothing_else() -> None:
    """Nobody waits an hour for the rules that were just applied; a terminal that is closed stops no service."""

    class Asked(Passes):
        def perform(self, task: Task) -> Report:
            if self.count == 0:
                threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGHUP)).start()
            return super().perform(task)

    worker, begun = Asked(stop_after=2), time.monotonic()
    run_until_stopped(worker, 3600, lambda _: None)  # type: ignore[arg-type]
    assert worker.count == 2
    assert time.monotonic() - begun < 60


def test_handlers_are_given_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    run_until_stopped(Passes(1), 1, lambda _: None)  # type: ignore[arg-type]
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_makes_work_impossible_comes_out() -> None:
    class Broken(Passes):
        def perform(self, _task: Task) -> Report:
            raise StoreUnusable("disk image is malformed")

    with pytest.raises(StoreUnusable):
        run_until_stopped(Broken(1), 1, lambda _: None)  # type: ignore[arg-type]


def test_a_terminal_that_went_away_does_not_end_it() -> None:
    def gone(_: Report) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    worker = Passes(stop_after=2)
    run_until_stopped(worker, 1, gone)  # type: ignore[arg-type]
    assert worker.count == 2


def test_a_clock_that_is_set_back_by_a_day_costs_no_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next pass was planned for an hour that is a day away now."""
    worker = Passes(stop_after=2)
    real, late = timedelta, list[bool]()

    def planned_far_away(seconds: float) -> timedelta:
        if seconds == 1 and not late:
            late.append(True)
            return real(days=1)
        return real(seconds=seconds)

    monkeypatch.setattr(daemon, "timedelta", planned_far_away)
    started = time.monotonic()
    run_until_stopped(worker, 1, lambda _: None)  # type: ignore[arg-type]
    assert worker.count == 2
    assert time.monotonic() - started < 10


def test_sigterm_during_a_pass_ends_it_with_nothing_half_done(tmp_path: Path) -> None:
    count = 25
    with office(tmp_path) as at:
        for number in range(count):
            at.deliver(mail(id=f"m{number}", **{"from": f"a{number}@b{number}.example"}))
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    for line in child.stdout:
        if line.strip() == "3":
            break
    child.terminate()
    told = child.stdout.read().split()
    assert child.wait(20) == 0
    assert told[-1] == "ended"
    store = open_store(f"sqlite:///{tmp_path}/mailintake.db", tmp_path / "originals")
    statuses = {row.status for row in store.messages()}
    done = [row for row in store.messages() if row.status == "done"]
    assert statuses <= {"received", "done"}
    assert 3 <= len(done) < count
    assert len(store.outbox()) == len(done)
    assert store.verify() == ()
    store.close()
    assert list((tmp_path / "spool").iterdir()) == []
