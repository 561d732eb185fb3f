"""A day of a whole country, simulated from measured service times: python -m benchmarks.national [--seed 1].

31 offices, 100,000 mails on a mean day, a Monday with four times as many, OCR on. A mail is read by any free worker
(one core each), then decided under the one lock of its database, for which the worker waits; its letter goes out by its
office's account. Arrivals are Poisson with the shape of a working day, service times are drawn around measured means.
The queue is first come, first served. Nothing here is a measurement but the service times below.
"""

import argparse
import heapq
import json
import math
import random
from collections import deque
from dataclasses import dataclass, replace

OFFICES, MAILS, PEAK = 31, 100_000, 4
# Seconds of one core, from docs/speed.md and its notes; 1.5: what a core of a cheaper server takes longer.
SLOWER = 1.5
READ, DECIDE, OCR = 0.2 * SLOWER, 0.05 * SLOWER, 4.0 * SLOWER  # OCR: two to three pages of 1.6 s
APPLICATIONS, NEEDS_OCR = 0.6, 0.7  # of the mails; of the applications, those with a paper that must be read
COMMIT = 0.004  # seconds that a commit waits for the disk
# Shares of a day's mail by hour, 0 to 23: an office's morning and afternoon.
HOURS = (1, 1, 1, 1, 1, 1, 2, 5, 12, 15, 14, 8, 5, 9, 12, 11, 9, 5, 3, 2, 2, 2, 1, 1)
WANTED = 300.0  # seconds, p99; the quiet period of ten minutes comes on top


@dataclass(frozen=True)
class Plan:
    """How it is set up."""

    workers: int
    databases: int = 1
    mails: int = MAILS * PEAK
    ocr: bool = True
    letters_hour: int = 40  # an account of the provider


@dataclass(frozen=True)
class Mail:
    """When it came, whose it is, and what it costs."""

    at: float
    office: int
    read: float
    decide: float


def arrivals(plan: Plan, dice: random.Random) -> list[Mail]:
    """One day's, oldest first."""
    total = sum(HOURS)
    made = []
    for hour, share in enumerate(HOURS):
        for _ in range(round(plan.mails * share / total)):
            ocr = plan.ocr and dice.random() < APPLICATIONS * NEEDS_OCR
            read = dice.lognormvariate(0, 0.5) / 1.133 * (READ + (OCR if ocr else 0))  # mean 1 before the factor
            at = (hour + dice.random()) * 3600
            made.append(Mail(at, dice.randrange(OFFICES), read, DECIDE * dice.uniform(0.7, 1.3) + COMMIT))
    return sorted(made, key=lambda mail: mail.at)


def decided(plan: Plan, mails: list[Mail]) -> list[float]:
    """For every mail the moment its letter is in the outbox."""
    ends, waiting = [0.0] * len(mails), deque[int]()
    queues = [deque[int]() for _ in range(plan.databases)]  # read, and waiting for the lock; first: who has it
    idle = plan.workers
    events = [(mail.at, 0, number) for number, mail in enumerate(mails)]  # sorted, so it is a heap
    while events:
        now, what, number = heapq.heappop(events)
        mail = mails[number]
        lock = queues[mail.office % plan.databases]
        if what == 0:
            waiting.append(number)
        elif what == 1:
            lock.append(number)
            if len(lock) == 1:
                heapq.heappush(events, (now + mail.decide, 2, number))
        else:
            ends[number], idle = now, idle + 1
            lock.popleft()
            if lock:
                heapq.heappush(events, (now + mails[lock[0]].decide, 2, lock[0]))
        while idle and waiting:
            taken, idle = waiting.popleft(), idle - 1
            heapq.heappush(events, (now + mails[taken].read, 1, taken))
    return ends


def day(plan: Plan, seed: int) -> dict[str, float]:
    """Seconds from arrival to the letter in the outbox (p50, p99), and to the provider's yes with its limit."""
    mails = arrivals(plan, random.Random(seed))
    ends = decided(plan, mails)
    waits = [end - mail.at for mail, end in zip(mails, ends, strict=True)]
    ready: list[list[float]] = [[] for _ in range(OFFICES)]
    for mail, end in zip(mails, ends, strict=True):
        ready[mail.office].append(end)
    work, held = sum(mail.read + mail.decide for mail in mails), sum(mail.decide for mail in mails)
    waits.sort()
    unsent = 0
    for office in ready:
        office.sort()
        out, gap = 0.0, 3600 / plan.letters_hour
        for end in office:
            out = max(out + gap, end)
            unsent += out > 24 * 3600
    return {
        "workers": plan.workers, "databases": plan.databases, "mails": len(mails),
        "p50": round(waits[len(waits) // 2], 1), "p99": round(waits[int(len(waits) * 0.99)], 1),
        "busy": round(work / plan.workers / 86400, 2), "lock": round(held / plan.databases / 86400, 2),
        "letters left at midnight": unsent,
    }  # fmt: skip


def needed(plan: Plan, seed: int, p99: float) -> int:
    """The fewest workers with which 99 of 100 mails are answered in so many seconds; 0: more do not help."""
    mails = arrivals(plan, random.Random(seed))
    work = sum(mail.read + mail.decide for mail in mails)
    low, high = math.ceil(work / 86400), math.ceil(1.5 * work * max(HOURS) / sum(HOURS) / 3600) + 5
    if day(replace(plan, workers=high), seed)["p99"] > p99:
        return 0
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if day(replace(plan, workers=middle), seed)["p99"] <= p99 else (middle + 1, high)
    return low


def main() -> None:
    """A mean day and a Monday, one database and one for each office, and where it breaks first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    seed = parser.parse_args().seed
    for name, mails in (("mean day", MAILS), ("Monday", MAILS * PEAK)):
        for databases in (1, OFFICES):
            plan = Plan(1, databases, mails)
            count = needed(plan, seed, WANTED)
            told = day(replace(plan, workers=count or 400), seed)
            print(json.dumps({"day": name, "enough": bool(count), **told}), flush=True)


if __name__ == "__main__":
    main()
