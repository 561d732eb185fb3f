"""Looking at the outbox."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import ColumnElement
from sqlmodel import col, exists, func, or_, select

from mailintake.model.letter import LetterKind, OutboxEntry, OutboxState
from mailintake.store.port import LetterWhere
from mailintake.store.reads import Reads
from mailintake.store.rows import outbox_entry
from mailintake.store.tables import OutboxTable, RecipientTable
from mailintake.store.types import key_text

_NEVER_SEEN = (OutboxState.SUPERSEDED, OutboxState.REJECTED)
_REACHED = frozenset(OutboxState) - frozenset(_NEVER_SEEN)


class LetterReads(Reads):
    """Letters."""

    def outbox(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> tuple[OutboxEntry, ...]:
        """All of them, in the order they were queued."""
        asked = select(OutboxTable).where(*_conditions(states, where)).order_by(col(OutboxTable.id))
        with self._session() as session:
            return tuple(outbox_entry(row) for row in session.exec(asked))

    def count_letters(self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]) -> int:
        """How many `outbox` would give."""
        asked = select(func.count()).select_from(OutboxTable).where(*_conditions(states, where))
        with self._session() as session:
            return session.exec(asked).one()

    def letters_by_kind(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> dict[LetterKind, int]:
        """The same, one number for each kind that there is."""
        asked = select(OutboxTable.letter, func.count()).where(*_conditions(states, where))
        with self._session() as session:
            return {LetterKind(kind): count for kind, count in session.exec(asked.group_by(OutboxTable.letter))}

    def sent_times(self, since: datetime) -> tuple[datetime, ...]:
        """When each letter since then went out, in order."""
        asked = select(OutboxTable.sent_at).where(OutboxTable.state == OutboxState.SENT.value)
        with self._session() as session:
            times = session.exec(asked.where(col(OutboxTable.sent_at) > since).order_by(col(OutboxTable.sent_at)))
            return tuple(at for at in times if at is not None)

    def outbox_entry(self, id_: int) -> OutboxEntry | None:
        """One letter."""
        with self._session() as session:
            row = session.get(OutboxTable, id_)
            return None if row is None else outbox_entry(row)

    def letter(self, message_id: str) -> OutboxEntry | None:
        """By its Message-ID."""
        with self._session() as session:
            row = session.exec(select(OutboxTable).where(OutboxTable.message_id == message_id)).first()
            return None if row is None else outbox_entry(row)

    def letters_to(self, addr: str, since: datetime) -> int:
        """Letters queued to that address since then, without those that were superseded or rejected."""
        return self.count_letters(tuple(_REACHED), reaching=(addr,), queued_since=since)


def _reaching(addresses: Iterable[str]) -> ColumnElement[bool]:
    ours = col(RecipientTable.entry) == col(OutboxTable.id)
    return exists().where(ours & col(RecipientTable.addr).in_([key_text(addr.lower()) for addr in addresses]))


def _due(now: datetime) -> ColumnElement[bool]:
    may_be_tried = or_(col(OutboxTable.next_try_at).is_(None), col(OutboxTable.next_try_at) <= now)
    return (col(OutboxTable.send_after) <= now) & may_be_tried


_MEANINGS: dict[str, Callable[[Any], ColumnElement[bool]]] = {  # the keys of LetterWhere
    "kinds": lambda kinds: col(OutboxTable.letter).in_([kind.value for kind in kinds]),
    "cases": lambda numbers: col(OutboxTable.case_number).in_(list(numbers)),
    "reaching": _reaching,
    "in_answer_to": lambda sha256: col(OutboxTable.in_answer_to) == sha256,
    "after": lambda number: col(OutboxTable.id) > number,
    "queued_since": lambda moment: col(OutboxTable.queued_at) >= moment,
    "sent_since": lambda moment: col(OutboxTable.sent_at) >= moment,
    "due": _due,
    "copy_wanted": lambda wanted: col(OutboxTable.copy_wanted).is_(wanted),
    "untried": (col(OutboxTable.attempts) == 0).is_,
}


def _conditions(states: Sequence[OutboxState] | None, where: LetterWhere) -> list[ColumnElement[bool]]:
    made = [_MEANINGS[name](meant) for name, meant in where.items()]
    if states is not None:
        made.append(col(OutboxTable.state).in_([state.value for state in states]))
    return made
