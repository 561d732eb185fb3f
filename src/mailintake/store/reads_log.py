"""Looking at notices, events and figures."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, func, or_, select

from mailintake.model.case import Event
from mailintake.model.letter import OutboxState
from mailintake.model.understanding import Disposition, NoticeRow
from mailintake.model.zone import SHANGHAI
from mailintake.store.quick import Quick
from mailintake.store.reads import Reads, parts_of
from mailintake.store.rows import event, notice_row
from mailintake.store.tables import CASES, EVENTS, MESSAGES, NOTICES, OUTBOX
from mailintake.store.types import key_text

UNWRITTEN = (OutboxState.SUPERSEDED.value, OutboxState.REJECTED.value)
_ANY_OPEN = Quick(
    select(NOTICES.c.id).where(NOTICES.c.code == bindparam("code"), NOTICES.c.closed_at.is_(None)).limit(1)
)
_LISTED = ", "  # between the addresses of a line about a letter that came back


class LogReads(Reads):
    """Notices, events, counts."""

    def notices(self, *, open_only: bool = True, code: str = "") -> tuple[NoticeRow, ...]:
        """Oldest first."""
        asked = select(NOTICES).order_by(NOTICES.c.id)
        if open_only:
            asked = asked.where(NOTICES.c.closed_at.is_(None))
        if code:
            asked = asked.where(NOTICES.c.code == code)
        return tuple(notice_row(row) for row in self._rows(asked))

    def count_notices(self) -> int:
        """How many are open."""
        return self._count(select(func.count()).select_from(NOTICES).where(NOTICES.c.closed_at.is_(None)))

    def was_noticed(self, code: str, about: str) -> bool:
        """Was there ever such a line, open or closed?"""
        asked = select(NOTICES.c.id).where(NOTICES.c.code == code, NOTICES.c.about == key_text(about))
        return self._row(asked.limit(1)) is not None

    def is_noticed(self, *, case: str = "", message: str = "") -> bool:
        """Is a line open about that case or about that mail?"""
        columns = ((NOTICES.c.case_number, case), (NOTICES.c.message, message))
        about = [column == of for column, of in columns if of]
        asked = select(NOTICES.c.id).where(NOTICES.c.closed_at.is_(None), or_(false(), *about))
        return self._row(asked.limit(1)) is not None

    def notices_of_letters(self, code: str, cases: Iterable[str], to: Iterable[str]) -> tuple[NoticeRow, ...]:
        """Open lines with that code about letters of one of those cases, or that tell one of those addresses."""
        if not self._quick(_ANY_OPEN, code=code):  # as nearly always
            return ()
        listed = func.lower(_LISTED + NOTICES.c.text + _LISTED)
        told = [listed.contains(f"{_LISTED}{addr.lower()}{_LISTED}", autoescape=True) for addr in to]
        numbers = [number for number in cases if number]
        asked = select(NOTICES).where(NOTICES.c.code == code, NOTICES.c.closed_at.is_(None))
        asked = asked.where(or_(NOTICES.c.case_number.in_(numbers), *told)).order_by(NOTICES.c.id)
        return tuple(notice_row(row) for row in self._rows(asked))

    def events(self, case: str = "") -> tuple[Event, ...]:
        """Of one case, or all of them, oldest first."""
        asked = select(EVENTS).order_by(EVENTS.c.sequence)
        return tuple(event(row) for row in self._rows(asked.where(EVENTS.c.case_number == case) if case else asked))

    def events_about(self, cases: Iterable[str], mails: Iterable[str]) -> tuple[Event, ...]:
        """Of any of those cases or mails, oldest first. The log has no index by mail: it is gone through."""
        found: dict[int, Event] = {}
        for column, keys in ((EVENTS.c.case_number, sorted(set(cases))), (EVENTS.c.message, sorted(set(mails)))):
            for part in parts_of(keys):
                rows = self._rows(select(EVENTS).where(column.in_(part)))
                found |= {row["sequence"]: event(row) for row in rows}
        return tuple(found[number] for number in sorted(found))

    def log_mark(self, line: int = 0) -> str:
        """NUMBER:HASH of that line, or of the last one."""
        asked = select(EVENTS.c.sequence, EVENTS.c.hash).order_by(EVENTS.c.sequence.desc()).limit(1)
        row = self._row(asked.where(EVENTS.c.sequence == line) if line else asked)
        return "" if row is None else f"{row['sequence']}:{row['hash']}"

    def last_event(self, what: str) -> Event | None:
        """The newest of that kind."""
        asked = select(EVENTS).where(EVENTS.c.what == what).order_by(EVENTS.c.sequence.desc()).limit(1)
        return next((event(row) for row in self._rows(asked)), None)

    def count_events(self) -> int:
        """How many lines the log has."""
        return self._count(select(func.count()).select_from(EVENTS))

    def counts(self, since: date, until: date) -> dict[str, dict[str, int]]:
        """Days are those of Asia/Shanghai, both ends included; findings are those of cases that got mail in them."""
        days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        mails = {day.isoformat(): self._mails_of(day) for day in days}
        received = _within(MESSAGES.c.received_at, since, until)
        parked = _by(MESSAGES.c.message_class, received & (MESSAGES.c.disposition == Disposition.PARKED.value))
        written = _within(OUTBOX.c.queued_at, since, until) & OUTBOX.c.state.not_in(UNWRITTEN)
        seen = select(CASES.c.findings).where(_within(CASES.c.last_received_at, since, until))
        return {
            "mails": {day: count for day, count in mails.items() if count},
            "parked": {row["what"]: row["count"] for row in self._rows(parked)},
            "letters": {row["what"]: row["count"] for row in self._rows(_by(OUTBOX.c.letter, written))},
            "findings": Counter(code for row in self._rows(seen) for code in row["findings"]),
        }

    def _mails_of(self, day: date) -> int:
        return self._count(select(func.count()).where(_within(MESSAGES.c.received_at, day, day)))


def _by(what: ColumnElement[str], condition: ColumnElement[bool]) -> Any:
    return select(what.label("what"), func.count().label("count")).where(condition).group_by(what)


def _within(column: ColumnElement[Any], since: date, until: date) -> ColumnElement[bool]:
    start = datetime.combine(since, time(), SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    return (column >= start) & (column < end)
