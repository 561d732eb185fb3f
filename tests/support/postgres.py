"""A PostgreSQL server of Debian's, started for the tests in a folder of its own, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PACKAGE = "postgresql"
_START_SECONDS = 60


class Cluster:
    """A running server on a Unix socket; fast and forgetful, for tests only."""

    def __init__(self, folder: Path, user: str) -> None:
        self.folder, self.user = folder, user

    def url(self, database: str) -> str:
        """SQLAlchemy's."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def run(self, statement: str, database: str = "postgres") -> None:
        """One statement as the administrator."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user={self.user} dbname={database}", autocommit=True) as connection:
            connection.execute(statement)

    def exists(self, database: str) -> bool:
        """Is there a database of that name?"""
        import psycopg

        with psycopg.connect(f"host={self.folder} user={self.user} dbname=postgres", autocommit=True) as connection:
            asked = "SELECT 1 FROM pg_database WHERE datname = %s"
            return connection.execute(asked, (database,)).fetchone() is not None


def binaries() -> Path:
    """Folder of the newest server. Without one the test fails, or is skipped when MAILINTAKE_ALLOW_MISSING names it."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parent.parent.name))
    if found:
        return found[-1].parent
    message = f"PostgreSQL is not installed: apt-get install {PACKAGE}"
    if PACKAGE in os.environ.get("MAILINTAKE_ALLOW_MISSING", "").replace(",", " ").split():
        pytest.skip(message)
    pytest.fail(f"{message} (or set MAILINTAKE_ALLOW_MISSING={PACKAGE})")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The server refuses to run as root, so root runs it as the user that Debian made for it."""
    programs = binaries()
    root = os.getuid() == 0
    user = "postgres" if root else pwd.getpwuid(os.getuid()).pw_name
    other = (
        [shutil.which("setpriv") or "setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if root else []
    )
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # short: socket paths may have 107 bytes
    try:
        if root:
            shutil.chown(folder, user, user)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={user}"]
        made = [*other, str(programs / "initdb"), f"--pgdata={folder}/data", *options]
        subprocess.run(made, cwd="/", check=True, capture_output=True)
        settings = {"unix_socket_directories": folder, "listen_addresses": "", "fsync": "off", "max_connections": "200"}
        flags = [f"--{name}={setting}" for name, setting in settings.items()]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [*other, str(programs / "postgres"), "-D", f"{folder}/data", *flags], cwd="/", stdout=log, stderr=log
            )
        try:
            running = Cluster(folder, user)
            _wait(running, server)
            yield running
        finally:
            _end(server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(running: Cluster, server: "subprocess.Popen[bytes]") -> None:
    import psycopg

    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            return running.run("SELECT 1")
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError((running.folder / "log").read_text("utf-8", "replace")) from None
            time.sleep(0.05)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Fast shutdown (SIGINT); a client that holds on does not stop it."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(20)
