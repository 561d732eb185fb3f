"""Engines for work that several machines share, on one load: python -m benchmarks.engines.compare [ENGINE…].

Each prepares its tables in a database of its own, queues 300 jobs of 5 ms and works them off with two workers; then the
worker that has a slow job is killed (SIGKILL), and the clock runs until the other one begins it.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from tests.support.postgres import Cluster, cluster

from benchmarks.corpus import KEPT
from benchmarks.engines.load import JOBS, SLOW_JOB, prepare
from benchmarks.spent import clean, load

HERE = Path(__file__).parent
PATIENCE = 120.0
PACKAGES = {
    "procrastinate": "procrastinate>=3.10,<4", "dbos": "dbos>=3.4,<4", "celery": "celery>=5.7,<6", "locks": "",
}  # fmt: skip


def interpreter(engine: str) -> str:
    """Its own environment, made once; ours for what the program itself does."""
    if not PACKAGES[engine]:
        return sys.executable
    home = KEPT / "venvs" / engine
    python = str(home / "bin" / "python")
    if not (home / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)  # noqa: S603
        wanted = [PACKAGES[engine], "sqlalchemy>=2,<3", "psycopg[binary]>=3.3,<4"]
        subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True, capture_output=True)  # noqa: S603
        (home / "installed").touch()
    return python


class Engine:
    """One engine on one database."""

    def __init__(self, name: str, server: Cluster) -> None:
        self.name = name
        server.run(f"CREATE DATABASE {name}")
        self.url = f"host={server.folder} user={server.user} dbname={name}"
        self.env = clean(SQLALCHEMY_URL=server.url(name))
        self.command = [interpreter(name), str(HERE / f"with_{name}.py")]
        prepare(self.url)
        self.call("prepare")

    def call(self, what: str, *numbers: int) -> None:
        """Run a command to its end."""
        subprocess.run(  # noqa: S603
            [*self.command, what, self.url, *map(str, numbers)], check=True, env=self.env, capture_output=True
        )

    @contextmanager
    def workers(self, count: int) -> Iterator[list["subprocess.Popen[bytes]"]]:
        """So many of them, killed at the end."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running = [subprocess.Popen([*self.command, "work", self.url], env=self.env, **quiet) for _ in range(count)]  # type: ignore[call-overload]  # noqa: S603
        try:
            yield running
        finally:
            for worker in running:
                worker.kill()
                worker.wait()

    def rows(self, what: str, number: int | None = None) -> list[tuple[int, float]]:
        """Process and moment of each note."""
        asked = "SELECT pid, at FROM spike WHERE what = %s AND number = coalesce(%s::int, number) ORDER BY at"
        with psycopg.connect(self.url) as connection:
            found = connection.execute(asked, (what, number)).fetchall()
        return [(int(pid), float(at)) for pid, at in found]

    def wait(self, what: str, count: int, number: int | None = None) -> bool:
        """Until there are so many such notes."""
        deadline = time.monotonic() + PATIENCE
        while len(self.rows(what, number)) < count:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True


def cpu(worker: "subprocess.Popen[bytes]") -> float:
    """Seconds so far, from the kernel's table (proc(5): fields 14 and 15)."""
    told = Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def measured(engine: Engine) -> dict[str, Any]:
    """Throughput, cost of a job, and what a dead worker costs."""
    told: dict[str, Any] = {}
    with engine.workers(2) as pair:
        engine.call("queue", 0)
        engine.wait("done", 1)
        time.sleep(1)
        before = sum(map(cpu, pair))
        engine.call("queue", *range(1, JOBS + 1))
        complete = engine.wait("done", JOBS + 1)
        told["cpu_ms"] = round((sum(map(cpu, pair)) - before) / JOBS * 1000, 1)
        moments = [at for _, at in engine.rows("done")]
        told["done"], told["jobs_s"] = len(moments) - 1, round(JOBS / (moments[-1] - moments[1]), 1)
        told["complete"] = complete
        engine.call("queue", SLOW_JOB)
        engine.wait("started", 1, SLOW_JOB)
        first, killed_at = engine.rows("started", SLOW_JOB)[0][0], time.time()
        os.kill(first, signal.SIGKILL)
        begun = engine.wait("started", 2, SLOW_JOB)
        told["goes_on_s"] = round(engine.rows("started", SLOW_JOB)[1][1] - killed_at, 1) if begun else None
    with psycopg.connect(engine.url) as connection:
        asked = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = %s"
        asked += " AND nspname !~ '^(pg_|information)' AND relname <> 'spike'"
        row = connection.execute(asked, ("r",)).fetchone()
        told["tables"] = row[0] if row else 0
    return told


def main() -> None:
    """One line of JSON for each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engines", nargs="*", default=list(PACKAGES))
    with cluster() as server:
        for name in parser.parse_args().engines:
            print(json.dumps({"engine": name, "load": round(load(), 1), **measured(Engine(name, server))}), flush=True)


if __name__ == "__main__":
    main()
