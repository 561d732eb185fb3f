"""Looking at the outbox."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.store.reads import Reads
from mailintake.store.rows import outbox_entry
from mailintake.store.tables import OUTBOX, RECIPIENTS

_PENDING = frozenset({OutboxState.WAITING, OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT})
_NEVER_SEEN = (OutboxState.SUPERSEDED.value, OutboxState.REJECTED.value)


class LetterReads(Reads):
    """Letters."""

    def outbox(self, states: Sequence[OutboxState] | None = None, limit: int = 500) -> tuple[OutboxEntry, ...]:
        """In the order they were queued. Beyond `limit`, the oldest are given when only pending states are asked for
        (nothing waits for ever), else the newest."""
        asked = select(OUTBOX)
        if states is not None:
            asked = asked.where(OUTBOX.c.state.in_([state.value for state in states]))
        oldest = states is not None and _PENDING.issuperset(states)
        asked = asked.order_by(OUTBOX.c.id if oldest else OUTBOX.c.id.desc()).limit(limit)
        entries = tuple(outbox_entry(row) for row in self._rows(asked))
        return entries if oldest else entries[::-1]

    def outbox_entry(self, id_: int) -> OutboxEntry | None:
        """One letter."""
        row = self._row(select(OUTBOX).where(OUTBOX.c.id == id_))
        return None if row is None else outbox_entry(row)

    def letters_to(self, addr: str, since: datetime) -> int:
        """Letters queued to that address since then, without those that were superseded or rejected."""
        asked = (
            select(func.count().label("letters"))
            .select_from(RECIPIENTS.join(OUTBOX))
            .where(RECIPIENTS.c.addr == addr.lower(), RECIPIENTS.c.queued_at >= since)
            .where(OUTBOX.c.state.not_in(_NEVER_SEEN))
        )
        row = self._row(asked)
        return 0 if row is None else int(row["letters"])
