"""What the desk's lists are made of: so many cases, lines and acts as a screen shows, and counts of the rest."""

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, func, select

from mailintake.model.case import OPEN, Case, DeadlineKind, State
from mailintake.model.codec import decode
from mailintake.model.letter import LetterKind
from mailintake.model.procedure import ProcedureKey
from mailintake.model.summary import CaseSummary
from mailintake.model.understanding import Disposition, NoticeRow
from mailintake.store.port import ActLine, MessageRow, Month, Opened
from mailintake.store.reads_cases import SUMMARY, found_by
from mailintake.store.reads_log import UNWRITTEN
from mailintake.store.reads_messages import MessageReads
from mailintake.store.rows import notice_row
from mailintake.store.summary_row import case_summary
from mailintake.store.tables import ACTS, CASES, EVENTS, MESSAGES, NOTICES, OUTBOX

_DAY = timedelta(days=1)
_OPEN = [state.value for state in OPEN]
# As an expression, so that SQLite takes the index by last day, which holds the state too, and not the one by state.
_IS_OPEN = func.trim(CASES.c.state).in_(_OPEN)


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
        self, until: date | None, limit: int, *, theirs: bool | None = None, skip: int = 0
    ) -> tuple[tuple[CaseSummary, ...], int]:
        """Open cases whose last day that counts is that day or before, nearest first, and how many there are in all.
        Without a day: all that have one. `theirs`: only those that wait for an applicant, or only the others."""
        chosen = CASES.c.due.is_not(None) & _IS_OPEN
        if until is not None:
            chosen &= CASES.c.due <= until
        if theirs is not None:
            waiting = CASES.c.due_kind == DeadlineKind.CORRECTION.value
            chosen &= waiting if theirs else ~waiting
        asked = select(*SUMMARY).where(chosen).order_by(CASES.c.due, CASES.c.number).limit(limit).offset(skip)
        count = self._count(select(func.count()).select_from(CASES).where(chosen))
        return tuple(case_summary(row) for row in self._rows(asked)), count

    def count_provisional(self) -> int:
        """Open cases whose last day may still move."""
        chosen = CASES.c.due.is_not(None) & CASES.c.provisional.is_(True) & _IS_OPEN
        return self._count(select(func.count()).select_from(CASES).where(chosen))

    def first_notices(self, limit: int) -> tuple[tuple[NoticeRow, ...], int]:
        """The oldest open lines for staff, and how many are open in all."""
        is_open = NOTICES.c.closed_at.is_(None)
        asked = select(NOTICES).where(is_open).order_by(NOTICES.c.id).limit(limit)
        rows = tuple(notice_row(row) for row in self._rows(asked))
        return rows, self._count(select(func.count()).select_from(NOTICES).where(is_open))

    def messages_of(self, sha256s: Iterable[str]) -> dict[str, MessageRow]:
        """Mails by their hash; at most a few hundred."""
        wanted = sorted({sha256 for sha256 in sha256s if sha256})
        asked = select(MESSAGES).where(MESSAGES.c.sha256.in_(wanted))
        return {row.sha256: row for row in self._messages(asked)} if wanted else {}

    def summaries_of(self, numbers: Iterable[str]) -> dict[str, CaseSummary]:
        """Cases by their number; at most a few hundred."""
        wanted = sorted({number for number in numbers if number})
        asked = select(*SUMMARY).where(CASES.c.number.in_(wanted))
        return {row["number"]: case_summary(row) for row in self._rows(asked)} if wanted else {}

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

    def companies(self, search: str, limit: int, *, skip: int = 0) -> dict[str, int]:
        """Companies by name with how many cases each has; `search` as in `summaries`."""
        named = select(CASES.c.company, func.count().label("count")).where(CASES.c.company != "")
        if search.strip():
            named = named.where(CASES.c.number.in_(found_by(search)))
        asked = named.group_by(CASES.c.company).order_by(CASES.c.company).limit(limit).offset(skip)
        return {row["company"]: row["count"] for row in self._rows(asked)}

    def of_company(self, company: str, limit: int, *, skip: int = 0) -> tuple[tuple[Case, ...], int]:
        """The newest cases of exactly that company, and how many there are in all."""
        theirs = CASES.c.company == company
        asked = select(CASES.c.body).where(theirs).order_by(CASES.c.opened_at.desc(), CASES.c.number.desc())
        rows = self._rows(asked.limit(limit).offset(skip))
        count = self._count(select(func.count()).select_from(CASES).where(theirs))
        return tuple(decode(Case, row["body"]) for row in rows), count

    def month(self, since: datetime, until: datetime) -> Month:
        """What came, was opened and was written in that time, counted by the database."""
        received = (MESSAGES.c.received_at >= since) & (MESSAGES.c.received_at < until)
        parked = received & (MESSAGES.c.disposition == Disposition.PARKED.value)
        written = (OUTBOX.c.queued_at >= since) & (OUTBOX.c.queued_at < until) & OUTBOX.c.state.not_in(UNWRITTEN)
        return Month(
            mails=self._count(select(func.count()).select_from(MESSAGES).where(received)),
            letters=self._count(select(func.count()).select_from(OUTBOX).where(written)),
            parked=self._counted(MESSAGES.c.message_class, parked),
            opened=self._opened(since, until),
            answered_after=self._answered_after(since, until),
        )

    def _answered_after(self, since: datetime, until: datetime) -> tuple[float, ...]:
        first = func.min(OUTBOX.c.sent_at, type_=OUTBOX.c.sent_at.type).label("first")
        asked = select(CASES.c.opened_at, first).join(OUTBOX, OUTBOX.c.case_number == CASES.c.number)
        asked = asked.where(CASES.c.opened_at >= since, CASES.c.opened_at < until, OUTBOX.c.sent_at.is_not(None))
        rows = self._rows(asked.group_by(CASES.c.number, CASES.c.opened_at))
        return tuple((row["first"] - row["opened_at"]) / _DAY for row in rows)

    def _counted(self, what: ColumnElement[str], chosen: ColumnElement[bool]) -> dict[str, int]:
        asked = select(what.label("what"), func.count().label("count")).where(chosen).group_by(what)
        return {row["what"]: row["count"] for row in self._rows(asked)}

    def _opened(self, since: datetime, until: datetime) -> tuple[Opened, ...]:
        """Cases that were opened in that time: those that are alike are one row."""
        alike = (CASES.c.procedure, CASES.c.first_answer, cast(CASES.c.findings, String).label("found"))
        asked = select(*alike, func.count().label("cases"), func.sum(CASES.c.told_late).label("told_late"))
        asked = asked.where(CASES.c.opened_at >= since, CASES.c.opened_at < until).group_by(*alike)
        return tuple(
            Opened(
                ProcedureKey(row["procedure"]),
                LetterKind(row["first_answer"]) if row["first_answer"] else None,
                tuple(json.loads(row["found"])),
                row["told_late"],
                row["cases"],
            )
            for row in self._rows(asked)
        )
