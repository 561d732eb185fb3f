"""The tests that the operators' page names as proof exist."""

import ast
import re
from pathlib import Path

import pytest
from tests.support.breaking import POINTS

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "failures.md"
_NAMED = re.compile(r"`(tests/[^`\s]+)`")


def named() -> list[str]:
    """Paths, with `::test` behind some and `*` in some."""
    return sorted(set(_NAMED.findall(PAGE.read_text("utf-8"))))


def functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("told", named())
def test_what_is_named_as_proof_exists(told: str) -> None:
    path, _, test = told.partition("::")
    found = list(ROOT.glob(path))
    assert found, told
    assert not test or any(test in functions(file) for file in found), told


def test_every_row_has_a_symptom_what_is_done_what_to_do_and_its_proof() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]
    entries = [row for row in cells if not set("".join(row)) <= {"-"} and row[0] != "现象"]
    assert len(entries) > 40
    for row in entries:
        assert len(row) == 4, row
        assert all(row), row
        assert _NAMED.search(row[3]), row


def test_every_point_at_which_the_program_is_killed_is_listed() -> None:
    page = PAGE.read_text("utf-8")
    assert [point for point in POINTS if f"`{point}`" not in page] == []
