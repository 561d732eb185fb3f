"""One of several workers on one PostgreSQL database; the tests start some and kill them at random.

    python -m tests.support.fellow FOLDER EPOCH

It makes pass after pass, as the service does, beside the others, and ends when FOLDER/stop exists. Its
clock runs SPEED times as fast as ours, so that leases of the dead end while the test looks on.
"""

import os
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from tests.support.worker import MONDAY, office, pool

from mailintake.mailer.port import Accepted
from mailintake.worker.passes import Worker

SPEED = 200  # a quarter of an hour in 4.5 seconds


class Recorder:
    """Writes every letter into a folder, so that what was sent survives whoever sent it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def send(self, raw: bytes, sender: str, recipients: object) -> Accepted:
        del sender, recipients
        (self.folder / f"{time.time_ns()}-{os.getpid()}.eml").write_bytes(raw)
        return Accepted("250 ok")

    def close(self) -> None:
        """Nothing is open."""


def main() -> None:
    """Work until told to stop."""
    folder, epoch = Path(sys.argv[1]), float(sys.argv[2])

    def clock() -> datetime:
        return MONDAY + timedelta(seconds=(time.time() - epoch) * SPEED)

    readers = pool()
    with office(folder, readers=readers, mailer=Recorder(folder / "sent")) as at:
        spool = folder / "spool" / str(os.getpid())
        spool.mkdir()
        shells = replace(at.shells, clock=clock, spool=spool)
        worker = Worker(shells, at.worker.watches)
        while not (folder / "stop").exists():
            worker.run_once()
            time.sleep(0.05)
        worker.retire()
    readers.close()


if __name__ == "__main__":
    main()
