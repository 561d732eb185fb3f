"""A few simulated hours with faults on all sides; `make soak` runs a day with thousands of mails."""

from pathlib import Path

import pytest
from tests.support.soak import soaking

HOURS, MAILS, CALM = 6, 20, 8


@pytest.mark.timeout(300)  # on a server's database and a busy machine
def test_invariants_hold_every_hour_and_everything_ends_well(tmp_path: Path) -> None:
    with soaking(tmp_path, seed=5) as soak:
        for hour in range(HOURS + CALM):
            calm = hour >= HOURS
            assert soak.hour(hour, 0 if calm else MAILS, calm=calm).broken == []
        assert soak.unfinished() == []
        assert len(soak.server.state.sent) > HOURS * MAILS // 3
