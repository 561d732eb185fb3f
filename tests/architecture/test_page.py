"""ARCHITECTURE.md is true of the tree that it speaks of."""

import importlib
import re

import pytest
from tests.architecture.rooms import PACKAGE, ROOT

SOURCE = ROOT / "src" / PACKAGE
PAGE = re.sub(r"```.*?```", "", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), flags=re.DOTALL)
TOP = ("config", "templates", "tests", "docs", "deploy")


def table(head: str) -> list[list[str]]:
    """Cells of the table under a title, without its first two lines."""
    part = PAGE.partition(f"## {head}")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def paths(text: str) -> list[str]:
    """What stands in backticks and looks like a place in this tree."""
    found = re.findall(r"`([^`]+)`", text)
    return [name for name in found if "/" in name and " " not in name]


def exists(name: str) -> bool:
    """A place of the checkout, a module or folder of the package, or a function in a module."""
    here = SOURCE / name.rstrip("/")
    places = (ROOT / name, here, here.with_suffix(".py"), here.parent / f"{here.name.partition('.')[0]}.py")
    return any(place.exists() for place in places)


def test_every_package_has_its_line_and_every_line_its_package() -> None:
    there = {place.name for place in SOURCE.iterdir() if (place / "__init__.py").is_file()}
    assert {row[0].strip("`") for row in table("Layers")} == there


@pytest.mark.parametrize("row", table("Layers"), ids=lambda row: row[0])
def test_the_entry_points_of_a_package_exist(row: list[str]) -> None:
    package = SOURCE / row[0].strip("`")
    text = "\n".join(path.read_text("utf-8") for path in package.rglob("*.py"))
    for name in re.findall(r"`@?(?:[\w.]+\.)?(\w+)[^`]*`", row[2]):
        assert re.search(rf"\b(?:class|def) {name}\b|^{name}\b.*=", text, re.MULTILINE), name
    importlib.import_module(f"{PACKAGE}.{package.name}")


def test_every_place_that_the_page_names_exists() -> None:
    assert paths(PAGE)
    assert [name for name in paths(PAGE) if not exists(name)] == []
    bare = [name for row in table("Where do I change …") for name in re.findall(r"`(\w+\.(?:yaml|py|md))`", row[1])]
    known = {path.name for folder in TOP for path in (ROOT / folder).rglob("*")} | {
        p.name for p in SOURCE.rglob("*.py")
    }
    assert set(bare) - known - {"mailintake.yaml"} == set()
