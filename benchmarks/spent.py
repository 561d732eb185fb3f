"""What a command costs: CPU of it and of everything it started, the time by the wall, the largest resident memory."""

import ctypes
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SUBREAPER = 36  # prctl(2): orphans of what we start come to us, so that their CPU is counted, too


@dataclass(frozen=True)
class Spent:
    """One run."""

    cpu: float  # seconds, user and system
    wall: float
    peak_mb: float  # of the largest single process
    out: str


def spent(command: Sequence[str], **options: Any) -> Spent:
    """Run it to its end. RuntimeError with the end of what it said when it fails."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    options.setdefault("env", clean())
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)  # noqa: S603
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {process.returncode}\n{out[-2000:]}")
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024, out)


def clean(**more: str) -> Mapping[str, str]:
    """The environment without anything of ours, one thread for the numeric libraries, bytecode used as it is installed
    with every rival: a checkout in which nobody writes it would compile its sources at each start."""
    ours = ("MAILINTAKE_", "INTAKE_", "PYTHONDONTWRITEBYTECODE")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return kept | {"PYTHONUTF8": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[1])} | more


def load() -> float:
    """The machine's load of the last minute."""
    return os.getloadavg()[0]
