"""Kill the program at the n-th call of a named point, or fail that call; start it again; nothing may be lost or twice.

python -m tests.worker.crash kill --runs 50         every kill point that often
python -m tests.worker.crash fault --every 1        every call of every point fails once, with every error
"""

import argparse
import errno
import itertools
import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.support.breaking import DISK, KILL_POINTS, NETWORK, Breaker, kill
from tests.support.databases import scratch_office
from tests.worker.crash_office import ANSWERS, FAST, Mix, Outcome, Ran, ran, start_over

AROUND_THE_YES = ("dot.before", "answer.before", "commit.before")  # where a fault can leave a letter in doubt
FAULTS = {
    **dict.fromkeys(DISK, (errno.ENOSPC, errno.EIO, errno.EMFILE, errno.EACCES)),
    **dict.fromkeys(NETWORK, (errno.ECONNRESET, errno.ETIMEDOUT)),
    "commit": (errno.ENOSPC, errno.EIO),
    "read": (errno.ENOMEM,),
}


@dataclass(frozen=True)
class Job:
    """One run: what is broken, where, in which mix."""

    mix: Mix
    point: str
    number: int
    error: int = 0  # 0: kill

    def __str__(self) -> str:
        what = errno.errorcode.get(self.error, "kill")
        return f"{what} at {self.point} #{self.number} in {' '.join(self.mix.names)} copies={self.mix.provider_copies}"


def check(job: Job, clean: Outcome) -> tuple[bool, list[str]]:
    """Break once, start over, and compare with what a run without fault gives. Was the break reached? What is wrong?"""
    with scratch_office(FAST) as folder:
        first: Ran = ran(job.mix, folder, Breaker((job.point, job.number), _action(job)))
        if first.code not in (ANSWERS.done, ANSWERS.stopped, -signal.SIGKILL):
            first.end.close()
            return first.happened, [f"{job}: ended with {first.code} {first.told}"]
        second = start_over(first)
        wrong = second.outcome().differences(clean)
        wrong += first.repeated(second, lasting=job.error != 0 and job.point in AROUND_THE_YES)
        return first.happened, [f"{job}: {line}" for line in (*wrong, *second.faults())]


def _action(job: Job) -> Callable[[], None]:
    if not job.error:
        return kill

    def fail() -> None:
        if job.point.startswith("read"):
            raise MemoryError
        if job.point.startswith("commit"):
            raise _database_error(job.error)
        raise OSError(job.error, os.strerror(job.error))

    return fail


def _database_error(error: int) -> Exception:
    import sqlite3

    fault = sqlite3.OperationalError("database or disk is full" if error == errno.ENOSPC else "disk I/O error")
    fault.sqlite_errorname = "SQLITE_FULL" if error == errno.ENOSPC else "SQLITE_IOERR"
    return fault


def clean_run(mix: Mix) -> tuple[Outcome, Counter[str]]:
    """What that mix gives without a fault, and how often each point is reached at least. In how many pieces an answer
    comes is the network's affair, so the last of them are not counted on."""
    outcome, counts = _clean_run(mix)
    counts &= _clean_run(mix)[1]
    return outcome, Counter({p: n * 3 // 4 if p.startswith("receive.") else n for p, n in counts.items()})


def _clean_run(mix: Mix) -> tuple[Outcome, Counter[str]]:
    with scratch_office(FAST) as folder:
        done = ran(mix, folder, Breaker())
        if done.code:
            raise SystemExit(f"a run without fault fails: {done.told}")
        return done.outcome(), done.counts


def kill_jobs(dice: random.Random, runs: int, mixes: int) -> Iterator[tuple[Job, Outcome]]:
    """Every kill point `runs` times, at random calls in random mixes; a point that no mix reaches is an error."""
    known = [(mix, *clean_run(mix)) for mix in Mix.several(dice, mixes)]
    for point, _ in itertools.product(KILL_POINTS, range(runs)):
        reaching = [one for one in known if one[2][point]]
        if not reaching:
            raise SystemExit(f"no mix reaches {point}: ask for more --mixes")
        mix, outcome, counts = dice.choice(reaching)
        yield Job(mix, point, dice.randint(1, counts[point])), outcome


def fault_jobs(dice: random.Random, every: int, mixes: int) -> Iterator[tuple[Job, Outcome]]:
    """Every `every`-th call of every point fails, with every error that can happen there."""
    for mix in Mix.several(dice, mixes):
        outcome, counts = clean_run(mix)
        for point, errors in FAULTS.items():
            calls = range(1 + dice.randrange(every), counts[f"{point}.before"] + 1, every)
            for number, error in itertools.product(calls, errors):
                yield Job(mix, f"{point}.before", number, error), outcome


def main() -> None:
    """Run, and say what broke. Exit code 1 when an invariant did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("kill", "fault"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=50, help="kill: runs a point")
    parser.add_argument("--every", type=int, default=1, help="fault: every so many calls")
    parser.add_argument("--mixes", type=int, default=8)
    parser.add_argument("--limit", type=int, default=0, help="only so many of these runs, any of them; 0: all")
    given = parser.parse_args()
    dice, started = random.Random(given.seed), time.monotonic()
    if given.kind == "kill":
        jobs = kill_jobs(dice, given.runs, given.mixes)
    else:
        jobs = fault_jobs(dice, given.every, given.mixes)
    chosen = list(jobs)
    if given.limit:
        chosen = dice.sample(chosen, min(given.limit, len(chosen)))
    wrong: list[str] = []
    points: Counter[str] = Counter()
    for number, (job, clean) in enumerate(chosen):
        if number % 100 == 0:
            print(f"{number} of {len(chosen)}", file=sys.stderr, flush=True)  # noqa: T201
        try:
            reached, found = check(job, clean)
        except Exception:
            reached, found = True, [f"{job}: {traceback.format_exc()}"]
        points[job.point] += reached
        for line in found:
            print(line, flush=True)  # noqa: T201
        wrong += found
    runs = points.total()
    done = {"runs": runs, "unreached": len(chosen) - runs, "points": len(+points), "broken": len(wrong)}
    print(json.dumps(done | {"seconds": round(time.monotonic() - started)}))  # noqa: T201
    sys.exit(1 if wrong or not runs else 0)


if __name__ == "__main__":
    main()
