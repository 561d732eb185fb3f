"""Looking at acts, versions, words and staff."""

from typing import TYPE_CHECKING

from sqlalchemy import select

from mailintake.model.case import Case, Event
from mailintake.model.codec import decode
from mailintake.model.decided import Decided
from mailintake.model.record import Record, Version
from mailintake.model.staff import Colleague, Role
from mailintake.store.port import Words
from mailintake.store.reads import Reads
from mailintake.store.rows import event
from mailintake.store.tables import CASES, DECISIONS, EVENTS, VERSIONS
from mailintake.store.types import unpacked

if TYPE_CHECKING:
    from mailintake.store.classes import ActTable


class ActReads(Reads):
    """What people did."""

    def record(self, number: int) -> Record | None:
        """The act of that event."""
        from mailintake.store.classes import ActTable

        with self._session() as session:
            row = session.get(ActTable, number)
            return None if row is None else _record(row)

    def records(self, *, case: str = "") -> tuple[Record, ...]:
        """Acts, oldest first; of a case those whose event names it."""
        from sqlmodel import col
        from sqlmodel import select as rows_of

        from mailintake.store.classes import ActTable

        asked = rows_of(ActTable).order_by(col(ActTable.event))
        if case:
            of_case = select(EVENTS.c.sequence).where(EVENTS.c.case_number == case)
            asked = asked.where(col(ActTable.event).in_(of_case))
        with self._session() as session:
            return tuple(_record(row) for row in session.exec(asked))

    def versions(self, number: str) -> tuple[Version, ...]:
        """Every revision of a case, oldest first."""
        asked = select(VERSIONS.c.revision, VERSIONS.c.event, VERSIONS.c.restores, EVENTS)
        joined = asked.outerjoin(EVENTS, EVENTS.c.sequence == VERSIONS.c.event)
        rows = self._rows(joined.where(VERSIONS.c.case_number == number).order_by(VERSIONS.c.revision))
        return tuple(
            Version(number, r["revision"], r["event"], r["what"] or "", r["actor"] or "", r["at"], r["restores"])
            for r in rows
        )

    def version(self, number: str, revision: int) -> Case | None:
        """A case as it stood with that revision; None where there was none, or it was taken back."""
        current = self._row(select(CASES.c.body).where(CASES.c.number == number, CASES.c.revision == revision))
        if current is not None:
            return decode(Case, current["body"])
        asked = select(VERSIONS.c.body).where(VERSIONS.c.case_number == number, VERSIONS.c.revision == revision)
        row = self._row(asked)
        return None if row is None or row["body"] is None else decode(Case, unpacked(row["body"]))

    def decision(self, sha256: str) -> Decided | None:
        """What was decided about that mail when it came."""
        row = self._row(select(DECISIONS.c.body).where(DECISIONS.c.sha256 == sha256))
        return None if row is None else decode(Decided, unpacked(row["body"]))

    def event(self, sequence: int) -> Event | None:
        """One line of the log."""
        row = self._row(select(EVENTS).where(EVENTS.c.sequence == sequence))
        return None if row is None else event(row)

    def words(self, *, case: str = "", sequence: int = 0) -> tuple[Words, ...]:
        """What people wrote about a case, or with one event, oldest first."""
        from sqlmodel import col
        from sqlmodel import select as rows_of

        from mailintake.store.classes import WordsTable

        asked = rows_of(WordsTable).order_by(col(WordsTable.event), col(WordsTable.what))
        about = WordsTable.event == sequence if sequence else WordsTable.case_number == case
        with self._session() as session:
            return tuple(Words(row.event, row.what, row.words) for row in session.exec(asked.where(about)))

    def staff(self) -> tuple[Colleague, ...]:
        """Everybody who is known, by name."""
        from sqlmodel import col
        from sqlmodel import select as rows_of

        from mailintake.store.classes import StaffTable

        with self._session() as session:
            rows = session.exec(rows_of(StaffTable).order_by(col(StaffTable.name)))
            return tuple(Colleague(row.name, Role(row.role), row.mail) for row in rows)


def _record(row: "ActTable") -> Record:
    return decode(Record, row.body | {"undone_by": row.undone_by})
