"""People and numbers on invented sentences.

    python -m tests.measure.people.run [--seed N] [--each N] [--batch NAME] [--only WORDS] [--faults]

Every mail goes through the whole program, as `mailintake replay` runs it, without OCR and from a sender of its own.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.measure.feeding import without_ocr
from tests.measure.people.score import Score, report
from tests.measure.people.sentences import Written, kinds, write

from mailintake.app.replay import replay
from mailintake.config import Configuration, load
from mailintake.model.case import Applicant
from mailintake.worker.intake.process import Processed

_NOW = datetime(2026, 11, 24, 10, 30, tzinfo=timezone(timedelta(hours=8)))
_STORE = 60  # mails in one store


def mails(seed: int, each: int, only: str = "", batch: str = "") -> Iterator[Written]:
    """`each` mails of every kind."""
    for kind in kinds():
        if only in kind.name and kind.batch in (batch or kind.batch):
            yield from (write(kind, seed * 1000 + number) for number in range(each))


def measure(configuration: Configuration, written: Iterable[Written]) -> Score:
    """All of them through the program."""
    score = Score()
    for batch in _batches(written):
        with tempfile.TemporaryDirectory() as folder:
            files = []
            for number, one in enumerate(batch):
                files.append(Path(folder, f"{number:03}.eml"))
                files[-1].write_bytes(one.raw)
            done = replay(configuration, tuple(files), now=_NOW)
            for one, (_, processed, _) in zip(batch, done, strict=True):
                score.add(one, applicants(processed))
    return score


def applicants(done: Processed) -> Sequence[Applicant]:
    """Everybody who applies, as the program says: people of its cases, each once; without a case those of the mail."""
    decision = done.decision
    if decision is None:
        return ()
    people = [person for case in decision.cases for person in case.applicants]
    if not people and decision.understanding is not None:
        people = list(decision.understanding.people.applicants)
    return tuple({person.name or person.key: person for person in people}.values())


def _batches(written: Iterable[Written]) -> Iterator[tuple[Written, ...]]:
    rest: list[Written] = []
    for one in written:
        rest.append(one)
        if len(rest) == _STORE:
            yield tuple(rest)
            rest = []
    if rest:
        yield tuple(rest)


def main(arguments: list[str] | None = None) -> int:
    """Run, print, 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=2, help="mails of every kind")
    parser.add_argument("--only", default="", help="kinds with these words in their name")
    parser.add_argument("--batch", default="", help="kinds of this batch only")
    parser.add_argument("--faults", action="store_true", help="print every fault")
    asked = parser.parse_args(arguments)
    score = measure(without_ocr(load(None)), mails(asked.seed, asked.each, asked.only, asked.batch))
    sys.stdout.write("\n".join((*report(score), *(score.faults if asked.faults else ()), "")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
