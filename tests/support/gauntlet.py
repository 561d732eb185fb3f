"""Mutants through the whole pipeline: what became of each, and what it cost."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.mutations import Mutant
from tests.support.scenarios import deliver
from tests.support.worker import office

from mailintake.readers.pool import ReaderPool
from mailintake.worker.intake.process import fate

BATCH = 60  # mails a store: as many as an office gets in a morning
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Outcome:
    """Of one mutant. `seconds` are the processor's: others may use the machine."""

    mutant: Mutant
    fate: str
    seconds: float
    fault: str = ""

    def wrong(self, limit: float) -> str:
        """What is to be complained about; empty when nothing is."""
        if self.fault:
            return self.fault
        if self.seconds > limit:
            return f"took {self.seconds:.1f} s"
        return "" if self.fate else "has no fate"


def run(mutants: Iterable[Mutant], readers: ReaderPool) -> Iterator[Outcome]:
    """Each mutant as if it had just arrived; a new store for every BATCH of them, proved sound at its end."""
    batch: list[Mutant] = []
    for one in mutants:
        batch.append(one)
        if len(batch) == BATCH:
            yield from _morning(batch, readers)
            batch = []
    yield from _morning(batch, readers)


def _morning(batch: list[Mutant], readers: ReaderPool) -> Iterator[Outcome]:
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, office(Path(folder), readers=readers) as at:
        for one in batch:
            started, child = _processor(readers)
            try:
                done = deliver(at.shells, one.raw)
                fault, known = "", str(fate(done) or done.row.disposition or "")
            except Exception as bug:
                fault, known = f"{type(bug).__name__}: {bug}", ""
            ended, same = _processor(readers)
            yield Outcome(one, known, ended - started if child == same else 0.0, fault)
        broken = at.shells.store.verify()
        left = [path.name for path in at.shells.spool.iterdir()]
        if broken or left:
            yield Outcome(batch[-1], "", 0.0, f"after the batch: {broken} {left}")


def _processor(readers: ReaderPool) -> tuple[float, int]:
    """Seconds of this process and of the reader, and which reader it is."""
    child = readers._child.pid if readers._child else 0
    try:
        fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.process_time(), 0
    return time.process_time() + (int(fields[11]) + int(fields[12])) / _TICKS, child
