"""An office that has read its two mails once, and commands run in this process."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.office import Office, Ran, make_office

from mailintake.cli import main

Command = Callable[..., Ran]


@pytest.fixture(scope="session")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Nobody may change it."""
    office = make_office(tmp_path_factory.mktemp("office"))
    ran = office.run("run", "--once", "--json")
    assert ran.code == 0, ran.err
    return office


@pytest.fixture
def office(read_once: Office, tmp_path: Path) -> Office:
    """A copy of it, to be changed."""
    root = tmp_path / "office"
    shutil.copytree(read_once.config.parent, root)
    return Office(root / "config", root / "mails", root / "data")


@pytest.fixture
def command(
    office: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Command:
    """`command("case", "list")` in this process, with that office's configuration."""
    for name in ("MAILINTAKE_ALLOW_MISSING", "MAILINTAKE_GOLDENS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAILINTAKE_CONFIG", str(office.config))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    return call
