"""Two workers on one PostgreSQL database against one, with OCR: python -m benchmarks.fellows [--mails 12] [--rounds 3].

Each round works the same mails off by one production worker, then by two, on fresh databases and mailboxes; the figure
is the time by the wall, so the machine must do nothing else, and needs a core for each worker. A fellow who finds
nothing yet looks again, as a service would, until the first one has ended.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.support.postgres import Cluster, cluster

from benchmarks import ours
from benchmarks.corpus import KEPT, corpus
from benchmarks.ground import Ground, ground
from benchmarks.records import keep
from benchmarks.spent import clean, load


def worked_off(config: Path, workers: int) -> tuple[float, int]:
    """Seconds until everything is done, and how many mails they did."""
    command, env = ours.command(config), clean()
    started = time.perf_counter()
    first = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)  # noqa: S603
    done = 0
    while workers > 1 and first.poll() is None:
        done += _processed(subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout)  # noqa: S603
    done += _processed(first.communicate()[0])
    return time.perf_counter() - started, done


def _processed(out: str) -> int:
    rows = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    return sum(int(row.get("processed", 0)) for row in rows)


def measured(at: Ground, server: Cluster, folder: Path, workers: int, *, ocr: bool) -> float:
    """One fresh installation, worked off."""
    server.run(f"CREATE DATABASE {folder.name}")
    config = ours.installation(folder, at, at.box(), ocr=ocr, more=f"database: {server.url(folder.name)}\n")
    seconds, done = worked_off(config, workers)
    if done != len(at.mails):
        raise SystemExit(f"{done} of {len(at.mails)} mails were worked on")
    return seconds


def main() -> None:
    """Print the ratio."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-ocr", action="store_true")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(dir=KEPT) as made,
        cluster() as server,
        ground(corpus(given.mails), Path(made)) as at,
    ):
        seconds: dict[int, list[float]] = {1: [], 2: []}
        for number in range(given.rounds):
            for workers, spent in seconds.items():
                spent.append(measured(at, server, Path(made, f"r{number}w{workers}"), workers, ocr=not given.no_ocr))
        one, two = median(seconds[1]), median(seconds[2])
    keep("`python -m benchmarks.fellows`", {"15": one / two})
    print(json.dumps({"one_s": round(one, 1), "two_s": round(two, 1), "ratio": round(one / two, 2), "load": load()}))


if __name__ == "__main__":
    main()
