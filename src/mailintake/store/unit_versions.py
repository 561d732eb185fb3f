"""Every write of a case keeps the one before it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Text, bindparam, cast, func, literal, select, true, update

from mailintake.model.case import Case
from mailintake.store.derived import columns_of, forget_lookups, found_alike, write_lookups
from mailintake.store.part import add_rows, forget_rows, put_row, whole, written
from mailintake.store.port import FileStore
from mailintake.store.quick import Quick
from mailintake.store.rows import case_of, keep_case
from mailintake.store.tables import CASE_MESSAGES, CASES, VERSIONS
from mailintake.store.types import JsonText, packed
from mailintake.store.unit_log import LogWrites


@dataclass
class _Written:
    """A case that this unit writes: what stood before it, and which revision it makes."""

    before: int | None  # None: there was none
    body: JsonText | None
    after: int
    restores: int | None = None
    is_first: bool = False  # nothing of that case was ever written: there is nothing to be brought in step
    stands: Case | None = None  # the value that stands there now; None: there is none


_NEWEST = select(func.max(VERSIONS.c.revision)).where(VERSIONS.c.case_number == bindparam("number"))
_STANDING = (
    select(CASES.c.revision, cast(CASES.c.body, Text).label("body"))
    .where(CASES.c.number == bindparam("number"))
    .subquery()
)
_BEFORE = Quick(
    select(_NEWEST.scalar_subquery().label("known"), _STANDING.c.revision, _STANDING.c.body).select_from(
        select(literal(1).label("one")).subquery().outerjoin(_STANDING, true())
    )
)
_KEEPING = Quick(
    update(VERSIONS)
    .where(VERSIONS.c.case_number == bindparam("number"), VERSIONS.c.revision == bindparam("of_revision"))
    .values(body=bindparam("to_body", type_=VERSIONS.c.body.type))
    .returning(*whole(VERSIONS))
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
        put_row(self._connection, CASES, row)
        keep_case(row["body"], stored)
        alike = written.stands is not None and found_alike(written.stands, stored)
        write_lookups(self._connection, stored, opened=written.is_first, alike=alike)
        if written.stands is None or written.stands.messages != stored.messages:
            self._link(stored, opened=written.is_first)
        written.is_first, written.stands = False, stored
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
            row = _BEFORE.rows(self._connection, number=number)[0]
            before, newest = row["revision"], max(row["known"] or 0, row["revision"] or 0)
            body = None if before is None else JsonText(row["body"])
            stands = None if body is None else case_of(body)
            self._written[number] = _Written(before, body, newest + 1, is_first=newest == 0, stands=stands)
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
        for number, made in self._written.items():
            event = self._events.get(number) or self._events.get("", 0)
            if made.before is not None:
                self._keep(number, made.before, made.body)
            row = {"case_number": number, "revision": made.after, "event": event, "restores": made.restores}
            put_row(self._connection, VERSIONS, row | {"body": None})

    def _keep(self, number: str, revision: int, body: JsonText | None) -> None:
        kept = packed(body)
        rows = _KEEPING.rows(self._connection, number=number, of_revision=revision, to_body=kept)
        written(self._connection, VERSIONS, rows)
        if not rows:
            row = {"case_number": number, "revision": revision, "event": 0, "restores": None, "body": kept}
            put_row(self._connection, VERSIONS, row)
