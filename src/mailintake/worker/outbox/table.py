"""One step of a letter along model.letter.OUTBOX_TRANSITIONS, with its line in the log. No other way is."""

from datetime import datetime
from typing import Unpack

from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.store.port import LetterNote, Unit
from mailintake.worker.shells import MACHINE, log_event


def moved(
    unit: Unit, entry: OutboxEntry, to: OutboxState, now: datetime, actor: str = MACHINE, **note: Unpack[LetterNote]
) -> bool:
    """False: somebody was faster, the letter is not in the state in which `entry` saw it, and nothing was written."""
    if not unit.move(entry.id, entry.state, to, now, **note):
        return False
    log_event(unit, now, f"letter.{to.value}", case=entry.case, actor=actor, letter=entry.letter.value)
    return True
