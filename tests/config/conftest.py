"""A small complete configuration to put mistakes into; it stands for the shipped one, too."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SMALL = Path(__file__).parent / "small"


@pytest.fixture(autouse=True)
def small_is_shipped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests that put mistakes into the small configuration see no other below it."""
    if "folder" in request.fixturenames:
        monkeypatch.setattr("mailintake.config.layers.shipped_folder", lambda: SMALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small configuration, as the operator's folder; messages name its files relative to it."""
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Path()


@pytest.fixture
def put(folder: Path) -> Callable[[str, str], Path]:
    """Write a file into the operator's folder."""

    def write(name: str, text: str) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write
