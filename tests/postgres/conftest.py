"""One PostgreSQL server for these tests; their offices and scenarios work on it."""

import os
from collections.abc import Iterator

import pytest
from tests.support.databases import SERVER, postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if SERVER in os.environ:  # make test-postgres has one already
        yield os.environ[SERVER]
        return
    with postgres_server() as told:
        yield told


@pytest.fixture(autouse=True)
def _on_postgres(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SERVER, server)
