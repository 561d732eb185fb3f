"""What a unit does with letters."""

from datetime import datetime
from typing import Any, Unpack

from sqlmodel import col, update

from mailintake.model.letter import OUTBOX_TRANSITIONS, SENDABLE_AGAIN, STARTS, UNSENT, Letter, OutboxState
from mailintake.store.part import Part, touch
from mailintake.store.port import LetterNote
from mailintake.store.tables import OUTBOX, OutboxTable, RecipientTable
from mailintake.store.types import key_text

_UNSENT = [state.value for state in UNSENT]


class LetterWrites(Part):
    """The outbox."""

    def queue_letter(self, letter: Letter, state: OutboxState, now: datetime, send_after: datetime) -> int:
        """Bytes first, then the row; a rolled back unit leaves a file that nothing names, which harms nobody."""
        if state not in STARTS:
            raise ValueError(f"a letter cannot begin as {state.value}")
        row = OutboxTable(
            letter=letter.kind.value,
            state=state.value,
            mode=letter.mode.value,
            recipients=list(letter.to),
            copies=list(letter.cc),
            subject=letter.subject,
            message_id=letter.message_id,
            sha256=self._files.put_bytes(letter.raw),
            case_number=letter.case,
            in_answer_to=letter.in_answer_to,
            queued_at=now,
            send_after=send_after,
            rendered_for=letter.rendered_for,
            words=letter.words,
            restored=state is OutboxState.IN_DOUBT,
        )
        with self._session() as session:
            session.add(row)
            session.flush()
            assert row.id is not None  # noqa: S101 - the database gave it
            number = row.id
            touch(self._connection, OUTBOX, [{"id": number}])
        with self._session() as session:
            for addr in {key_text(addr.lower()) for addr in (*letter.to, *letter.cc)}:
                session.add(RecipientTable(entry=number, addr=addr, queued_at=now))
        return number

    def replace_letter(self, entry_id: int, letter: Letter) -> None:
        """ValueError when it was tried already or the Message-ID is another: a sent letter never changes."""
        sha256 = self._files.put_bytes(letter.raw)
        with self._session() as session:
            row = session.get(OutboxTable, entry_id)
            if row is None or row.attempts or row.message_id != letter.message_id or row.state not in _UNSENT:
                raise ValueError(f"letter {entry_id} cannot be replaced: it was tried, or has another Message-ID")
            if row.sha256 != sha256:
                row.before_sha256 = row.sha256
            row.sha256, row.subject, row.rendered_for = sha256, letter.subject, letter.rendered_for
            row.words = letter.words

    def move(
        self, entry_id: int, before: OutboxState, after: OutboxState, now: datetime, **note: Unpack[LetterNote]
    ) -> bool:
        """ValueError for a step that the table lacks. What the step itself says is written with it: a try is counted
        before a byte goes out, the moment it went is kept, and a person's word lets the two days begin anew."""
        if after not in OUTBOX_TRANSITIONS[before]:
            raise ValueError(f"a letter cannot go from {before.value} to {after.value}")
        values: dict[str, Any] = {"state": after.value, "next_try_at": None, **note}
        if after is OutboxState.SENDING:
            values["attempts"] = OUTBOX.c.attempts + 1
        elif after is OutboxState.SENT:
            values["sent_at"] = now
        elif before in SENDABLE_AGAIN:
            values["first_tried_at"] = None
        asked = update(OutboxTable).where(col(OutboxTable.id) == entry_id, col(OutboxTable.state) == before.value)
        with self._session() as session:
            moved = session.exec(asked.values(values).execution_options(synchronize_session=False)).rowcount == 1
        if moved:
            touch(self._connection, OUTBOX, [{"id": entry_id}])
        return moved

    def note_letter(self, entry_id: int, **note: Unpack[LetterNote]) -> None:
        """Without a change of its state. LookupError when there is no such letter."""
        with self._session() as session:
            row = session.get(OutboxTable, entry_id)
            if row is None:
                raise LookupError(f"no letter {entry_id}")
            for name, value in note.items():
                setattr(row, name, value)
