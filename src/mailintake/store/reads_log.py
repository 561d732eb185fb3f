"""Looking at notices, events, values and figures."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from mailintake.model.case import Event
from mailintake.model.letter import OutboxState
from mailintake.model.understanding import Disposition
from mailintake.model.zone import SHANGHAI
from mailintake.store.port import NoticeRow
from mailintake.store.reads import Reads
from mailintake.store.rows import event, notice_row
from mailintake.store.tables import CASES, EVENTS, MESSAGES, NOTICES, OUTBOX, VALUES

_UNWRITTEN = (OutboxState.SUPERSEDED.value, OutboxState.REJECTED.value)


class LogReads(Reads):
    """Notices, events, values, counts."""

    def notices(self, *, open_only: bool = True) -> tuple[NoticeRow, ...]:
        """Oldest first."""
        asked = select(NOTICES).order_by(NOTICES.c.id)
        return tuple(
            notice_row(row) for row in self._rows(asked.where(NOTICES.c.closed_at.is_(None)) if open_only else asked)
        )

    def events(self, case: str = "", limit: int = 1000) -> tuple[Event, ...]:
        """The newest `limit` (of one case, or of all), oldest first."""
        asked = select(EVENTS).order_by(EVENTS.c.sequence.desc()).limit(limit)
        rows = self._rows(asked.where(EVENTS.c.case_number == case) if case else asked)
        return tuple(event(row) for row in reversed(rows))

    def value(self, key: str) -> str | None:
        """A small fact, or None when it was never set."""
        row = self._row(select(VALUES.c.value).where(VALUES.c.key == key))
        return None if row is None else row["value"]

    def counts(self, since: date, until: date) -> dict[str, dict[str, int]]:
        """Days are those of Asia/Shanghai, both ends included; findings are those of cases that got mail in them."""
        received = select(MESSAGES.c.received_at, MESSAGES.c.disposition, MESSAGES.c.message_class)
        mails = self._rows(received.where(_within(MESSAGES.c.received_at, since, until)))
        parked = Disposition.PARKED.value
        letters = select(OUTBOX.c.letter).where(_within(OUTBOX.c.queued_at, since, until))
        letters = letters.where(OUTBOX.c.state.not_in(_UNWRITTEN))
        bodies = select(CASES.c.body).where(_within(CASES.c.last_received_at, since, until))
        return {
            "mails": Counter(m["received_at"].astimezone(SHANGHAI).date().isoformat() for m in mails),
            "parked": Counter(m["message_class"] for m in mails if m["disposition"] == parked),
            "letters": Counter(row["letter"] for row in self._rows(letters)),
            "findings": Counter(code for row in self._rows(bodies) for code in _finding_codes(row["body"])),
        }


def _within(column: ColumnElement[Any], since: date, until: date) -> ColumnElement[bool]:
    start = datetime.combine(since, time(), SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), SHANGHAI)
    return (column >= start) & (column < end)


def _finding_codes(body: dict[str, Any]) -> Iterator[str]:
    """Codes in an encoded case, without the cost of decoding all of it."""
    assessment = body.get("assessment") or {}
    for document in assessment.get("documents", ()):
        if not document.get("superseded"):
            yield from (finding["code"] for finding in document.get("findings", ()))
    for part in ("missing", "case_findings"):
        yield from (item["code"] for item in assessment.get(part, ()))
