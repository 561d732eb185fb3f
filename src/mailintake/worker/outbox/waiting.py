"""Letters that wait for a clerk."""

from mailintake.model.letter import OutboxState
from mailintake.worker.offices import for_entry
from mailintake.worker.shells import Shells


def freshen_waiting(shells: Shells) -> int:
    """Brought up to today, so that what is looked at is what can be approved; gives how many changed."""
    waiting = shells.store.outbox((OutboxState.WAITING,), untried=True)
    if not waiting:
        return 0
    from mailintake.worker.outbox.freshening import freshened_safely  # where none waits, nothing is written

    return sum(freshened_safely(for_entry(shells, entry), entry) for entry in waiting)
