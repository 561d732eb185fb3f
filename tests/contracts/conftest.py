"""Stores for the contract suite: every test that asks for one runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.postgres import Cluster, cluster
from tests.support.stored import Place

from mailintake.store.open import SqlStore, open_store
from mailintake.store.revision import HEAD
from mailintake.store.tables import METADATA

_POSTGRES = (pytest.mark.postgres, pytest.mark.xdist_group("postgres"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server with a database `shared` that has our tables."""
    with cluster() as running:
        running.run("CREATE DATABASE shared")
        open_store(running.url("shared"), tmp_path_factory.mktemp("files")).close()
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=_POSTGRES)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """An empty database and an empty folder for files."""
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path}/data/mailintake.db", tmp_path / "originals")
    running: Cluster = request.getfixturevalue("postgres")
    running.run(f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY", "shared")
    running.run(f"UPDATE alembic_version SET version_num = '{HEAD}'", "shared")  # noqa: S608 - our own constant
    return Place(running.url("shared"), tmp_path / "originals")


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    """An open store there."""
    opened = place.open()
    yield opened
    opened.close()
