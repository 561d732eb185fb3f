"""make mutants: so many seeded mutants through the whole pipeline, with a progress bar; exit code 1 if one misbehaves.

    python -m tests.mutants.run [COUNT] [--seed N] [--keep FOLDER]

Mutants that misbehave are written to the folder (default: mutants-failed) with what was done to them.
"""

import argparse
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from tests.support.gauntlet import BATCH, Outcome, run
from tests.support.mutations import mutant
from tests.support.worker import pool

LIMIT_SECONDS = 2.0


def batch(seed: int, first: int, count: int) -> list[Outcome]:
    """One reader process, one store."""
    readers = pool()
    try:
        return list(run((mutant(seed, number) for number in range(first, first + count)), readers))
    finally:
        readers.close()


def main() -> None:
    """Run, show, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("mutants-failed"))
    asked = parser.parse_args()
    fates: Counter[str] = Counter()
    bad, slowest, done = 0, 0.0, 0
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as progress, ProcessPoolExecutor(min(os.cpu_count() or 1, 4)) as workers:
        task = progress.add_task("mutants", total=asked.count)
        starts = range(0, asked.count, BATCH)
        futures = [workers.submit(batch, asked.seed, n, min(BATCH, asked.count - n)) for n in starts]
        for future in as_completed(futures):
            for outcome in future.result():
                done, slowest = done + 1, max(slowest, outcome.seconds)
                fates[outcome.fate or "none"] += 1
                if wrong := outcome.wrong(LIMIT_SECONDS):
                    bad += 1
                    asked.keep.mkdir(exist_ok=True)
                    (asked.keep / f"{asked.seed}-{outcome.mutant.number}.eml").write_bytes(outcome.mutant.raw)
                    progress.console.print(
                        f"{outcome.mutant.number} {outcome.mutant.story}: {wrong}"[:300], markup=False
                    )
                progress.advance(task)
    told = ", ".join(f"{name} {count}" for name, count in fates.most_common())
    print(f"{done} mutants, seed {asked.seed}: {bad} misbehaved, slowest {slowest:.2f} s; {told}")  # noqa: T201
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
