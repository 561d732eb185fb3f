"""Does a step do more than it did? Calls of functions, Python's and C's, counted over four mails; no clock is asked.

python -m benchmarks.guard             counts and compares; exit 1, with the figures, where a step grew by over 15 %
python -m benchmarks.guard --renew     writes benchmarks/guard.json: what is counted now is what is held from now on

Calls are the same on an idle and on a busy machine. What C code does inside one call they do not see; for pictures the
pixels that were decoded are counted beside them, for the whole way the statements that the database was told.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import ImageFile
from sqlalchemy import Engine, event
from tests.support.readers import NoReaders
from tests.support.worker import office, shipped

from benchmarks.corpus import mail
from benchmarks.steps import STEPS, Given, Work
from mailintake.model.facts import TextFacts
from mailintake.readers.port import MessageReading

KEPT = Path(__file__).with_suffix(".json")
MOST = 1.15
MAILS = (0, 1, 12, 17)  # two applications, an enquiry, another photo for the first
_HERE = ("store", "parse", "picture", "pdf", "database", "letter")  # what needs no server
Counts = dict[str, int]


class HereReaders(NoReaders):
    """Reads in this process, where calls can be counted; without OCR."""

    def message(self, raw: Path, out: Path) -> MessageReading:
        from mailintake.readers.expand import open_message

        at = shipped()
        return open_message(raw, out, at.rules.vocabulary, at.settings.limits)

    def text(self, file: Path, format_: str) -> TextFacts | None:
        from mailintake.readers.files.text import read_text

        return read_text(file, format_, shipped().settings.limits, ocr=False)


def calls(work: Callable[[], object]) -> int:
    """How many functions it calls."""
    count = 0

    def seen(_frame: Any, what: str, _argument: Any) -> None:
        nonlocal count
        count += what in ("call", "c_call")

    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@contextmanager
def pixels() -> Iterator[list[int]]:
    """Pixels of every picture that is decoded meanwhile, after the decoder's own reduction."""
    seen: list[int] = []
    real = ImageFile.ImageFile.load

    def load(image: ImageFile.ImageFile) -> Any:
        waits = bool(image.tile)  # what was decoded before is only handed out
        done = real(image)
        if waits:
            seen.append(image.width * image.height)
        return done

    ImageFile.ImageFile.load = load  # type: ignore[method-assign, assignment]
    try:
        yield seen
    finally:
        ImageFile.ImageFile.load = real  # type: ignore[method-assign]


def counted() -> Counts:
    """Every step, and the whole way from the mailbox to the letters."""
    told: Counts = {}
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch, f"{number:06}.eml") for number in MAILS]
        for file, number in zip(files, MAILS, strict=True):
            file.write_bytes(mail(number))
        for step in _HERE:
            folder = Path(scratch, step)
            folder.mkdir()
            work: Work = STEPS[step][1](Given(files, folder, {}))
            with pixels() as decoded:
                told[step] = calls(work)
            if step == "picture":
                told["picture, pixels"] = sum(decoded)
        told |= _whole(files, Path(scratch, "office"))
    return told


def _whole(files: list[Path], folder: Path) -> Counts:
    folder.mkdir()
    statements = 0

    def executed(*_: object) -> None:
        nonlocal statements
        statements += 1

    with office(folder, readers=HereReaders()) as at:
        for once in (files[0].read_bytes(), mail(13)):  # an application and a question
            at.deliver(once)
        at.run()  # patterns and templates are compiled, the index of questions is made
        for file in files[1:]:
            at.deliver(file.read_bytes())
        event.listen(Engine, "before_cursor_execute", executed)
        try:
            return {"whole way": calls(at.run), "whole way, statements": statements}
        finally:
            event.remove(Engine, "before_cursor_execute", executed)


def grown(before: Counts, now: Counts) -> list[str]:
    """A line for every step that does more than it may; a step that is new has nothing to be held to."""
    return [
        f"{step}: {now[step]:,} instead of {count:,} (× {now[step] / count:.2f}, at most × {MOST})"
        for step, count in before.items()
        if now[step] > count * MOST
    ]


def main() -> int:
    """Count; compare or keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renew", action="store_true")
    renew = parser.parse_args().renew
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets decides how much is looked at
        command = [sys.executable, "-m", "benchmarks.guard", *sys.argv[1:]]
        os.execve(sys.executable, command, {**os.environ, "PYTHONHASHSEED": "0"})  # noqa: S606 - ourselves
    before, now = json.loads(KEPT.read_text()) if KEPT.exists() else {}, counted()
    for step, count in now.items():
        print(f"{step:24} {count:>10,} {count / before[step]:6.2f}" if step in before else f"{step:24} {count:>10,}")
    if renew:
        KEPT.write_text(json.dumps(now, indent=1) + "\n")
        return 0
    wrong = grown(before, now)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
