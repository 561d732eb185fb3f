"""The wheel, built once, and two installations of it: as a wheel and editable, beside the libraries of this venv."""

import importlib.util
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def pip(*arguments: str | Path) -> None:
    """pip of this environment; its output only when it fails."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *map(str, arguments), *quiet], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def builder() -> list[str]:
    """Build with the hatchling that is here, else let pip fetch it."""
    return ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", *builder(), "--wheel-dir", folder, ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session", params=["wheel", "editable"])
def installed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The `mailintake` command of a fresh environment that borrows the libraries of this one, but not our package."""
    home = tmp_path_factory.mktemp(request.param)
    venv.create(home, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    what = [str(wheel)] if request.param == "wheel" else [*builder(), "--editable", str(ROOT)]
    python = home / "bin" / "python"
    pip("--python", str(python), "install", "--no-deps", *what)
    borrow(site)
    return home / "bin" / "mailintake"


def borrow(site: Path) -> None:
    """Link every library of this environment, except what would lead to the checkout."""
    for library in Path(sysconfig.get_path("purelib")).iterdir():
        if "mailintake" not in library.name and library.suffix != ".pth" and not (site / library.name).exists():
            (site / library.name).symlink_to(library)
