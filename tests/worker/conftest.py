"""One reader process for all tests of the worker."""

from collections.abc import Iterator

import pytest
from tests.support.worker import pool

from mailintake.readers.pool import ReaderPool


@pytest.fixture(scope="session")
def readers() -> Iterator[ReaderPool]:
    opened = pool()
    yield opened
    opened.close()
