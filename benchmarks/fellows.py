"""Two workers on one PostgreSQL database against one, with OCR: python -m benchmarks.fellows [--mails 16] [--rounds 3].

Each round lets one service, then two, work off the same mails on a fresh database and mailbox. The services run and are
warm before the mails come, as they are in an office; the clock runs from the first mail that is fetched until the last
one has its fate. It is the time by the wall, so the machine must do nothing else, and needs a core for each worker: a
ratio from a machine that was at work is printed and not kept. `busy` is how many of the two had a mail in hand, as a
mean over that time: whatever else the machine does, it says whether there was work for both.

    --kill  instead: with a mail in the hands of each of two workers, the one that reads the mailbox is killed (SIGKILL)
            and another mail comes. Seconds until his mail is in other hands, and until the new one is fetched.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import mean, median

from sqlalchemy import Engine, create_engine, text
from tests.support.postgres import Cluster, cluster

from benchmarks import ours
from benchmarks.corpus import KEPT, corpus
from benchmarks.ground import Ground, ground
from benchmarks.records import keep
from benchmarks.spent import clean, load
from mailintake.store.engine import parse_url

_WARM = 4  # mails beforehand: words, models and patterns are loaded with them
_PATIENCE = 900
_QUIET = 0.7  # load before the run
_COUNT = text("SELECT count(*) FROM messages WHERE status LIKE :status")
_HANDS = text("SELECT id, claimed_by FROM messages WHERE status = 'processing'")


class Trial:
    """A fresh installation, its mailbox and its database, with services that run until the end."""

    def __init__(self, at: Ground, engine: Engine, user: str, command: list[str], stack: ExitStack) -> None:
        self.at, self.user = at, user
        self.workers: list[subprocess.Popen[bytes]] = []
        self._engine, self._command, self._stack = engine, command, stack

    def start(self) -> None:
        """One worker more; he is there afterwards."""
        worker = subprocess.Popen(self._command, env=clean(), stdout=subprocess.DEVNULL)  # noqa: S603 - our own
        self.workers.append(worker)
        self._stack.callback(worker.wait)
        self._stack.callback(worker.terminate)
        self.wait(lambda: self.count() >= 0)

    def count(self, status: str = "%") -> int:
        """Mails in that state; -1 before there is a table."""
        with self._engine.connect() as connection:
            if connection.execute(text("SELECT to_regclass('messages')")).scalar() is None:
                return -1
            return int(connection.execute(_COUNT, {"status": status}).scalar_one())

    def hands(self) -> dict[int, str]:
        """Who has which mail."""
        with self._engine.connect() as connection:
            return {row.id: row.claimed_by for row in connection.execute(_HANDS)}

    def bring(self, mails: list[Path]) -> None:
        """They lie in the mailbox now."""
        self.at.deliver(self.user, mails)

    def wait(self, until: Callable[[], bool]) -> float:
        """Seconds until that is so."""
        started = time.perf_counter()
        while not until():
            if any(worker.poll() for worker in self.workers) or time.perf_counter() - started > _PATIENCE:
                raise SystemExit("a worker ended, or nothing came of it")
            time.sleep(0.05)
        return time.perf_counter() - started


@contextmanager
def trial(at: Ground, server: Cluster, folder: Path, *, ocr: bool, every: int) -> Iterator[Trial]:
    """Without workers yet; they end with it."""
    server.run(f"CREATE DATABASE {folder.name}")
    url, user = server.url(folder.name), at.box([])
    config = ours.installation(folder, at, user, ocr=ocr, every=every, more=f"database: {url}\n")
    command = [word for word in ours.command(config) if word != "--once"]
    with closing(ExitStack()) as stack:
        engine = create_engine(parse_url(url))
        stack.callback(engine.dispose)
        yield Trial(at, engine, user, command, stack)


def measured(at: Ground, server: Cluster, folder: Path, workers: int, *, ocr: bool) -> tuple[float, float]:
    """Seconds by the wall until all but the first mails, which only warm up, have their fate; and how many workers had
    one in hand, as a mean."""
    busy: list[int] = []

    def done() -> bool:
        busy.append(len({*made.hands().values()}))
        return made.count("done") == len(at.mails)

    with trial(at, server, folder, ocr=ocr, every=5) as made:
        for _ in range(workers):
            made.start()
        made.bring(at.mails[:_WARM])
        made.wait(lambda: made.count("done") == _WARM)
        made.bring(at.mails[_WARM:])
        made.wait(lambda: made.count() > _WARM)
        return made.wait(done), mean(busy)


def killed(at: Ground, server: Cluster, folder: Path) -> tuple[float, float]:
    """Seconds until the dead worker's mail is in other hands, and until a new mail is fetched, with a pass a minute."""
    with trial(at, server, folder, ocr=True, every=60) as made:
        made.start()
        made.bring(at.mails[:-1])
        made.wait(lambda: bool(made.hands()))  # the first has the mailbox, and a mail in hand
        mine = {*made.hands().values()}
        made.start()
        made.wait(lambda: len({*made.hands().values()} | mine) > 1 and bool(mine & {*made.hands().values()}))
        held = {number for number, who in made.hands().items() if who in mine}
        first = made.workers.pop(0)
        first.kill()
        made.bring(at.mails[-1:])
        started = time.perf_counter()
        made.wait(lambda: not held & {number for number, who in made.hands().items() if who in mine})
        taken = time.perf_counter() - started
        made.wait(lambda: made.count() == len(at.mails))
        return taken, time.perf_counter() - started


def main() -> None:
    """Print the ratio, or the seconds after a kill."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--kill", action="store_true")
    given = parser.parse_args()
    mails = corpus(given.mails + _WARM)
    with tempfile.TemporaryDirectory(dir=KEPT) as made, cluster() as server, ground(mails, Path(made)) as at:
        if given.kill:
            ends = [killed(at, server, Path(made, f"k{number}")) for number in range(given.rounds)]
            print(json.dumps({"mail_s": [round(m, 1) for m, _ in ends], "mailbox_s": [round(b, 1) for _, b in ends]}))
            return
        before, seconds, busy = load(), dict[int, list[float]](), list[float]()
        for number in range(given.rounds):
            for workers in (1, 2):
                spent, busy_now = measured(
                    at, server, Path(made, f"r{number}w{workers}"), workers, ocr=not given.no_ocr
                )
                seconds.setdefault(workers, []).append(spent)
            busy.append(busy_now)
        one, two = median(seconds[1]), median(seconds[2])
    if before < _QUIET and not given.no_ocr:
        keep("`python -m benchmarks.fellows`", {"15": one / two})
    told = {
        "one_s": round(one, 1),
        "two_s": round(two, 1),
        "ratio": round(one / two, 2),
        "busy": round(median(busy), 2),
    }
    print(json.dumps(told | {"load_before": round(before, 1)}))


if __name__ == "__main__":
    main()
