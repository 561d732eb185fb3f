"""The hash chain over the event log: whoever changes, drops or inserts a line breaks it at that line."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping

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


def faults(rows: Iterable[RowMapping], head: tuple[int, str] | None) -> Iterator[str]:
    """One line for every place where the chain is broken; `head`: number and hash of the last line, as kept."""
    sequence, previous = 0, START
    for row in rows:
        number = row["sequence"]
        if number != sequence + 1:
            yield f"event {sequence + 1} is missing from the log"
        elif row["previous"] != previous or row["hash"] != _hash(row):
            yield f"event {number} was changed: the chain of the log is broken there"
        sequence, previous = number, row["hash"]
    if head != ((sequence, previous) if sequence else None):
        yield f"the log ends at event {sequence}, but its last line was {head[0] if head else 'none'}"
