"""What a person decides about a letter that waits: it goes out, or it does not."""

from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells


def let_go(shells: Shells, entry: OutboxEntry, by: str) -> bool:
    """With the next pass, waiting or failed or held back before; False: the letter has moved since it was looked at."""
    return _decided(shells, entry, OutboxState.READY, by)


def keep_back(shells: Shells, entry: OutboxEntry, by: str) -> bool:
    """For good, unless somebody lets it go after all; False as above."""
    return _decided(shells, entry, OutboxState.REJECTED, by)


def _decided(shells: Shells, entry: OutboxEntry, to: OutboxState, by: str) -> bool:
    now = shells.clock()
    with shells.store.begin() as unit:
        return moved(unit, entry, to, now, f"staff:{by}", last_answer=f"{to.value} by {by}")
