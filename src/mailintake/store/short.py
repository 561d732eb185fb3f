"""Mails of which less is held than the server told when they were fetched; the log remembers what it told."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from mailintake.model.sizes import came_short
from mailintake.store.tables import EVENTS, MESSAGES, REFS

_RECEIVED = "message.received"


def short_mails(connection: Connection) -> Iterator[str]:
    """One line for each. What was fetched again since is known by other bytes, and its place names those."""
    placed = select(MESSAGES.c.id, MESSAGES.c.sha256, MESSAGES.c.size).join(REFS, REFS.c.message == MESSAGES.c.id)
    held = {row.sha256: (row.id, row.size) for row in connection.execute(placed)}
    asked = select(EVENTS.c.message, EVENTS.c.data).where(EVENTS.c.what == _RECEIVED)
    for sha256, data in connection.execute(asked, execution_options={"yield_per": 500}):
        number, size = held.get(sha256, (0, 0))
        announced = int(dict(data).get("size", "0"))
        if number and came_short(size, announced):
            yield f"mail {number} came short: {size} of {announced} bytes"
