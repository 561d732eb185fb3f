"""The table of docs/security.md: every requirement of OWASP ASVS 5.0, levels 1 and 2, has its test or its reason."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# Numbers of levels 1 and 2 by section (ASVS 5.0.0). Chapters 10 (OAuth) and 17 (WebRTC) are left out as a whole.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 11, "6.3": 3, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "11.1": 2, "11.2": 3, "11.3": 3,
    "11.4": 3, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
    "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip


def rows() -> dict[str, list[str]]:
    """By number: requirement, how it is met, proof."""
    lines = (line.split("|")[1:-1] for line in PAGE.read_text("utf-8").splitlines() if re.match(r"\| \d+\.", line))
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in lines}


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_requirement_is_forgotten_and_none_stands_twice() -> None:
    wanted = [f"{section}.{number}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    assert list(rows()) == wanted
    assert PAGE.read_text("utf-8").count("\n| 1.1.1 |") == 1


@pytest.mark.parametrize("number", rows())
def test_a_requirement_names_a_test_that_exists_or_says_why_it_has_none(number: str) -> None:
    _, how, proof = rows()[number]
    named = _NAMED.findall(proof)
    if how == "—":
        assert len(proof) > 3  # the reason
    else:
        assert named, number
    for file, test in named:
        assert test in functions(file), (number, test)
