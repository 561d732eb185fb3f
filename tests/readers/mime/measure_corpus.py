"""How the mail reader does on a folder of mails: python tests/readers/mime/measure_corpus.py FOLDER…

Prints the number of mails, what raised, the slowest, and the time per mail.
"""

import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ruamel.yaml import YAML

from mailintake.model.rules import Vocabulary
from mailintake.readers.mail.message import read_message
from mailintake.readers.port import Limits

_NOT_MAIL = {".tsv", ".md", ".json", ".jsonl", ".golden"}


def vocabulary() -> Vocabulary:
    """The configured words about mail."""
    words = Path(__file__).parents[3] / "config" / "words" / "mail.yaml"
    return Vocabulary({name: tuple(entries) for name, entries in YAML(typ="safe").load(words).items()})


def measure(folders: list[Path]) -> int:
    """Read every file below the folders; the number of mails that raised."""
    words, crashes = vocabulary(), 0
    times: dict[Path, float] = {}
    notes: Counter[str] = Counter()
    for file in sorted(f for folder in folders for f in folder.rglob("*") if f.is_file() and f.suffix not in _NOT_MAIL):
        with tempfile.TemporaryDirectory() as out:
            start = time.perf_counter()
            try:
                notes.update(read_message(file, Path(out), words, Limits()).notes)
            except Exception as fault:
                crashes += 1
                sys.stdout.write(f"CRASH {file}: {type(fault).__name__} {fault}\n")
            times[file] = (time.perf_counter() - start) * 1000
    ordered = sorted(times.values())
    slowest = max(times, key=times.__getitem__)
    lines = [
        f"mails {len(times)}  crashes {crashes}  over 2 s {sum(t > 2000 for t in ordered)}",
        f"p50 {statistics.median(ordered):.2f} ms  p99 {ordered[int(len(ordered) * 0.99)]:.2f} ms",
        f"slowest {times[slowest]:.1f} ms  {slowest}",
        "notes " + ", ".join(f"{name} {count}" for name, count in notes.most_common()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return crashes


if __name__ == "__main__":
    sys.exit(measure([Path(argument) for argument in sys.argv[1:]]) > 0)
