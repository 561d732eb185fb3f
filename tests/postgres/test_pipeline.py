"""The whole pipeline on PostgreSQL gives what it gives on SQLite. A few scenarios here, all by `make test-postgres`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.replay import test_scenarios as scenarios
from tests.support.worker import application, mail, office, pool

from mailintake.model.letter import OutboxState
from mailintake.readers.pool import ReaderPool

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("postgres")]
FEW = ("01", "02", "10", "20", "37", "43", "51", "55", "57", "60", "62", "72")


@pytest.fixture(scope="module")
def readers() -> Iterator[ReaderPool]:
    opened = pool()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "folder", [s for s in scenarios.SCENARIOS if s.name.partition("-")[0] in FEW], ids=lambda p: p.name
)
def test_the_office_gets_the_same_on_postgresql(folder: Path, tmp_path: Path) -> None:
    scenarios.test_the_office_gets_what_it_expects(folder, tmp_path)


def test_passes_reminders_digest_and_log_work_on_postgresql(tmp_path: Path, readers: ReaderPool) -> None:
    with office(tmp_path, readers=readers) as at:
        assert at.shells.store._is_postgres  # type: ignore[attr-defined]
        at.deliver(application(without=["photo"]))
        at.deliver(mail(id="m2", **{"from": "沈月 <shen@tingtao.example>"}))
        assert not at.run().faults
        for _ in range(14):
            assert not at.run(timedelta(days=1)).faults
        assert {entry.letter.value for entry in at.outbox(OutboxState.SENT)} >= {"tolerated", "procedure_sheet"}
        assert at.shells.store.verify() == ()
        assert at.shells.store.events()
