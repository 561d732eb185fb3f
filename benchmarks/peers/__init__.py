"""What others pick for the same mailbox, each in a virtual environment of its own that the bench makes."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import KEPT
from benchmarks.ground import Ground
from benchmarks.spent import clean

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Peer:
    """One program: what is installed, the script that plays it, and what that script is told of the servers."""

    name: str
    packages: Sequence[str]
    script: str
    told: Callable[[Ground, str], list[str]]

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return KEPT / "venvs" / self.script / "bin" / "python"

    @property
    def version(self) -> str:
        """What is installed of the last package listed, which is the program itself."""
        package = self.packages[-1].partition(">")[0]
        ask = f"import importlib.metadata as m; print(m.version({package!r}))"
        command = [str(self.python), "-c", ask]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603

    def install(self) -> None:
        """Make its environment, once for each list of packages."""
        home, mark = self.python.parent.parent, "\n".join(self.packages)
        stamp = home / "installed"
        if stamp.is_file() and stamp.read_text() == mark:
            return
        shutil.rmtree(home, ignore_errors=True)
        for command in (["-m", "venv", str(home)], ["-m", "pip", "install", "-q", *self.packages]):
            python = sys.executable if command[1] == "venv" else str(self.python)
            subprocess.run([python, *command], check=True, capture_output=True)  # noqa: S603 - as listed below
        stamp.write_text(mark)

    def prepare(self, folder: Path) -> None:
        """A fresh installation of it: tables, tracker."""
        folder.mkdir(parents=True)
        command = [str(self.python), str(HERE / f"{self.script}.py"), "prepare", str(folder)]
        subprocess.run(command, check=True, capture_output=True, env=_alone())  # noqa: S603

    def command(self, folder: Path, ground: Ground, user: str) -> list[str]:
        """Read that box into that installation, once."""
        told = self.told(ground, user)
        return [str(self.python), str(HERE / f"{self.script}.py"), "run", str(folder), *told]


def _alone() -> dict[str, str]:
    environment = dict(clean())
    del environment["PYTHONPATH"]
    return environment


def _uri(ground: Ground, user: str) -> list[str]:
    at = ground.target
    return [f"imap://{user}:{at['password']}@{at['host']}:{at['port']}"]


def _words(*names: str) -> Callable[[Ground, str], list[str]]:
    return lambda ground, user: [str({**ground.target, "user": user}[name]) for name in names]


PEERS = (
    Peer("django-mailbox", ("django>=5.2,<5.3", "django-mailbox>=4.10,<4.11"), "mailbox_site", _uri),
    Peer(
        "django-helpdesk", ("django>=5.2,<5.3", "django-helpdesk>=2.6,<2.7"), "helpdesk_site",
        _words("host", "port", "user", "password", "smtp_port"),
    ),
    Peer("Roundup", ("roundup>=2.6,<2.7",), "roundup_tracker", _words("port", "user", "password", "smtp_port")),
)  # fmt: skip
PARSER = Peer("fast-mail-parser", ("fast-mail-parser>=0.10,<0.11",), "native_parser", _uri)
ALONE = _alone
