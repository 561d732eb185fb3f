"""Looking at the outbox."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import ColumnElement, exists, func, or_, select

from mailintake.model.letter import LetterKind, OutboxEntry, OutboxState
from mailintake.store.port import LetterWhere
from mailintake.store.reads import Reads
from mailintake.store.rows import outbox_entry
from mailintake.store.tables import OUTBOX, RECIPIENTS
from mailintake.store.types import key_text

_NEVER_SEEN = (OutboxState.SUPERSEDED, OutboxState.REJECTED)
_REACHED = frozenset(OutboxState) - frozenset(_NEVER_SEEN)


class LetterReads(Reads):
    """Letters."""

    def outbox(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> tuple[OutboxEntry, ...]:
        """All of them, in the order they were queued."""
        asked = select(OUTBOX).where(*_conditions(states, where)).order_by(OUTBOX.c.id)
        return tuple(outbox_entry(row) for row in self._rows(asked))

    def count_letters(self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]) -> int:
        """How many `outbox` would give."""
        asked = select(func.count()).select_from(OUTBOX).where(*_conditions(states, where))
        return self._count(asked)

    def letters_by_kind(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> dict[LetterKind, int]:
        """The same, one number for each kind that there is."""
        asked = select(OUTBOX.c.letter, func.count().label("count")).where(*_conditions(states, where))
        return {LetterKind(row["letter"]): row["count"] for row in self._rows(asked.group_by(OUTBOX.c.letter))}

    def sent_times(self, since: datetime) -> tuple[datetime, ...]:
        """When each letter since then went out, in order."""
        asked = select(OUTBOX.c.sent_at).where(OUTBOX.c.state == OutboxState.SENT.value, OUTBOX.c.sent_at > since)
        return tuple(row["sent_at"] for row in self._rows(asked.order_by(OUTBOX.c.sent_at)))

    def outbox_entry(self, id_: int) -> OutboxEntry | None:
        """One letter."""
        row = self._row(select(OUTBOX).where(OUTBOX.c.id == id_))
        return None if row is None else outbox_entry(row)

    def letter(self, message_id: str) -> OutboxEntry | None:
        """By its Message-ID."""
        row = self._row(select(OUTBOX).where(OUTBOX.c.message_id == message_id))
        return None if row is None else outbox_entry(row)

    def letters_to(self, addr: str, since: datetime) -> int:
        """Letters queued to that address since then, without those that were superseded or rejected."""
        return self.count_letters(tuple(_REACHED), reaching=(addr,), queued_since=since)


def _reaching(addresses: Iterable[str]) -> ColumnElement[bool]:
    ours = RECIPIENTS.c.entry == OUTBOX.c.id
    return exists().where(ours & RECIPIENTS.c.addr.in_([key_text(addr.lower()) for addr in addresses]))


def _due(now: datetime) -> ColumnElement[bool]:
    may_be_tried = or_(OUTBOX.c.next_try_at.is_(None), OUTBOX.c.next_try_at <= now)
    return (OUTBOX.c.send_after <= now) & may_be_tried


_MEANINGS: dict[str, Callable[[Any], ColumnElement[bool]]] = {  # the keys of LetterWhere
    "kinds": lambda kinds: OUTBOX.c.letter.in_([kind.value for kind in kinds]),
    "cases": lambda numbers: OUTBOX.c.case_number.in_(list(numbers)),
    "reaching": _reaching,
    "in_answer_to": lambda sha256: OUTBOX.c.in_answer_to == sha256,
    "after": lambda number: OUTBOX.c.id > number,
    "queued_since": lambda moment: OUTBOX.c.queued_at >= moment,
    "sent_since": lambda moment: OUTBOX.c.sent_at >= moment,
    "due": _due,
    "copy_wanted": OUTBOX.c.copy_wanted.is_,
    "untried": (OUTBOX.c.attempts == 0).is_,
}


def _conditions(states: Sequence[OutboxState] | None, where: LetterWhere) -> list[ColumnElement[bool]]:
    made = [_MEANINGS[name](meant) for name, meant in where.items()]
    if states is not None:
        made.append(OUTBOX.c.state.in_([state.value for state in states]))
    return made
