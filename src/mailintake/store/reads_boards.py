"""What the desk's lists are made of: so many cases, lines and acts as a screen shows, and counts of the rest."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import col

from mailintake.model.case import OPEN, DeadlineKind, State
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.summary import CaseSummary
from mailintake.store.port import ActLine, MessageRow, NoticeRow, Opened
from mailintake.store.reads_cases import SUMMARY
from mailintake.store.reads_messages import MessageReads
from mailintake.store.rows import case_summary, notice_row
from mailintake.store.tables import ACTS, CASES, EVENTS, MESSAGES, NoticeTable

_OPEN = [state.value for state in OPEN]


class BoardReads(MessageReads):
    """Lists by the page."""

    def open_by_state(self) -> dict[State, int]:
        """How many open cases are in each state that has any."""
        asked = select(CASES.c.state, func.count().label("count")).where(CASES.c.state.in_(_OPEN))
        return {State(row["state"]): row["count"] for row in self._rows(asked.group_by(CASES.c.state))}

    def cases_in(self, states: Iterable[State], limit: int, *, skip: int = 0) -> tuple[CaseSummary, ...]:
        """Those in these states, oldest first."""
        chosen = CASES.c.state.in_([state.value for state in states])
        asked = select(*SUMMARY).where(chosen).order_by(CASES.c.opened_at, CASES.c.number)
        return tuple(case_summary(row) for row in self._rows(asked.limit(limit).offset(skip)))

    def due_cases_until(
        self, until: date | None, limit: int, *, theirs: bool | None = None
    ) -> tuple[tuple[CaseSummary, ...], int]:
        """Open cases whose last day that counts is that day or before, nearest first, and how many there are in all.
        Without a day: all that have one. `theirs`: only those that wait for an applicant, or only the others."""
        chosen = (CASES.c.due.is_not(None)) & CASES.c.state.in_(_OPEN)
        if until is not None:
            chosen &= CASES.c.due <= until
        if theirs is not None:
            waiting = CASES.c.due_kind == DeadlineKind.CORRECTION.value
            chosen &= waiting if theirs else ~waiting
        asked = select(*SUMMARY).where(chosen).order_by(CASES.c.due, CASES.c.number).limit(limit)
        count = self._count(select(func.count()).select_from(CASES).where(chosen))
        return tuple(case_summary(row) for row in self._rows(asked)), count

    def count_provisional(self) -> int:
        """Open cases whose last day may still move."""
        chosen = CASES.c.due.is_not(None) & CASES.c.provisional.is_(True) & CASES.c.state.in_(_OPEN)
        return self._count(select(func.count()).select_from(CASES).where(chosen))

    def first_notices(self, limit: int) -> tuple[tuple[NoticeRow, ...], int]:
        """The oldest open lines for staff, and how many are open in all."""
        is_open = col(NoticeTable.closed_at).is_(None)
        asked = select(NoticeTable).where(is_open).order_by(col(NoticeTable.id)).limit(limit)
        with self._session() as session:
            rows = tuple(notice_row(row) for row in session.scalars(asked))
        return rows, self._count(select(func.count()).select_from(NoticeTable).where(is_open))

    def messages_of(self, sha256s: Iterable[str]) -> dict[str, MessageRow]:
        """Mails by their hash; at most a few hundred."""
        wanted = sorted({sha256 for sha256 in sha256s if sha256})
        asked = select(MESSAGES).where(MESSAGES.c.sha256.in_(wanted))
        return {row.sha256: row for row in self._messages(asked)} if wanted else {}

    def acts_since(self, at: datetime, limit: int) -> tuple[ActLine, ...]:
        """What people did since then, newest first."""
        asked = select(ACTS.c.event, ACTS.c.at, ACTS.c.act, ACTS.c.by, ACTS.c.undone_by, EVENTS.c.case_number)
        asked = asked.join(EVENTS, EVENTS.c.sequence == ACTS.c.event).where(ACTS.c.at >= at)
        rows = self._rows(asked.order_by(ACTS.c.at.desc(), ACTS.c.event.desc()).limit(limit))
        return tuple(
            ActLine(r["event"], r["at"], r["act"], r["by"], r["case_number"], r["undone_by"] is not None) for r in rows
        )

    def count_acts(self, since: datetime, until: datetime) -> dict[str, int]:
        """How often each act was done in that time, the most frequent first."""
        within = (ACTS.c.at >= since) & (ACTS.c.at < until)
        asked = select(ACTS.c.act, func.count().label("count")).where(within).group_by(ACTS.c.act)
        rows = self._rows(asked.order_by(func.count().desc(), ACTS.c.act))
        return {row["act"]: row["count"] for row in rows}

    def opened_between(self, since: datetime, until: datetime) -> tuple[Opened, ...]:
        """Cases that were opened in that time, as the month's report counts them."""
        asked = select(
            CASES.c.procedure, CASES.c.opened_at, CASES.c.first_answer, CASES.c.findings, CASES.c.told_late
        ).where(CASES.c.opened_at >= since, CASES.c.opened_at < until)
        return tuple(
            Opened(
                ProcedureKey(row["procedure"]),
                LetterKind(row["first_answer"]) if row["first_answer"] else None,
                tuple(row["findings"]),
                row["told_late"],
            )
            for row in self._rows(asked)
        )
