"""What a unit does with letters."""

from datetime import datetime
from functools import cache
from typing import Any, Unpack

from sqlalchemy import bindparam, select, update

from mailintake.model.letter import OUTBOX_TRANSITIONS, SENDABLE_AGAIN, STARTS, UNSENT, Letter, OutboxState
from mailintake.store.part import Part, add_rows, change_rows, new_row, whole, written
from mailintake.store.port import LetterNote
from mailintake.store.quick import Quick
from mailintake.store.tables import OUTBOX, RECIPIENTS
from mailintake.store.types import key_text

_LETTER = Quick(select(OUTBOX).where(OUTBOX.c.id == bindparam("number")))
_UNSENT = [state.value for state in UNSENT]
_BLANK = {
    **dict.fromkeys(("last_answer", "approved_by", "approved_sha256", "before_sha256"), ""),
    **dict.fromkeys(("next_try_at", "sent_at", "first_tried_at", "asked_since", "resent_at"), None),
    "attempts": 0,
    "copy_wanted": False,
}


class LetterWrites(Part):
    """The outbox."""

    def queue_letter(self, letter: Letter, state: OutboxState, now: datetime, send_after: datetime) -> int:
        """Bytes first, then the row; a rolled back unit leaves a file that nothing names, which harms nobody."""
        if state not in STARTS:
            raise ValueError(f"a letter cannot begin as {state.value}")
        row = {
            **_BLANK,
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
            "rendered_for": letter.rendered_for,
            "words": letter.words,
            "restored": state is OutboxState.IN_DOUBT,
        }
        number: int = new_row(self._connection, OUTBOX, row)["id"]
        addresses = sorted({key_text(addr.lower()) for addr in (*letter.to, *letter.cc)})
        add_rows(
            self._connection, RECIPIENTS, [{"entry": number, "addr": addr, "queued_at": now} for addr in addresses]
        )
        return number

    def replace_letter(self, entry_id: int, letter: Letter) -> None:
        """ValueError when it was tried already or the Message-ID is another: a sent letter never changes."""
        sha256 = self._files.put_bytes(letter.raw)
        row = _LETTER.row(self._connection, number=entry_id)
        if row is None or row["attempts"] or row["message_id"] != letter.message_id or row["state"] not in _UNSENT:
            raise ValueError(f"letter {entry_id} cannot be replaced: it was tried, or has another Message-ID")
        to = {
            "sha256": sha256,
            "subject": letter.subject,
            "rendered_for": letter.rendered_for,
            "words": letter.words,
            "before_sha256": row["before_sha256"] if row["sha256"] == sha256 else row["sha256"],
        }
        change_rows(self._connection, OUTBOX, {"id": entry_id}, to)

    def move(
        self, entry_id: int, before: OutboxState, after: OutboxState, now: datetime, **note: Unpack[LetterNote]
    ) -> bool:
        """ValueError for a step that the table lacks. What the step itself says is written with it: a try is counted
        before a byte goes out, the moment it went is kept, and a person's word lets the two days begin anew."""
        if after not in OUTBOX_TRANSITIONS[before]:
            raise ValueError(f"a letter cannot go from {before.value} to {after.value}")
        values: dict[str, Any] = {"state": after.value, "next_try_at": None, **note}
        if after is OutboxState.SENT:
            values["sent_at"] = now
        elif after is not OutboxState.SENDING and before in SENDABLE_AGAIN:
            values["first_tried_at"] = None
        moving = _moving(tuple(values), is_try=after is OutboxState.SENDING)
        told = {"of_id": entry_id, "of_state": before.value} | {f"to_{name}": new for name, new in values.items()}
        moved = moving.rows(self._connection, **told)
        written(self._connection, OUTBOX, moved)
        return bool(moved)

    def note_letter(self, entry_id: int, **note: Unpack[LetterNote]) -> None:
        """Without a change of its state. LookupError when there is no such letter."""
        if not change_rows(self._connection, OUTBOX, {"id": entry_id}, note):
            raise LookupError(f"no letter {entry_id}")


@cache
def _moving(names: tuple[str, ...], *, is_try: bool) -> Quick:
    """`to_` the new values, for the letter `of_id` where it is `of_state`."""
    values: dict[str, Any] = {name: bindparam(f"to_{name}", type_=OUTBOX.c[name].type) for name in names}
    if is_try:
        values["attempts"] = OUTBOX.c.attempts + 1
    seen = (OUTBOX.c.id == bindparam("of_id"), OUTBOX.c.state == bindparam("of_state"))
    return Quick(update(OUTBOX).where(*seen).values(values).returning(*whole(OUTBOX)))
