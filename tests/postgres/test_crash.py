"""A part of `make crash-postgres`: a killed worker's mails and letters go on from what the server has."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres"), pytest.mark.timeout(600)]


def test_a_worker_killed_anywhere_loses_nothing_and_tells_nobody_twice() -> None:
    command = [sys.executable, "-m", "tests.worker.crash", "kill", "--seed", "11", "--mixes", "1", "--limit", "3"]
    done = subprocess.run([*command, "--runs", "2"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["broken"], told["runs"]) == (0, 3)
