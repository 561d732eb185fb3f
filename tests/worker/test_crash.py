"""A part of `make crash` and `make faults`: other points and calls with every seed, the same invariants."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from tests.support.breaking import KILL_POINTS
from tests.worker.crash import Job, check, clean_run
from tests.worker.crash_office import Mix

from mailintake.model.letter import OutboxState
from mailintake.store import unit_letters
from mailintake.store.files import LocalFiles, Stream, _settle
from mailintake.store.open import SqlStore
from mailintake.store.unit_letters import LetterWrites
from mailintake.worker.intake import fetching
from mailintake.worker.outbox import doubts as outbox_doubts

ROOT = Path(__file__).parents[2]
FAILURES = ROOT / "docs" / "failures.md"


@pytest.mark.parametrize("kind", ["kill", "fault"])
def test_nothing_is_lost_and_nobody_is_told_twice(kind: str) -> None:
    command = [sys.executable, "-m", "tests.worker.crash", kind, "--seed", "7", "--mixes", "2", "--limit", "12"]
    options = ["--runs", "3"] if kind == "kill" else ["--every", "5"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["broken"] == 0
    assert told["runs"] == 12  # each of them reached its break


def test_the_operators_page_names_every_point() -> None:
    page = FAILURES.read_text("utf-8")
    assert [p for p in KILL_POINTS if p.endswith(".before") and f"`{p.removesuffix('.before')}`" not in page] == []


def unmarked(patch: pytest.MonkeyPatch) -> None:
    """Nothing is written down before a letter is handed over."""
    real = LetterWrites.move

    def move(self: Any, entry: int, before: OutboxState, after: OutboxState, *args: Any, **note: Any) -> bool:
        return after is OutboxState.SENDING or real(self, entry, before, after, *args, **note)

    patch.setattr(unit_letters, "OUTBOX_TRANSITIONS", dict.fromkeys(OutboxState, tuple(OutboxState)))
    patch.setattr(LetterWrites, "move", move)


def unasked(patch: pytest.MonkeyPatch) -> None:
    """A letter in doubt is sent again without a look into Sent."""
    patch.setattr(outbox_doubts, "in_sent_folder", lambda *_: False)


def unsure(patch: pytest.MonkeyPatch) -> None:
    """Every unit is committed in pieces."""
    real = SqlStore.begin

    @contextmanager
    def begin(self: SqlStore) -> Iterator[Any]:
        with real(self) as unit:
            for name in ("save_case", "queue_letter"):
                setattr(unit, name, committing(unit, getattr(unit, name)))
            yield unit

    def committing(unit: Any, write: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any) -> Any:
            done = write(*args)
            unit._connection.exec_driver_sql("COMMIT")
            unit._connection.exec_driver_sql("BEGIN IMMEDIATE")
            return done

        return wrapped

    patch.setattr(SqlStore, "begin", begin)


def careless(patch: pytest.MonkeyPatch) -> None:
    """The row is committed first, the file written afterwards."""
    real, write = fetching._recorded, LocalFiles._write
    late: list[bytes] = []

    def recorded(shells: Any, place: Any, fetched: Any) -> Any:
        done = real(shells, place, fetched)
        files, written = shells.store.files, dict[Path, str]()
        for data in late:
            write(files, BytesIO(data), len(data), written)
        _settle(written)
        return done

    def remembered(_: LocalFiles, stream: Stream, size: int, _written: Any) -> str:
        late.append(b"".join(iter(lambda: stream.read(size), b"")))
        return sha256(late[-1]).hexdigest()

    patch.setattr(fetching, "_recorded", recorded)
    patch.setattr(LocalFiles, "_write", remembered)


WRONG = {
    "unmarked": (unmarked, "answer.before", 1, "arrived 2 times"),
    "unasked": (unasked, "answer.after", 1, "arrived 2 times"),
    "unsure": (unsure, "finish_message.before", 1, "letters: "),
    "careless": (careless, "create.before", 1, "is missing"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_program_that_does_it_wrong_is_found_out(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    change, point, number, told = WRONG[fault]
    mix = Mix(("complete", "enquiry"), provider_copies=True)
    clean, _ = clean_run(mix)
    assert check(Job(mix, point, number), clean) == (True, [])
    change(monkeypatch)
    reached, wrong = check(Job(mix, point, number), clean)
    assert reached
    assert [line for line in wrong if told in line], wrong
