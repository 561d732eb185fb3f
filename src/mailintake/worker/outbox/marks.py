"""What a try did to a letter, written down: failed, later, in doubt, broken."""

from datetime import timedelta

from mailintake.errors import MailerUnavailable
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.understanding import StaffNotice
from mailintake.worker.outbox.table import moved
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
        if moved(unit, entry, OutboxState.FAILED, now, last_answer=answer):
            unit.add_notice(StaffNotice("letter.failed", answer, entry.case, entry.in_answer_to), now)
    return OutboxState.FAILED


def in_doubt(shells: Shells, entry: OutboxEntry, why: str) -> OutboxState:
    """It may have arrived; looked into after a while."""
    now = shells.clock()
    with shells.store.begin() as unit:
        moved(unit, entry, OutboxState.IN_DOUBT, now, last_answer=why, next_try_at=now + _DOUBT_WAIT)
    return OutboxState.IN_DOUBT


def later(shells: Shells, entry: OutboxEntry, absent: MailerUnavailable) -> OutboxState:
    """Again after 5, 10, 20 … minutes up to 4 hours, or when the server says; given up 48 hours after the first try."""
    now = shells.clock()
    if entry.first_tried_at is not None and now - entry.first_tried_at > _GIVE_UP:
        return failed(shells, entry, str(absent))
    wait = min(_FIRST_WAIT * 2 ** min(entry.attempts - 1, 10), _LONGEST_WAIT)
    wait = max(wait, timedelta(seconds=absent.retry_after_seconds))
    with shells.store.begin() as unit:
        moved(unit, entry, OutboxState.READY, now, last_answer=str(absent), next_try_at=now + wait)
    return OutboxState.READY


def broken(shells: Shells, entry: OutboxEntry, why: str) -> None:
    """It cannot be written as it must be today: left ready, tried again when somebody may have mended the template."""
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.note_letter(entry.id, last_answer=why, next_try_at=now + _REPAIR_WAIT)
        log_event(unit, now, "letter.broken", case=entry.case, letter=entry.letter.value)
        unit.add_notice_once(StaffNotice("letter.failed", why, entry.case, entry.in_answer_to), now)


def partly_refused(shells: Shells, entry: OutboxEntry, refused: tuple[tuple[str, str], ...]) -> None:
    """Some got it, some did not."""
    now = shells.clock()
    with shells.store.begin() as unit:
        for address, answer in refused:
            text = f"{address}: {answer}"
            unit.add_notice(StaffNotice("letter.partly_refused", text, entry.case, entry.in_answer_to), now)
