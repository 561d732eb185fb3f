"""What only one worker may do at a time, and what happens to the work of one that was too slow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.stored import LATER, NOW, Place, a_decision, a_message, add

from mailintake.errors import AlreadyRunning, StoreBusy
from mailintake.store.lock import instance_lock
from mailintake.store.port import Unit

MINUTE = timedelta(minutes=1)


def test_one_worker_has_a_task_until_its_time_is_over(place: Place) -> None:
    first, second = place.open(), place.open()
    assert first.take_lease("sending", NOW, 5 * MINUTE)
    assert first.take_lease("mailbox:main", NOW, 5 * MINUTE)
    assert second.take_lease("sending", NOW + MINUTE, 5 * MINUTE) is place.is_sqlite  # there the first must be dead
    if not place.is_sqlite:
        assert first.take_lease("sending", NOW + 4 * MINUTE, 5 * MINUTE)  # renewed
        assert not second.take_lease("sending", NOW + 6 * MINUTE)
        assert second.take_lease("sending", NOW + 10 * MINUTE)
        assert not first.take_lease("sending", NOW + 11 * MINUTE)
    first.close()
    second.close()


def test_a_lease_survives_its_holder_and_then_ends(place: Place) -> None:
    killed = place.open()
    assert killed.take_lease("sending", NOW, 5 * MINUTE)
    killed.close()
    other = place.open()
    assert other.take_lease("sending", NOW + 4 * MINUTE) is place.is_sqlite
    assert other.take_lease("sending", NOW + 5 * MINUTE)
    other.close()


def test_a_lease_that_is_given_back_is_free_at_once(place: Place) -> None:
    first, second = place.open(), place.open()
    with first.leased("clock", NOW) as mine:
        assert mine
        first.drop_lease("sending")  # never had: nothing happens
    with second.leased("clock", NOW + MINUTE) as mine:
        assert mine
        first.drop_lease("clock")  # somebody else's by now
        assert first.take_lease("clock", NOW + MINUTE) is place.is_sqlite
    first.close()
    second.close()


def test_a_lease_from_a_clock_that_ran_ahead_binds_nobody(place: Place) -> None:
    fast, right = place.open(), place.open()
    assert fast.take_lease("sending", NOW + 24 * 60 * MINUTE)
    assert right.take_lease("sending", NOW)
    fast.close()
    right.close()


def test_the_work_of_a_worker_that_was_too_slow_counts_for_nothing(place: Place) -> None:
    if place.is_sqlite:
        return  # only one instance works on SQLite: there is nobody to be slower than
    slow, quick = place.open(), place.open()
    sha256 = add(slow, 1)
    row = slow.claim_next(NOW)
    assert row is not None
    taken = quick.claim_next(LATER)
    assert taken is not None
    ends: tuple[Callable[[Unit], None], ...] = (
        lambda unit: unit.finish_message(row.id, a_message(sha256), a_decision(sha256), LATER),
        lambda unit: unit.retry_message(row.id, LATER, "slow"),
        lambda unit: unit.quarantine_message(row.id, "slow", LATER),
    )
    for finish in ends:
        with pytest.raises(StoreBusy), slow.begin() as unit:
            finish(unit)
    with quick.begin() as unit:
        unit.finish_message(row.id, a_message(sha256), a_decision(sha256), LATER)
    with pytest.raises(StoreBusy), slow.begin() as unit:
        unit.finish_message(row.id, a_message(sha256), a_decision(sha256), LATER)
    assert quick.verify() == ()
    slow.close()
    quick.close()


def test_workers_share_the_instance_lock_where_the_database_is_a_servers(place: Place) -> None:
    place.open().close()
    with instance_lock(place.url, shared=True):
        if place.is_sqlite:
            with pytest.raises(AlreadyRunning), instance_lock(place.url, shared=True):
                pass
        else:
            with instance_lock(place.url, shared=True):
                pass
        with pytest.raises(AlreadyRunning), instance_lock(place.url):
            pass
