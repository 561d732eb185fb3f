"""A part of `make crash` and `make faults`: other points and calls with every seed, the same invariants."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.breaking import KILL_POINTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", ["kill", "fault"])
def test_nothing_is_lost_and_nobody_is_told_twice(kind: str) -> None:
    command = [sys.executable, "-m", "tests.worker.crash", kind, "--seed", "7", "--mixes", "2", "--limit", "12"]
    options = ["--runs", "3"] if kind == "kill" else ["--every", "5"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["broken"] == 0
    assert told["runs"] == 12


def test_there_are_enough_points() -> None:
    assert len(KILL_POINTS) >= 25
