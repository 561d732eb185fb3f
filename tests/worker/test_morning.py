"""The digest: once each working day, caught up after a sleep, never in the way of the mail."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from tests.support.worker import Office
from tests.support.worker import office as plain_office

from mailintake.config.settings import DigestSettings
from mailintake.model.digest import Digest
from mailintake.model.letter import OutboxState
from mailintake.model.zone import SHANGHAI
from mailintake.worker.morning import health, make_digest, queue_digest
from mailintake.worker.schedule import digest_due

office = partial(plain_office, digest=DigestSettings(recipients=("staff@office.example",)))


def at_hour(at: Office, day: int, hour: int, minute: int = 0) -> bool:
    """Run a pass at that time of November 2026; tells whether it made a digest."""
    at.clock.now = datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)
    return at.run().digest


def test_it_is_made_once_at_its_hour(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        made = [at_hour(at, 2, 8, 29), at_hour(at, 2, 8, 30), at_hour(at, 2, 8, 31), at_hour(at, 3, 8, 30)]
        assert made == [False, True, False, True]
        assert [e.letter.value for e in at.shells.store.outbox((OutboxState.SENT,))] == ["digest", "digest"]


def test_a_machine_that_slept_makes_one_for_today_and_none_for_the_days_it_missed(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        assert at_hour(at, 2, 8, 30)
        assert at_hour(at, 5, 15)
        assert not at_hour(at, 5, 16)


def test_there_is_none_on_days_off(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        assert not at_hour(at, 7, 9)  # a Saturday
        at.clock.now = datetime(2026, 10, 1, 9, tzinfo=SHANGHAI)
        assert not digest_due(at.shells)


def test_the_hour_is_that_of_shenyang_wherever_the_server_stands(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.clock.now = datetime.fromisoformat("2026-11-01T23:00:00-01:30")
        assert digest_due(at.shells)


def test_a_restart_does_not_make_a_second_one(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        assert at_hour(at, 2, 9)
    with office(tmp_path) as at:
        assert not at_hour(at, 2, 9, 5)


def test_page_and_mail_say_the_same(tmp_path: Path) -> None:
    shown: list[Digest] = []
    with office(tmp_path, publish=shown.append) as at:
        at_hour(at, 2, 9)
        assert [d.sequence for d in shown] == [1]
        assert len(at.mailer.taken) == 1


def test_a_page_that_cannot_be_written_does_not_keep_the_mail_back(tmp_path: Path) -> None:
    def full(_: Digest) -> None:
        raise OSError(28, "no space left")

    with office(tmp_path, publish=full) as at:
        assert at_hour(at, 2, 9)
        assert len(at.mailer.taken) == 1


def test_a_digest_that_could_not_be_sent_gives_way_to_the_next(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        at.clock.now = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
        queue_digest(at.shells)
        at.clock.now += timedelta(days=1)
        queue_digest(at.shells)
        assert [e.state.value for e in at.shells.store.outbox()] == ["superseded", "ready"]


def test_a_mailbox_that_never_answered_leaves_no_last_good_poll(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        assert health(at.shells).last_good_poll is None
        at.run()
        assert health(at.shells).last_good_poll == at.clock.now
        assert (health(at.shells).on_server, health(at.shells).recorded) == (0, 0)


def test_a_pause_of_sending_is_a_problem_in_it(tmp_path: Path) -> None:
    with office(tmp_path) as at:
        with at.shells.store.begin() as unit:
            unit.pause_sending(at.clock.now, at.clock.now + timedelta(hours=1), "quota")
        assert [code for code, _ in make_digest(at.shells, 1).health.problems] == ["sending.paused"]
