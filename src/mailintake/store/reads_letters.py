"""Looking at the outbox."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any, Unpack, assert_never

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, false, func, or_, select

from mailintake.model.letter import LetterKind, OutboxEntry, OutboxState
from mailintake.store.port import LetterWhere
from mailintake.store.quick import Quick, Row, filled, keys_of, numbered
from mailintake.store.reads import Reads
from mailintake.store.rows import outbox_entry
from mailintake.store.tables import OUTBOX, RECIPIENTS
from mailintake.store.types import key_text

_NEVER_SEEN = (OutboxState.SUPERSEDED, OutboxState.REJECTED)
_REACHED = tuple(state for state in OutboxState if state not in _NEVER_SEEN)
_SENT = Quick(
    select(OUTBOX.c.sent_at)
    .where(OUTBOX.c.state == OutboxState.SENT.value, OUTBOX.c.sent_at > bindparam("since"))
    .order_by(OUTBOX.c.sent_at)
)
_ENTRY = Quick(select(OUTBOX).where(OUTBOX.c.id == bindparam("of_id")))


class LetterReads(Reads):
    """Letters."""

    def outbox(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> tuple[OutboxEntry, ...]:
        """All of them, in the order they were queued."""
        return tuple(outbox_entry(row) for row in self._asked(_Wanted.ROWS, states, where))

    def count_letters(self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]) -> int:
        """How many `outbox` would give."""
        return int(self._asked(_Wanted.COUNT, states, where)[0]["count"])

    def letters_by_kind(
        self, states: Sequence[OutboxState] | None = None, **where: Unpack[LetterWhere]
    ) -> dict[LetterKind, int]:
        """The same, one number for each kind that there is."""
        return {LetterKind(row["letter"]): row["count"] for row in self._asked(_Wanted.KINDS, states, where)}

    def sent_times(self, since: datetime) -> tuple[datetime, ...]:
        """When each letter since then went out, in order."""
        return tuple(row["sent_at"] for row in self._quick(_SENT, since=since))

    def outbox_entry(self, id_: int) -> OutboxEntry | None:
        """One letter."""
        return next((outbox_entry(row) for row in self._quick(_ENTRY, of_id=id_)), None)

    def letter(self, message_id: str) -> OutboxEntry | None:
        """By its Message-ID."""
        row = self._row(select(OUTBOX).where(OUTBOX.c.message_id == message_id))
        return None if row is None else outbox_entry(row)

    def letters_to(self, addr: str, since: datetime) -> int:
        """Letters queued to that address since then, without those that were superseded or rejected."""
        return self.count_letters(_REACHED, reaching=(addr,), queued_since=since)

    def _asked(self, wanted: "_Wanted", states: Sequence[OutboxState] | None, where: LetterWhere) -> list[Row]:
        shape, given = [], dict[str, Any]()
        for name, meant in (*where.items(), *((("states", states),) if states is not None else ())):
            meaning = _MEANINGS[name]
            keys = filled(meaning.values(meant))
            shape.append((name, keys[0] if meaning.column is None else len(keys)))
            given |= {} if meaning.column is None else numbered(keys, name)
        return self._quick(_asking(wanted, tuple(shape)), **given)


class _Wanted(Enum):
    """What is asked about letters: all of them, how many, or how many of each kind."""

    ROWS = auto()
    COUNT = auto()
    KINDS = auto()


Binds = list[BindParameter[Any]]


def _reaching(addresses: Binds) -> ColumnElement[bool]:
    ours = RECIPIENTS.c.entry == OUTBOX.c.id
    return exists().where(ours & RECIPIENTS.c.addr.in_(addresses))


def _due(now: Binds) -> ColumnElement[bool]:
    may_be_tried = or_(OUTBOX.c.next_try_at.is_(None), OUTBOX.c.next_try_at <= now[0])
    return (OUTBOX.c.send_after <= now[0]) & may_be_tried


@dataclass(frozen=True)
class _Meaning:
    """A key of LetterWhere: the condition for its values, of which column's kind they are, and what they are. Without
    a column the value is a word of the statement itself."""

    condition: Callable[[Any], ColumnElement[bool]]
    column: ColumnElement[Any] | None
    values: Callable[[Any], list[Any]]


def _one(meant: Any) -> list[Any]:
    return [meant]


def _words(meant: Iterable[Enum]) -> list[Any]:
    return [one.value for one in meant]


def _addresses(meant: Iterable[str]) -> list[Any]:
    return [key_text(addr.lower()) for addr in meant]


_MEANINGS = {
    "states": _Meaning(OUTBOX.c.state.in_, OUTBOX.c.state, _words),
    "kinds": _Meaning(OUTBOX.c.letter.in_, OUTBOX.c.letter, _words),
    "cases": _Meaning(OUTBOX.c.case_number.in_, OUTBOX.c.case_number, list),
    "reaching": _Meaning(_reaching, RECIPIENTS.c.addr, _addresses),
    "in_answer_to": _Meaning(lambda sha256: OUTBOX.c.in_answer_to == sha256[0], OUTBOX.c.in_answer_to, _one),
    "after": _Meaning(lambda number: OUTBOX.c.id > number[0], OUTBOX.c.id, _one),
    "queued_since": _Meaning(lambda moment: OUTBOX.c.queued_at >= moment[0], OUTBOX.c.queued_at, _one),
    "sent_since": _Meaning(lambda moment: OUTBOX.c.sent_at >= moment[0], OUTBOX.c.sent_at, _one),
    "due": _Meaning(_due, OUTBOX.c.send_after, _one),
    "copy_wanted": _Meaning(OUTBOX.c.copy_wanted.is_, None, _one),
    "untried": _Meaning((OUTBOX.c.attempts == 0).is_, None, _one),
}


@cache
def _asking(wanted: _Wanted, shape: tuple[tuple[str, int], ...]) -> Quick:
    """For each key that is asked for how many values it has, or the value."""
    conditions = []
    for name, size in shape:
        meaning = _MEANINGS[name]
        if meaning.column is None:
            conditions.append(meaning.condition(bool(size)))
        elif not size:
            conditions.append(false())
        else:
            conditions.append(meaning.condition(keys_of(meaning.column, size, name)))
    match wanted:
        case _Wanted.ROWS:
            return Quick(select(OUTBOX).where(*conditions).order_by(OUTBOX.c.id))
        case _Wanted.COUNT:
            return Quick(select(func.count().label("count")).select_from(OUTBOX).where(*conditions))
        case _Wanted.KINDS:
            asked = select(OUTBOX.c.letter, func.count().label("count")).where(*conditions)
            return Quick(asked.group_by(OUTBOX.c.letter))
        case _:
            assert_never(wanted)
