"""Which database the tests of the pipeline run on: SQLite in their own folder, or PostgreSQL.

`make test-postgres` runs whole suites on PostgreSQL: `python -m tests.support.databases COMMAND…` starts a server and
names it in $INTAKE_TEST_POSTGRES for the command; every folder that a test works in has a database of its own there.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.support.postgres import Cluster, cluster

from mailintake.app.build import shells_for
from mailintake.app.replay import Clock
from mailintake.config import Configuration
from mailintake.mailer.drop import DropMailer
from mailintake.store.open import open_store
from mailintake.worker.shells import Shells

SERVER = "INTAKE_TEST_POSTGRES"  # "user@folder of the socket"
_TEMPLATE = "prepared"


def database_at(folder: Path) -> str:
    """URL of the database that belongs to that folder; the same for the same folder."""
    told = os.environ.get(SERVER)
    if not told:
        return f"sqlite:///{folder}/mailintake.db"
    server, name = _server(told), _name(folder)
    if not server.exists(name):
        server.run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    return server.url(name)


def copied(source: Path, target: Path) -> None:
    """What pg_dump and pg_restore would do: the database of the one folder becomes that of the other. Nobody may be
    connected to it meanwhile."""
    _server(os.environ[SERVER]).run(f"CREATE DATABASE {_name(target)} TEMPLATE {_name(source)}")


@contextmanager
def scratch_office(where: str | None) -> Iterator[Path]:
    """A folder that goes at the end, with the database that belongs to it."""
    with tempfile.TemporaryDirectory(dir=where) as made:
        folder = Path(made)
        try:
            yield folder
        finally:
            if told := os.environ.get(SERVER):
                _server(told).run(f"DROP DATABASE IF EXISTS {_name(folder)} WITH (FORCE)")


def _server(told: str) -> Cluster:
    user, _, place = told.partition("@")
    return Cluster(Path(place), user)


def _name(folder: Path) -> str:
    return f"t{hashlib.sha256(str(folder).encode()).hexdigest()[:20]}"


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server with an empty, prepared database to copy; what belongs into $INTAKE_TEST_POSTGRES."""
    with cluster() as running, tempfile.TemporaryDirectory() as files:
        running.run(f"CREATE DATABASE {_TEMPLATE}")
        open_store(running.url(_TEMPLATE), Path(files)).close()
        yield f"{running.user}@{running.folder}"


@contextmanager
def scenario_shells(configuration: Configuration, folder: Path, clock: Clock) -> Iterator[Shells]:
    """What replay works on, over the database of that folder."""
    settings = replace(configuration.settings, data_folder=folder, database=database_at(folder), mailboxes=())
    drop = DropMailer(folder / "letters")
    with shells_for(replace(configuration, settings=settings), clock=clock, mailer=drop) as shells:
        yield shells


def main() -> None:
    """Run a command with a server beside it."""
    with postgres_server() as told:
        raise SystemExit(subprocess.run(sys.argv[1:], env=os.environ | {SERVER: told}, check=False).returncode)


if __name__ == "__main__":
    main()
