"""The provider's limits hold for every history of sending."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailintake.mailer.limits import next_slot

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def ago(**length: float) -> datetime:
    return NOON - timedelta(**length)


def test_the_first_letter_goes_out_at_once() -> None:
    assert next_slot([], NOON, 40, 20, 80) == NOON


def test_the_gap_is_kept_from_the_last_letter() -> None:
    assert next_slot([ago(seconds=5)], NOON, 40, 20, 80) == NOON + timedelta(seconds=15)


def test_a_full_hour_waits_for_the_oldest_letter_in_it_to_fall_out() -> None:
    times = [ago(minutes=50), ago(minutes=30), ago(minutes=10)]
    assert next_slot(times, NOON, 3, 0, 80) == NOON + timedelta(minutes=10)


def test_a_full_day_waits_longer_than_a_full_hour() -> None:
    times = [ago(hours=20), ago(hours=3)]
    assert next_slot(times, NOON, 40, 0, 2) == NOON + timedelta(hours=4)


def test_zero_means_no_limit_and_times_need_no_order() -> None:
    times = [ago(minutes=m) for m in (1, 30, 2, 5)]
    assert next_slot(times, NOON, 0, 0, 0) == NOON
    assert next_slot(times, NOON, 4, 0, 0) == NOON + timedelta(minutes=30)


def test_letters_from_the_future_after_a_clock_change_block_for_two_windows_at_most() -> None:
    assert next_slot([NOON + timedelta(days=300)] * 5, NOON, 3, 20, 80) == NOON
    ahead = [NOON + timedelta(minutes=30)] * 5
    assert next_slot(ahead, NOON, 3, 20, 80) == NOON + timedelta(hours=1)
    assert next_slot(ahead, NOON + timedelta(minutes=90), 3, 20, 80) == NOON + timedelta(minutes=90)


@given(
    history=st.lists(st.integers(0, 2 * 86400), max_size=60),
    per_hour=st.integers(1, 6),
    gap=st.integers(0, 900),
    per_day=st.integers(1, 12),
)
def test_the_slot_breaks_no_limit(history: list[int], per_hour: int, gap: int, per_day: int) -> None:
    times = [NOON - timedelta(seconds=s) for s in history]
    slot = next_slot(times, NOON, per_hour, gap, per_day)
    assert slot >= NOON
    assert all((slot - t).total_seconds() >= gap for t in times)
    assert sum(slot - t < timedelta(hours=1) for t in times) < per_hour
    assert sum(slot - t < timedelta(days=1) for t in times) < per_day
