"""What a pass with nothing due costs with many open cases, and what a search costs among many cases.

python -m benchmarks.passes --open 10000 --search 100000
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.support.stored import NOW, a_case
from tests.support.worker import office

from mailintake.model.case import Applicant, Deadline, DeadlineKind, Participant, State
from mailintake.store.open import open_store

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = "望舒晴川听涛远帆知秋云舟采薇砚岳镕"


def filled(folder: Path, count: int, *, still_open: int | None = None) -> None:
    """So many cases, the newest `still_open` of them (or all) open, with a period that runs for months; the closed ones
    got their last mail two months ago and before."""
    closed = 0 if still_open is None else count - still_open
    store = open_store(f"sqlite:///{folder}/mailintake.db", folder / "originals")
    later = (Deadline(DeadlineKind.CORRECTION, (NOW + timedelta(days=90)).date()),)
    for start in range(0, count, 500):
        with store.begin() as unit:
            for number in range(start, min(start + 500, count)):
                name = SURNAMES[number % 20] + GIVEN[number // 20 % 17] + GIVEN[number // 340 % 17]
                person = Applicant("a1", name, "", f"EA{number:07d}", card_no=f"CHN{number:08d}")
                who = (Participant(f"u{number}@company{number % 9973}.example"),)
                case = a_case(f"LN-2026-{number:06d}", company=f"沈阳{name}机械{number % 997}有限公司", messages=())
                at = NOW - timedelta(days=60 if number < closed else 0, minutes=count - number)  # no two came at once
                case = replace(case, opened_at=at, first_received_at=at, last_received_at=at)
                if number < closed:
                    case = replace(case, state=State.CLOSED)
                unit.save_case(replace(case, applicants=(person,), participants=who, deadlines=later))
    store.close()


def one(folder: Path) -> None:
    """In a process of its own: ten passes, the first of which looks at everything once; then its cost."""
    with office(folder, now=NOW) as at:
        at.run()
        at.run(timedelta(minutes=1))
        before = time.process_time()
        for _ in range(10):
            at.run(timedelta(minutes=1))
        spent = (time.process_time() - before) / 10
    status = Path("/proc/self/status").read_text()  # getrusage would tell of the process that started this one, too
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    print(json.dumps({"cpu_ms": spent * 1000, "mb": peak}))


def passes(count: int) -> dict[str, float]:
    """CPU and memory of a quiet pass with so many open cases, each measured in a process that starts afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        filled(folder, count)
        command = [sys.executable, "-m", "benchmarks.passes", "--one", scratch]
        runs = [subprocess.run(command, check=True, capture_output=True) for _ in range(4)]  # noqa: S603 - our own
        told = [json.loads(run.stdout) for run in runs[1:]]  # the first one looks at every case
    return {key: round(median(row[key] for row in told), 2) for key in ("cpu_ms", "mb")}


def searches(count: int) -> dict[str, float]:
    """Milliseconds until the newest fifty are there, by every kind of word; the worst of five."""
    words = {
        "name": "沈望", "pinyin": "shenwang", "company": "机械88", "passport": "EA0012345", "last four": "2345",
        "address": "u777@", "number": "LN-2026-000777", "everybody": "沈阳", "nobody": "琥珀",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        filled(folder, count)
        store = open_store(f"sqlite:///{folder}/mailintake.db", folder / "originals")
        told = {}
        for kind, word in words.items():
            times = []
            for _ in range(5):
                start = time.perf_counter()
                store.summaries(open_only=False, search=word, limit=50)
                times.append(time.perf_counter() - start)
            told[kind] = round(max(times) * 1000, 1)
        store.close()
    return told


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--open", type=int, default=10_000)
    parser.add_argument("--search", type=int, default=100_000)
    parser.add_argument("--one", default="")
    given = parser.parse_args()
    if given.one:
        one(Path(given.one))
        return
    empty, full = passes(0), passes(given.open)
    ratio = {key: round(full[key] / empty[key], 2) for key in full}
    print(json.dumps({"empty": empty, f"{given.open} open": full, "ratio": ratio}))
    if given.search:
        print(json.dumps({f"search among {given.search}, ms": searches(given.search)}))


if __name__ == "__main__":
    main()
