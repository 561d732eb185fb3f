"""What the longer commands measured last, each figure with its day: benchmarks/records.json, which the report shows.

It lies in the repository beside the report: a figure stands with its date until somebody measures it anew.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.spent import load

KEPT = Path(__file__).with_suffix(".json")


class Record(NamedTuple):
    """The figure of one goal."""

    figure: float
    by: str  # the command that measured it
    at: str  # the day
    load: float  # of the machine then


def kept() -> dict[str, Record]:
    """By the number of the goal."""
    told = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    return {number: Record(**row) for number, row in told.items()}


def keep(by: str, figures: Mapping[str, float]) -> None:
    """Figures by the number of their goal in place of what stood there."""
    day, now = datetime.now(UTC).date().isoformat(), load()
    new = {number: Record(round(figure, 2), by, day, round(now, 1)) for number, figure in figures.items()}
    rows = {number: record._asdict() for number, record in sorted((kept() | new).items(), key=lambda row: int(row[0]))}
    KEPT.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
