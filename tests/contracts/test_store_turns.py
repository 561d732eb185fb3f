"""What only one worker may do at a time, and what happens to the work of one that was cut off."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from tests.support.stored import LATER, NOW, Place, a_decision, a_message, add

from mailintake.errors import AlreadyRunning, StoreBusy
from mailintake.store.lock import instance_lock
from mailintake.store.open import SqlStore
from mailintake.store.port import Unit


def cut_off(store: SqlStore) -> None:
    """What a network that fails does: the server no longer hears of that worker. On SQLite nobody can be cut off."""
    if store._line is not None:
        number = store._line.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store._engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})


def test_a_turn_is_one_workers_for_as_long_as_he_lives(place: Place) -> None:
    first, second = place.open(), place.open()
    assert first.take_turn("sending")
    assert first.take_turn("mailbox:main")
    assert second.take_turn("sending") is place.is_sqlite  # there the first must be dead
    assert first.take_turn("sending")
    assert second.take_turn("mailbox:other")
    first.close()
    assert second.take_turn("sending")
    assert second.take_turn("mailbox:main")
    second.close()


def test_turns_that_are_given_back_are_free_at_once(place: Place) -> None:
    first, second = place.open(), place.open()
    first.drop_turns()  # never had one: nothing happens
    assert first.take_turn("clock")
    assert first.take_turn("sending")
    first.drop_turns()
    assert second.take_turn("clock")
    first.drop_turns()  # somebody else's by now
    assert first.take_turn("clock") is place.is_sqlite
    assert first.take_turn("sending")
    first.close()
    second.close()


def test_who_works_on_the_database_is_counted(place: Place) -> None:
    first, second, asking = place.open(), place.open(), place.open()
    assert asking.workers() == (None if place.is_sqlite else 0)
    first.take_turn("clock")
    second.claim_next(NOW)
    assert asking.workers() == (None if place.is_sqlite else 2)
    first.close()
    assert asking.workers() == (None if place.is_sqlite else 1)
    second.close()
    asking.close()


def test_a_worker_that_was_cut_off_has_lost_every_turn_and_finds_it(place: Place) -> None:
    if place.is_sqlite:
        return  # only one instance works on SQLite: there is nobody to lose a turn to
    lost, other = place.open(), place.open()
    assert lost.take_turn("sending")
    assert lost.take_turn("clock")
    cut_off(lost)
    assert other.take_turn("sending")
    assert not lost.take_turn("sending")
    assert lost.take_turn("clock")  # nobody else wanted it meanwhile
    assert not other.take_turn("clock")
    lost.close()
    other.close()


def test_the_work_of_a_worker_that_was_cut_off_counts_for_nothing(place: Place) -> None:
    if place.is_sqlite:
        return  # only one instance works on SQLite: there is nobody to be slower than
    slow, quick = place.open(), place.open()
    sha256 = add(slow, 1)
    row = slow.claim_next(NOW)
    assert row is not None
    assert quick.claim_next(LATER) is None  # however long it takes
    assert not quick.mail_waits(LATER)
    cut_off(slow)
    assert quick.mail_waits(LATER)
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
