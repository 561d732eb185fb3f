"""One reader process for all, and an office that answers everything by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.worker import Office, office, pool

from mailintake.readers.pool import ReaderPool


@pytest.fixture(scope="session")
def readers() -> Iterator[ReaderPool]:
    opened = pool()
    yield opened
    opened.close()


@pytest.fixture
def at(tmp_path: Path, readers: ReaderPool) -> Iterator[Office]:
    with office(tmp_path, readers=readers) as opened:
        yield opened
        assert opened.shells.store.verify() == ()
        assert list(opened.shells.spool.iterdir()) == []  # nothing is left lying about
