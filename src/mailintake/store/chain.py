"""The hash chain over the event log: whoever changes, drops or inserts a line breaks it at that line."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

HEAD_KEY = "events:head"  # the last line as the last unit left it: a log that was cut short is seen
START = "0" * 64
_COVERED = ("sequence", "at", "actor", "what", "case_number", "message", "data", "previous")


def seal(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its hash: SHA-256 over its canonical JSON (sorted keys, ASCII, times in UTC)."""
    return {**row, "hash": _hash(row)}


def _hash(row: dict[str, Any] | RowMapping) -> str:
    covered = {name: _canonical(row[name]) for name in _COVERED}
    text = json.dumps(covered, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(thing: Any) -> Any:
    return thing.astimezone(UTC).isoformat() if isinstance(thing, datetime) else thing


def head(sequence: int, hash_: str) -> str:
    """What is kept under HEAD_KEY."""
    return f"{sequence} {hash_}"


def parse_head(kept: str) -> tuple[int, str]:
    """The same, back."""
    sequence, _, hash_ = kept.partition(" ")
    return int(sequence), hash_


def faults(rows: Iterable[RowMapping], kept_head: str | None) -> Iterator[str]:
    """One line for every place where the chain is broken."""
    sequence, previous = 0, START
    for row in rows:
        number = row["sequence"]
        if number != sequence + 1:
            yield f"event {sequence + 1} is missing from the log"
        elif row["previous"] != previous or row["hash"] != _hash(row):
            yield f"event {number} was changed: the chain of the log is broken there"
        sequence, previous = number, row["hash"]
    if kept_head != (head(sequence, previous) if sequence else None):
        yield f"the log ends at event {sequence}, but its last line was {(kept_head or 'none').split()[0]}"
