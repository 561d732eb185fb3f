"""Batches of unseen threads through the whole program, held against what their writers expect.

    python -m tests.unseen.run [BATCH ...] [--only NAME ...] [--json] [--letters] [--no-ocr]

Without a batch: all. The figures of a batch's first whole run are written into docs/accuracy.md, once, and never
replaced. What OCR saw is kept in var/unseen. Exit code 0 whatever the figures are: they are told, not hidden.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.unseen.build import load as load_thread
from tests.unseen.build import threads
from tests.unseen.play import Kept, Outcome, mail_text, play
from tests.unseen.score import Judgement, judge

from mailintake.config import Configuration, load
from mailintake.readers.pool import ReaderPool

ROOT = Path(__file__).resolve().parents[2]
ACCURACY = ROOT / "docs" / "accuracy.md"
_END = "<!-- unseen: end of first runs -->"
_SHARES = ("class", "disposition", "procedure", "people", "document", "missing", "flag", "staff", "letter", "says")
_COUNTS = ("disclosure", "tick", "silent", "phantom")


class Figures:
    """What a run of one batch came to."""

    def __init__(self) -> None:
        self.threads = self.mails = 0
        self.asked: Counter[str] = Counter()
        self.right: Counter[str] = Counter()

    def add(self, judgements: Iterable[Judgement]) -> None:
        """The judgements of one mail."""
        self.mails += 1
        for one in judgements:
            self.asked[one.topic] += 1
            self.right[one.topic] += one.right

    def share(self, topic: str) -> str:
        """`97.5 % of 40`."""
        asked = self.asked[topic]
        return f"{100 * self.right[topic] / asked:.1f} % of {asked}" if asked else "-"

    def wrong(self, topic: str) -> int:
        """How many judgements of the topic failed."""
        return self.asked[topic] - self.right[topic]

    def staff_share(self) -> str:
        """Of the applications, how many a person had to look at, and how many of these needlessly."""
        asked = self.asked["to_staff"]
        return f"{self.wrong('to_staff')} of {asked} ({self.wrong('needless')} needlessly)"

    def row(self) -> list[str]:
        """The figures as cells, in the order of the table in docs/accuracy.md."""
        shares = [self.share(topic) for topic in _SHARES]
        return [f"{self.threads}", f"{self.mails}", *shares, self.staff_share(), *(f"{self.wrong(t)}" for t in _COUNTS)]


def measure(
    paths: Sequence[Path], configuration: Configuration, readers: Kept, asked: argparse.Namespace
) -> tuple[Figures, list[dict[str, object]]]:
    """All of these threads; what is wrong is printed as it is found."""
    figures, rows = Figures(), []
    for path in paths:
        thread = load_thread(path)
        figures.threads += 1
        for outcome in play(thread, configuration, readers):
            judgements = judge(outcome)
            figures.add(judgements)
            wrong = [f"{one.topic}: {one.said}" for one in judgements if not one.right and one.said]
            rows.append({"thread": thread.name, "mail": outcome.number, "wrong": wrong, "row": outcome.row})
            if not asked.json:
                _print(outcome, wrong, letters=asked.letters)
    return figures, rows


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print(outcome: Outcome, wrong: Sequence[str], *, letters: bool) -> None:
    if wrong or letters:
        _say(f"\n{'✗' if wrong else '✓'} {outcome.thread.batch}/{outcome.thread.name}/{outcome.number}")
    for one in wrong:
        _say(f"    {one}")
    if not letters:
        return
    _say("  MAIL  " + mail_text(outcome.raw).replace("\n", "\n        "))
    flags = ", ".join(f"{flag['code']} {flag['evidence'][:50]}" for flag in outcome.row["flags"])
    _say(f"  STAFF {outcome.row['message_class']} {outcome.row['disposition']} {flags}")
    for letter in outcome.letters:
        _say(f"  {letter.kind} to {', '.join(letter.to)}: {letter.subject}")
        _say("        " + letter.text.replace("\n", "\n        "))


def record(batch: int, figures: Figures) -> bool:
    """Write a first run into docs/accuracy.md; False where that batch has its figures already."""
    text = ACCURACY.read_text("utf-8")
    if f"\n| {batch} | " in text.partition(_END)[0].rpartition("## Mails that nobody here had seen")[2]:
        return False
    row = f"| {batch} | {' | '.join(figures.row())} |\n"
    ACCURACY.write_text(text.replace(_END, row + _END), "utf-8")
    return True


def main(arguments: Sequence[str]) -> int:
    """Run, print, record; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("batches", nargs="*", type=int)
    parser.add_argument("--only", nargs="+", default=[], help="threads of these names; nothing is recorded")
    parser.add_argument("--json", action="store_true", help="one line a mail, then one a batch")
    parser.add_argument("--letters", action="store_true", help="every mail with its letter")
    parser.add_argument("--no-ocr", action="store_true", help="read no pictures; nothing is recorded")
    asked = parser.parse_args(arguments)
    configuration = load(None)
    configuration = replace(configuration, settings=replace(configuration.settings, ocr=not asked.no_ocr))
    pool = ReaderPool(configuration.rules.vocabulary, configuration.settings.limits, ocr=not asked.no_ocr)
    readers = Kept(pool, ROOT / "var" / ("unseen-plain" if asked.no_ocr else "unseen"))
    known = sorted({int(path.parent.parent.name.rpartition("-")[2]) for path in threads()})
    try:
        for batch in asked.batches or known:
            paths = [path for path in threads(batch) if not asked.only or path.parent.name in asked.only]
            figures, rows = measure(paths, configuration, readers, asked)
            _told(batch, figures, rows, asked)
    finally:
        pool.close()
    return 0


def _told(batch: int, figures: Figures, rows: list[dict[str, object]], asked: argparse.Namespace) -> None:
    topics = (*_SHARES, "to_staff", *_COUNTS)
    cells = dict(zip(("threads", "mails", *topics), figures.row(), strict=True))
    if asked.json:
        for row in (*rows, {"batch": batch, "figures": cells}):
            _say(json.dumps(row, ensure_ascii=False))
        return
    _say(f"\nbatch {batch}: " + "; ".join(f"{topic} {cell}" for topic, cell in cells.items()))
    if not asked.only and not asked.no_ocr and record(batch, figures):
        _say("first run of this batch: written into docs/accuracy.md")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
