"""Clocks that jump: passes go on, order stays, days are counted by the calendar."""

import os
import signal
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from tests.support.worker import MONDAY, NO_LIMITS, mail, office, shipped

from mailintake.readers.pool import ReaderPool
from mailintake.stages.deadline import add_working_days
from mailintake.worker.daemon import run_until_stopped
from mailintake.worker.passes import Report
from mailintake.worker.schedule import Task

DAY = timedelta(days=1)


class Jumping:
    """Stands for a worker; the clock of the machine is set while each of its passes runs."""

    def __init__(self, machine: time_machine.Traveller, jumps: tuple[timedelta, ...]) -> None:
        self.machine, self.jumps = machine, jumps
        self.stopping = False
        self.count = 0

    def still_due(self, _task: Task) -> bool:
        return True

    def perform(self, _task: Task) -> Report:
        if self.count < len(self.jumps):
            self.machine.shift(self.jumps[self.count])
        self.count += 1
        if self.count == len(self.jumps) + 2:
            os.kill(os.getpid(), signal.SIGTERM)
            self._wait_until_told()
        return Report()

    def _wait_until_told(self) -> None:
        """The main thread runs the handler when it comes to it; a pass that began meanwhile would be no fault."""
        ends = time.clock_gettime(time.CLOCK_BOOTTIME) + 20
        while not self.stopping and time.clock_gettime(time.CLOCK_BOOTTIME) < ends:
            time.sleep(0.01)


@pytest.mark.parametrize("jumps", [(DAY,), (-DAY,), (DAY, -2 * DAY)], ids=["ahead", "back", "both"])
def test_a_jump_costs_no_day_and_makes_no_pass_too_many(jumps: tuple[timedelta, ...]) -> None:
    started = time.clock_gettime(time.CLOCK_BOOTTIME)
    with time_machine.travel(MONDAY, tick=True) as machine:
        worker = Jumping(machine, jumps)
        run_until_stopped(worker, 1, lambda _: None)  # type: ignore[arg-type]
    took = time.clock_gettime(time.CLOCK_BOOTTIME) - started
    assert worker.count == len(jumps) + 2
    assert len(jumps) <= took < 30  # a second between two passes


def test_mails_are_worked_off_in_the_order_they_came_whatever_the_clock_says(
    tmp_path: Path, readers: ReaderPool
) -> None:
    seen: list[str] = []
    with office(tmp_path, readers=readers) as at:
        for number, jump in enumerate((timedelta(0), DAY, -2 * DAY, DAY)):
            at.clock.now += jump
            at.deliver(mail(id=f"m{number}", **{"from": f"苏禾 <su@c{number}.example>"}))
            at.worker.stopping = False
            at.worker.progress = lambda done, _count: seen.append(str(done.row.sender))
            at.run()
        assert seen == [f"su@c{number}.example" for number in range(4)]
        assert len(at.letters()) == 4


def test_letters_sent_in_the_future_of_a_clock_that_was_set_back_hold_the_next_for_one_day_at_most(
    tmp_path: Path, readers: ReaderPool
) -> None:
    limits = type(NO_LIMITS)(per_hour=1, gap_seconds=0, per_day=100)
    with office(tmp_path, readers=readers, sending=limits) as at:
        at.clock.now = MONDAY + 30 * DAY
        at.deliver(mail(id="m1"))
        at.run()
        at.clock.now = MONDAY
        at.deliver(mail(id="m2", **{"from": "霍云舟 <huo@yunzhou.example>"}))
        at.run()
        at.run(timedelta(hours=1, minutes=1))
        assert len(at.letters()) == 2


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day that is a Tuesday
        (date(2028, 2, 28), 2, date(2028, 3, 1)),
        (date(2026, 2, 10), 10, date(2026, 3, 2)),  # 春节, with the Saturdays 14 and 28 February made up
        (date(2026, 12, 25), 10, date(2027, 1, 11)),  # a year without a notice: weekends only
    ],
)
def test_working_days_across_a_leap_day_a_festival_and_a_new_year(start: date, days: int, due: date) -> None:
    assert add_working_days(start, days, shipped().rules.calendar)[0] == due
