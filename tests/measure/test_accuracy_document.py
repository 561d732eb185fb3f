"""docs/accuracy.md names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_trap_has_the_tests_that_the_table_names() -> None:
    table = (ROOT / "docs/accuracy.md").read_text("utf-8").split("## Traps")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    there = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }
    named = [re.findall(r"`(test_\w+)`", row.rsplit("|", 2)[1]) for row in rows]
    assert len(rows) == 19
    assert all(named)
    assert [name for names in named for name in names if name not in there] == []
