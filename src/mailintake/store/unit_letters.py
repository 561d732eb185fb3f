"""What a unit does with letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from mailintake.model.letter import Letter, OutboxEntry, OutboxState
from mailintake.store.part import Part, touch
from mailintake.store.port import FileStore
from mailintake.store.rows import outbox_entry
from mailintake.store.tables import OUTBOX, RECIPIENTS

_UNSENT = (OutboxState.WAITING.value, OutboxState.READY.value)


class LetterWrites(Part):
    """The outbox."""

    def __init__(self, connection: Any, files: FileStore, worker: str = "") -> None:
        super().__init__(connection, files, worker)
        self._queued_here: set[int] = set()

    def queue_letter(self, letter: Letter, state: OutboxState, now: datetime, send_after: datetime) -> int:
        """Bytes first, then the row; a rolled back unit leaves a file that nothing names, which harms nobody."""
        row = {
            "letter": letter.kind.value,
            "state": state.value,
            "mode": letter.mode.value,
            "recipients": list(letter.to),
            "copies": list(letter.cc),
            "subject": letter.subject,
            "message_id": letter.message_id,
            "sha256": self._files.put_bytes(letter.raw),
            "case_number": letter.case,
            "in_answer_to": letter.in_answer_to,
            "queued_at": now,
            "send_after": send_after,
            "attempts": 0,
            "last_answer": "",
            "rendered_for": letter.rendered_for,
        }
        number: int = self._connection.execute(insert(OUTBOX).returning(OUTBOX.c.id), row).scalar_one()
        addresses = sorted({addr.lower() for addr in (*letter.to, *letter.cc)})
        if addresses:
            rows = [{"entry": number, "addr": addr, "queued_at": now} for addr in addresses]
            self._connection.execute(insert(RECIPIENTS), rows)
            touch(self._connection, RECIPIENTS, rows)
        touch(self._connection, OUTBOX, [{"id": number}])
        self._queued_here.add(number)
        return number

    def replace_letter(self, entry_id: int, letter: Letter) -> None:
        """ValueError when it was tried already or the Message-ID is another: a sent letter never changes."""
        changed = (
            update(OUTBOX)
            .where(OUTBOX.c.id == entry_id, OUTBOX.c.attempts == 0, OUTBOX.c.message_id == letter.message_id)
            .where(OUTBOX.c.state.in_(_UNSENT))
            .values(sha256=self._files.put_bytes(letter.raw), subject=letter.subject, rendered_for=letter.rendered_for)
        )
        if self._connection.execute(changed).rowcount != 1:
            raise ValueError(f"letter {entry_id} cannot be replaced: it was tried, or has another Message-ID")
        touch(self._connection, OUTBOX, [{"id": entry_id}])

    def set_outbox(
        self,
        entry_id: int,
        state: OutboxState,
        now: datetime,
        *,
        answer: str = "",
        next_try_at: datetime | None = None,
        count_attempt: bool = False,
    ) -> None:
        """An empty answer keeps the last one. LookupError when there is no such letter."""
        values: dict[str, Any] = {"state": state.value, "next_try_at": next_try_at}
        if answer:
            values["last_answer"] = answer
        if count_attempt:
            values["attempts"] = OUTBOX.c.attempts + 1
        if state is OutboxState.SENT:
            values["sent_at"] = now
        if self._connection.execute(update(OUTBOX).where(OUTBOX.c.id == entry_id).values(values)).rowcount != 1:
            raise LookupError(f"no letter {entry_id}")
        touch(self._connection, OUTBOX, [{"id": entry_id}])

    def supersede_unsent(self, case: str, to: Sequence[str], now: datetime) -> tuple[OutboxEntry, ...]:
        """Marks them superseded and gives them as they were. A letter that also went to somebody else stays, and so
        do letters of this very unit: they belong to the same answer."""
        reached = {addr.lower() for addr in to}
        asked = (
            select(OUTBOX)
            .where(OUTBOX.c.case_number == case, OUTBOX.c.state.in_(_UNSENT), OUTBOX.c.attempts == 0)
            .order_by(OUTBOX.c.id)
        )
        unsent = [outbox_entry(row) for row in self._connection.execute(asked).mappings()]
        found = tuple(
            entry
            for entry in unsent
            if {addr.lower() for addr in entry.to} <= reached and entry.id not in self._queued_here
        )
        for entry in found:
            self.set_outbox(entry.id, OutboxState.SUPERSEDED, now)
        return found
