"""Looking at acts, versions, words and staff."""

from sqlalchemy import select

from mailintake.model.case import Case, Event
from mailintake.model.codec import decode
from mailintake.model.decided import Decided
from mailintake.model.record import Record, Version
from mailintake.model.staff import Colleague, Role
from mailintake.store.port import Words
from mailintake.store.reads import Reads
from mailintake.store.rows import event
from mailintake.store.tables import ACTS, CASES, DECISIONS, EVENTS, STAFF, VERSIONS, WORDS
from mailintake.store.types import unpacked


class ActReads(Reads):
    """What people did."""

    def record(self, number: int) -> Record | None:
        """The act of that event."""
        row = self._row(select(ACTS).where(ACTS.c.event == number))
        return None if row is None else decode(Record, row["body"] | {"undone_by": row["undone_by"]})

    def records(self, *, case: str = "") -> tuple[Record, ...]:
        """Acts, oldest first; of a case those whose event names it."""
        asked = select(ACTS).order_by(ACTS.c.event)
        if case:
            asked = asked.where(ACTS.c.event.in_(select(EVENTS.c.sequence).where(EVENTS.c.case_number == case)))
        return tuple(decode(Record, row["body"] | {"undone_by": row["undone_by"]}) for row in self._rows(asked))

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
        asked = select(WORDS).order_by(WORDS.c.event, WORDS.c.what)
        asked = asked.where(WORDS.c.event == sequence) if sequence else asked.where(WORDS.c.case_number == case)
        return tuple(Words(row["event"], row["what"], row["words"]) for row in self._rows(asked))

    def staff(self) -> tuple[Colleague, ...]:
        """Everybody who is known, by name."""
        rows = self._rows(select(STAFF).order_by(STAFF.c.name))
        return tuple(Colleague(row["name"], Role(row["role"]), row["mail"]) for row in rows)
