"""The whole comparison: python -m benchmarks.run [--mails 100] [--rounds 3] writes docs/speed.md and its picture.

Every round starts each rival once, in a fresh process on a fresh installation and mailbox, one after the other, so that
whatever else the machine does falls on all of them alike. Figures are medians over the rounds; CPU is that of the whole
process tree. What counts are the ratios inside one run.
"""

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import ours
from benchmarks.corpus import FEW, KEPT, corpus, digest
from benchmarks.ground import Ground, ground
from benchmarks.peers import ALONE, PARSER, PEERS
from benchmarks.report import write
from benchmarks.spent import Spent, load, spent
from benchmarks.steps import STEPS

OURS = "mailintake"
Figures = dict[str, list[float]]


class Round:
    """One turn of all rivals; `note` collects the figures of all rounds."""

    def __init__(self, at: Ground, folder: Path, note: Figures) -> None:
        self.at, self.folder, self.note = at, folder, note

    def run(self) -> None:
        """Everything once."""
        for step in (self._floors_and_steps, self._whole, self._peers, self._starts):
            step()
            self.note["load"].append(load())

    def _keep(self, name: str, run: Spent) -> None:
        self.note[f"{name} cpu"].append(run.cpu)
        self.note[f"{name} wall"].append(run.wall)
        self.note[f"{name} mb"].append(run.peak_mb)

    def _floors_and_steps(self) -> None:
        listed = self.folder / "list"
        listed.write_text("\n".join(map(str, self.at.mails)))
        for step, (floor, _ours) in STEPS.items():
            target = json.dumps({**self.at.target, "user": self.at.box()})
            for side in ("floor", "ours") if floor else ("ours",):
                command = [sys.executable, "-m", "benchmarks.steps", step, side, str(listed), target]
                self.note[f"{step} {side}"].append(_last(spent(command)))
        native = [str(PARSER.python), str(Path(__file__).parent / "peers" / "native_parser.py"), str(listed)]
        self.note["parse floor"].append(_last(spent(native, env=ALONE())))

    def _whole(self) -> None:
        config = self._ours(OURS, self.at.mails)
        self._keep(f"{OURS} after", spent(ours.command(config)))  # looks once at every case that was opened
        self._keep(f"{OURS} empty", spent(ours.command(config)))
        self._commands(config)
        self._ours(f"{OURS} few", self.at.mails[:FEW])

    def _ours(self, name: str, mails: list[Path]) -> Path:
        """These mails from a fresh mailbox to their letters; gives the installation's settings."""
        user = self.at.box([])
        config = ours.installation(self.folder / name, self.at, user)
        spent(ours.command(config))  # its database and the digest of the day are there, as with the peers their tables
        self.at.deliver(user, mails)
        run = spent(ours.command(config))
        ours.checked(run.out, len(mails))
        self._keep(name, run)
        return config

    def _commands(self, config: Path) -> None:
        for name, words in ours.COMMANDS:
            command = [sys.executable, "-m", "mailintake", *words, "--config", str(config)]
            self.note[f"start {name}"].append(spent(command).cpu)

    def _peers(self) -> None:
        for peer in PEERS:
            folder, empty = self.folder / peer.script, self.folder / f"{peer.script}-empty"
            peer.prepare(folder)
            shutil.copytree(folder, empty)
            self._keep(peer.name, spent(peer.command(folder, self.at, self.at.box()), env=ALONE()))
            self._keep(f"{peer.name} empty", spent(peer.command(empty, self.at, self.at.box([])), env=ALONE()))

    def _starts(self) -> None:
        self.note["start python"].append(spent([sys.executable, "-c", "pass"]).cpu)
        for word in ("--help", "--version"):
            self.note[f"start {word}"].append(spent([sys.executable, "-m", "mailintake", word]).cpu)


def _last(run: Spent) -> float:
    return float(run.out.split()[-1])


def rounds(at: Ground, scratch: Path, count: int) -> Iterator[Figures]:
    """The figures so far, after each round."""
    note: Figures = defaultdict(list)
    for number in range(count):
        folder = scratch / f"round{number}"
        folder.mkdir()
        Round(at, folder, note).run()
        shutil.rmtree(folder)
        yield note


def summary(note: Figures, mails: list[Path], count: int) -> dict[str, Any]:
    """Medians, with what one has to know to believe them."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"), "rounds": count, "mails": len(mails),
        "bytes": sum(mail.stat().st_size for mail in mails), "digest": digest(mails),
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "versions": {peer.name: peer.version for peer in (*PEERS, PARSER)},
        "load": [round(min(note["load"]), 1), round(max(note["load"]), 1)],
        "figures": {name: median(told) for name, told in note.items()},
        "spread": {name: [min(told), max(told)] for name, told in note.items()},
    }  # fmt: skip


def main() -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    mails = corpus(given.mails)
    for peer in (*PEERS, PARSER):
        print(f"installing {peer.name}", file=sys.stderr)
        peer.install()
    with tempfile.TemporaryDirectory(dir=KEPT) as scratch, ground(mails, Path(scratch)) as at:
        for number, note in enumerate(rounds(at, Path(scratch), given.rounds), 1):
            print(f"round {number} of {given.rounds}, load {load():.1f}", file=sys.stderr)
            told = summary(note, mails, number)
    (KEPT / "result.json").write_text(json.dumps(told, indent=1))
    write(told)


if __name__ == "__main__":
    main()
