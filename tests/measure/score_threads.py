"""How well the program understands a folder of labelled threads.

    python -m tests.measure.score_threads FOLDER [--only ID]... [--no-ocr] [--texts DIR] [--json]

FOLDER holds `mail/<ID>/NN.eml` (raw mails in order, with `{CASE}` and `{REPLY-ID}` where the sender copies the case
number and the Message-ID of our reply), and `truth/<ID>.json` (labels, one entry in `steps` a mail). Every thread runs
through the whole pipeline in an empty store, with the clock of its labels; nothing is sent. Printed are right/all for
each field and one line for every miss. `--texts` keeps what OCR read, by content, so that the next run takes seconds.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from tests.measure.feeding import Step, feed, remembering, threads, without_ocr
from tests.measure.marks import Mark, table
from tests.measure.score_documents import document_marks
from tests.measure.score_fate import fate_marks
from tests.measure.score_letters import letter_marks
from tests.measure.score_people import people_marks

from mailintake.config import load

Scored = list[tuple[str, Mark]]


def marks(step: Step) -> list[Mark]:
    """Everything the labels of one step can be held against."""
    return [*fate_marks(step), *people_marks(step), *document_marks(step), *letter_marks(step)]


def main(arguments: list[str] | None = None) -> int:
    """Run, print, 0."""
    asked = _parser().parse_args(arguments)
    configuration = load(asked.config)
    if asked.no_ocr:
        configuration = without_ocr(configuration)
    scored: Scored = []
    with remembering(asked.texts):
        for thread in threads(asked.folder, tuple(asked.only)):
            started = time.monotonic()
            for step in feed(configuration, asked.folder, thread):
                scored += [(step.name, one) for one in marks(step)]
                if asked.lines:
                    sys.stdout.write(json.dumps(dict(step.line), ensure_ascii=False) + "\n")
                if asked.letters:
                    sys.stdout.write(f"--- {step.name}\n{step.text}\n")
            sys.stderr.write(f"{thread['scenario']} {time.monotonic() - started:.1f} s\n")
    sys.stdout.write(as_json(scored) if asked.json else as_text(scored))
    return 0


def as_json(scored: Scored) -> str:
    """{"fields": {field: [right, all]}, "misses": [...]}."""
    fields = {field: [right, total] for field, right, total in table(one for _, one in scored)}
    misses = [
        {"step": name, "field": one.field, "expected": one.expected, "got": one.got}
        for name, one in scored
        if not one.right
    ]
    return json.dumps({"fields": fields, "misses": misses}, ensure_ascii=False, indent=1) + "\n"


def as_text(scored: Scored) -> str:
    """The table and the misses."""
    rows = table(one for _, one in scored)
    rows.append(("all", sum(r for _, r, _ in rows), sum(t for _, _, t in rows)))
    lines = [f"{field:28} {f'{right}/{total}':>9} {right / max(total, 1):6.1%}" for field, right, total in rows]
    lines += [
        "",
        *(f"{name} {one.field}: expected {one.expected}; got {one.got}" for name, one in scored if not one.right),
    ]
    return "\n".join(lines) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], metavar="ID")
    parser.add_argument("--config", type=Path)
    parser.add_argument("--texts", type=Path, metavar="DIR")
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lines", action="store_true", help="print the program's own line of every mail")
    parser.add_argument("--letters", action="store_true", help="print the plain text of every letter")
    return parser


if __name__ == "__main__":
    sys.exit(main())
