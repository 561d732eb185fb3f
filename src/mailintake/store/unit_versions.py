"""Every write of a case keeps the one before it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, func, literal, select, true

from mailintake.model.case import Case
from mailintake.store.derived import columns_of, forget_lookups, found_alike, write_lookups
from mailintake.store.part import add_rows, forget_rows, put_row
from mailintake.store.port import FileStore
from mailintake.store.tables import CASE_MESSAGES, CASES, VERSIONS
from mailintake.store.types import packed
from mailintake.store.unit_log import LogWrites


@dataclass
class _Written:
    """A case that this unit writes: what stood before it, and which revision it makes."""

    before: int | None  # None: there was none
    body: Any
    after: int
    restores: int | None = None
    is_first: bool = False  # nothing of that case was ever written: there is nothing to be brought in step
    stands: Any = None  # the value that stands there now; None: there is none


_NEWEST = select(func.max(VERSIONS.c.revision)).where(VERSIONS.c.case_number == bindparam("number"))
_STANDING = select(CASES.c.revision, CASES.c.body).where(CASES.c.number == bindparam("number")).subquery()
_BEFORE = select(_NEWEST.scalar_subquery().label("known"), _STANDING.c.revision, _STANDING.c.body).select_from(
    select(literal(1).label("one")).subquery().outerjoin(_STANDING, true())
)


class VersionWrites(LogWrites):
    """Cases and their versions. However often one unit writes a case, it makes one revision."""

    def __init__(self, connection: Any, files: FileStore, worker: str = "") -> None:
        super().__init__(connection, files, worker)
        self._written: dict[str, _Written] = {}

    def save_case(self, case: Case, restores: int | None = None) -> int:
        """The whole value, and what is made of it (store.derived) in step; gives its revision. `restores`: it is a copy
        of that earlier one."""
        written = self._start(case.number)
        written.restores = restores
        stored = replace(case, revision=written.after)
        row = columns_of(stored)
        stands = written.stands or {}
        put_row(self._connection, CASES, row)
        alike = bool(stands) and found_alike(stands, row["body"])
        write_lookups(self._connection, stored, opened=written.is_first, alike=alike)
        if not stands or stands.get("messages") != row["body"].get("messages"):
            self._link(stored, opened=written.is_first)
        written.is_first, written.stands = False, row["body"]
        return written.after

    def remove_case(self, number: str) -> int:
        """A case that never should have been opened: only its versions stay. Gives the revision that says so."""
        written = self._start(number)
        written.is_first, written.stands = False, None
        forget_lookups(self._connection, number)
        self._unlink(number, keep=frozenset())
        forget_rows(self._connection, CASES, [{"number": number}])
        return written.after

    def _start(self, number: str) -> _Written:
        if number not in self._written:
            row = self._connection.execute(_BEFORE, {"number": number}).one()
            is_first = row.known is None and row.revision is None
            after = max(row.known or 0, row.revision or 0) + 1
            self._written[number] = _Written(row.revision, row.body, after, is_first=is_first, stands=row.body)
        return self._written[number]

    def _link(self, case: Case, *, opened: bool) -> None:
        if not opened:
            self._unlink(case.number, keep=frozenset(case.messages))
        links = [{"case_number": case.number, "sha256": sha256} for sha256 in case.messages]
        add_rows(self._connection, CASE_MESSAGES, links)

    def _unlink(self, number: str, keep: frozenset[str]) -> None:
        asked = select(CASE_MESSAGES.c.sha256).where(CASE_MESSAGES.c.case_number == number)
        gone = set(self._connection.execute(asked).scalars()) - keep
        forget_rows(self._connection, CASE_MESSAGES, [{"case_number": number, "sha256": m} for m in sorted(gone)])

    def _keep_versions(self) -> None:
        """Before the commit: what stood there goes beside, and every new revision knows the event that wrote it."""
        for number, written in self._written.items():
            event = self._events.get(number) or self._events.get("", 0)
            if written.before is not None:
                self._keep(number, written.before, written.body)
            row = {"case_number": number, "revision": written.after, "event": event, "restores": written.restores}
            put_row(self._connection, VERSIONS, row | {"body": None})

    def _keep(self, number: str, revision: int, body: Any) -> None:
        asked = select(VERSIONS.c.event, VERSIONS.c.restores)
        known = self._connection.execute(
            asked.where(VERSIONS.c.case_number == number, VERSIONS.c.revision == revision)
        ).first()
        row = {"case_number": number, "revision": revision, "event": known.event if known else 0}
        row |= {"restores": known.restores if known else None, "body": packed(body)}
        put_row(self._connection, VERSIONS, row)
