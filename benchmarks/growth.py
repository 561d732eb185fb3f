"""What a mail, a lookup, a digest cost among 100,000 cases and among 1,000: python -m benchmarks.growth [--cases N].

As many are open in both stores, the others were closed long ago; each is looked at in a process of its own. CPU, not
the wall.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.support.stored import NOW, sha
from tests.support.worker import office, pool

from benchmarks.corpus import corpus
from benchmarks.passes import filled
from benchmarks.records import keep
from mailintake.readers.port import READER_VERSION
from mailintake.worker.morning import make_digest

FEW, CASES, OPEN = 1_000, 100_000, 500
WARM, MAILS = 20, 40  # the corpus repeats itself after twenty
Figures = dict[str, float]


def cpu_ms(work: Callable[[], object], times: int) -> float:
    """The median of so many."""
    took = []
    for _ in range(times):
        before = time.process_time()
        work()
        took.append((time.process_time() - before) * 1000)
    return median(took)


def mean_ms(work: Callable[[], object], times: int) -> float:
    """The mean of so many that are not alike."""
    before = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - before) * 1000 / times


def measured(folder: Path) -> Figures:
    """In a process of its own, after a pass and mails that load what is loaded once. A reader process opens the mails;
    its own cost does not grow with cases and is not in the figures."""
    with closing(pool()) as readers, office(folder, now=NOW, readers=readers) as at:
        store, mails = at.shells.store, iter(corpus(WARM + MAILS))

        def one_mail() -> None:
            at.deliver(next(mails).read_bytes())
            report = at.run(timedelta(minutes=1))
            if not report.processed:
                raise SystemExit(f"a mail failed: {report}")

        def lookup() -> None:
            store.candidates((), ("LN-2026-000777",), "u777@company777.example", "company777.example", ("EA0000777",))
            store.facts(READER_VERSION, (sha(777),))

        at.run()
        for _ in range(WARM):
            one_mail()
        return {
            "lookup": cpu_ms(lookup, 200),
            "digest": cpu_ms(lambda: make_digest(at.shells, 1), 7),
            "mail": mean_ms(one_mail, MAILS),
        }


def among(count: int) -> Figures:
    """Milliseconds of each."""
    with tempfile.TemporaryDirectory() as folder:
        filled(Path(folder), count, still_open=OPEN)
        command = [sys.executable, "-m", "benchmarks.growth", "--in", folder]
        told = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
        figures: Figures = json.loads(told.stdout.splitlines()[-1])
        return figures


def main() -> None:
    """Print both and the ratios."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--in", dest="folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.folder:
        print(json.dumps(measured(given.folder)))
        return
    few, many = among(FEW), among(given.cases)
    ratio = {what: many[what] / few[what] for what in few}
    if given.cases == CASES:
        keep("`python -m benchmarks.growth`", {"11": ratio["lookup"], "12": ratio["digest"], "13": ratio["mail"]})
    print(json.dumps({f"{FEW}, ms": few, f"{given.cases}, ms": many, "ratio": ratio}))


if __name__ == "__main__":
    main()
