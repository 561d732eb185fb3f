"""No step of a mail's way does more than it did when its figure was kept (`make guard ARGS=--renew` keeps new ones)."""

import subprocess
import sys
from pathlib import Path

from benchmarks.guard import grown


def test_no_step_grew_by_more_than_fifteen_in_a_hundred() -> None:
    command = [sys.executable, "-m", "benchmarks.guard"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_a_step_that_grew_is_told_with_its_figures() -> None:
    before = {"parse": 1000, "store": 1000}
    assert grown(before, {"parse": 1150, "store": 10}) == []
    assert grown(before, {"parse": 1151, "store": 10}) == ["parse: 1,151 instead of 1,000 (× 1.15, at most × 1.15)"]
