"""What a try did to a letter, written down: failed, later, in doubt, broken."""

from datetime import datetime, timedelta

from mailintake.errors import MailerUnavailable
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.store.port import Unit
from mailintake.worker.notices import notice_once
from mailintake.worker.shells import Shells, log_event

_GIVE_UP = timedelta(hours=48)
_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=4)
_DOUBT_WAIT = timedelta(minutes=10)  # until a provider's own copy surely lies in Sent
_REPAIR_WAIT = timedelta(hours=1)


def failed(shells: Shells, entry: OutboxEntry, answer: str) -> OutboxState:
    """Never again; a person must know."""
    now = shells.clock()
    with shells.store.begin() as unit:
        _mark(unit, entry, OutboxState.FAILED, answer, None, now)
        unit.add_notice(StaffNotice("letter.failed", answer, entry.case, entry.in_answer_to), now)
    return OutboxState.FAILED


def in_doubt(shells: Shells, entry: OutboxEntry, why: str) -> OutboxState:
    """It may have arrived; looked into after a while."""
    now = shells.clock()
    with shells.store.begin() as unit:
        _mark(unit, entry, OutboxState.IN_DOUBT, why, now + _DOUBT_WAIT, now)
    return OutboxState.IN_DOUBT


def later(shells: Shells, entry: OutboxEntry, absent: MailerUnavailable) -> OutboxState:
    """Again after 5, 10, 20 … minutes up to 4 hours, or when the server says; given up 48 hours after the first try."""
    now, key = shells.clock(), f"tried:{entry.id}"
    first = shells.store.value(key)
    if first is not None and now - datetime.fromisoformat(first) > _GIVE_UP:
        return failed(shells, entry, str(absent))
    wait = min(_FIRST_WAIT * 2 ** min(entry.attempts, 10), _LONGEST_WAIT)
    wait = max(wait, timedelta(seconds=absent.retry_after_seconds))
    with shells.store.begin() as unit:
        if first is None:
            unit.set_value(key, now.isoformat())
        _mark(unit, entry, OutboxState.READY, str(absent), now + wait, now)
    return OutboxState.READY


def broken(shells: Shells, entry: OutboxEntry, why: str) -> None:
    """It cannot be written as it must be today: left ready, tried again when somebody may have mended the template."""
    now = shells.clock()
    with shells.store.begin() as unit:
        _mark(unit, entry, OutboxState.READY, why, now + _REPAIR_WAIT, now)
        notice_once(shells, unit, StaffNotice("letter.failed", why, entry.case, entry.in_answer_to), now)


def partly_refused(shells: Shells, entry: OutboxEntry, refused: tuple[tuple[str, str], ...]) -> None:
    """Some got it, some did not."""
    now = shells.clock()
    with shells.store.begin() as unit:
        for address, answer in refused:
            text = f"{address}: {answer}"
            unit.add_notice(StaffNotice("letter.partly_refused", text, entry.case, entry.in_answer_to), now)


def _mark(
    unit: Unit, entry: OutboxEntry, state: OutboxState, answer: str, retry: datetime | None, now: datetime
) -> None:
    unit.set_outbox(entry.id, state, now, answer=answer, next_try_at=retry)
    log_event(unit, now, f"letter.{state.value}", case=entry.case, letter=entry.letter.value)
