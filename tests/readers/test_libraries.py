"""What the libraries of the reader must be, and must not be, whatever else is installed beside them."""

import ast
import importlib.util
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src/mailintake").rglob("*.py"))


def imported(source: Path) -> set[str]:
    tree = ast.walk(ast.parse(source.read_text("utf-8")))
    names = {alias.name for node in tree if isinstance(node, ast.Import) for alias in node.names}
    tree = ast.walk(ast.parse(source.read_text("utf-8")))
    return {n.split(".")[0] for n in names | {n.module or "" for n in tree if isinstance(n, ast.ImportFrom)}}


def test_one_distribution_alone_owns_opencv() -> None:
    if importlib.util.find_spec("cv2") is None:
        pytest.skip("OCR is not installed")
    assert set(packages_distributions()["cv2"]) == {"opencv-python-headless"}


def test_nothing_asks_opencv_for_what_its_fifth_version_left_out() -> None:
    assert [path.name for path in SOURCES if "CascadeClassifier" in path.read_text("utf-8")] == []


def test_libraries_that_guess_wrong_are_not_used() -> None:
    guessers = {"puremagic", "filetype", "magic", "workalendar", "holidays"}
    assert [path.name for path in SOURCES if imported(path) & guessers] == []
