"""Looking at what was erased."""

from collections.abc import Iterable

from sqlalchemy import select

from mailintake.model.case import State
from mailintake.store.holders import held_in_mails
from mailintake.store.port import LeftByErasing
from mailintake.store.reads import Reads
from mailintake.store.tables import CASES, EMPTY_PAGES, ERASED_FILE, ERASED_MAIL, ERASURES


class ErasureReads(Reads):
    """What was erased, and what would be."""

    def held_elsewhere(self, files: Iterable[str], mails: Iterable[str]) -> frozenset[str]:
        """Which of these files mails other than those hold as well."""
        with self._reading() as connection:
            return held_in_mails(connection, files, mails)

    def erased_mails(self) -> tuple[str, ...]:
        """sha256 of each."""
        asked = select(ERASURES.c.sha256).where(ERASURES.c.what == ERASED_MAIL).order_by(ERASURES.c.sha256)
        return tuple(row["sha256"] for row in self._rows(asked))

    def erased_cases(self) -> tuple[str, ...]:
        """Numbers."""
        asked = select(CASES.c.number).where(CASES.c.state == State.ERASED.value).order_by(CASES.c.number)
        return tuple(row["number"] for row in self._rows(asked))

    def left_by_erasing(self) -> LeftByErasing:
        """Files, and SQLite's empty pages."""
        rows = self._rows(select(ERASURES).where(ERASURES.c.what.in_((ERASED_FILE, EMPTY_PAGES))))
        files = tuple(sorted(row["sha256"] for row in rows if row["what"] == ERASED_FILE))
        return LeftByErasing(files, self._size() if len(files) < len(rows) else 0)

    def _size(self) -> int:
        with self._reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
