"""Erasing: everything that is kept about a case goes in one transaction, its files afterwards.

Rows stay where something counts or recognises them (mails by hash and UID, letters by their Message-ID, which is
ours, cases by their numbers, the log), and hold nothing else. Files cannot go with the rows: a crash between the two
would leave rows without files, or files that nobody knows of. So the rows' transaction writes down which files are to
go, and `delete_erased` deletes them, as often as it takes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, select, text, update

from mailintake.model.case import Case
from mailintake.model.codec import decode, encode
from mailintake.model.digest import CaseLine, Digest
from mailintake.model.erasure import Erasable, blank
from mailintake.model.letter import LetterKind
from mailintake.model.record import Record
from mailintake.model.understanding import Disposition
from mailintake.store.holders import held_in_mails, held_in_rows
from mailintake.store.mail_words import forget_words
from mailintake.store.part import add_rows, forget_rows, touch
from mailintake.store.reads import parts_of
from mailintake.store.tables import (
    ACTS,
    DECISIONS,
    DIGESTS,
    DRAFTS,
    EMPTY_PAGES,
    ERASED_FILE,
    ERASED_MAIL,
    ERASURES,
    EVENTS,
    FACTS,
    MESSAGES,
    NOTICES,
    OUTBOX,
    READINGS,
    RECIPIENTS,
    SESSIONS,
    TEXTS,
    VERSIONS,
    WORDS,
)
from mailintake.store.types import packed, unpacked
from mailintake.store.unit_versions import VersionWrites

_BLANK_MAIL = {
    **dict.fromkeys(("subject", "sender", "reason", "message_id"), ""),  # a Message-ID may hold an address
    "disposition": Disposition.ERASED.value,
}
_BLANK_LETTER: Mapping[str, Any] = {
    "recipients": [],
    "copies": [],
    **dict.fromkeys(("subject", "last_answer", "words", "sha256", "approved_sha256", "before_sha256"), ""),
    "copy_wanted": False,
}
_NEAR = timedelta(minutes=5)  # between a digest and the mail that carries it


class ErasureWrites(VersionWrites):
    """What a unit does to forget."""

    def erase(self, gone: Erasable, cases: Iterable[Case], at: datetime) -> None:
        """See store.port.Unit."""
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("PRAGMA secure_delete=ON")
            add_rows(self._connection, ERASURES, [{"what": EMPTY_PAGES, "sha256": ""}])
        for case in cases:
            self._blank_case(case)
        self._forget_other_versions(gone)
        self._forget_words(gone)
        self._blank_mails(gone.mails)
        self._blank_letters(gone)
        self._close_lines(gone, at)
        self._cut_digests(gone)
        for table in (FACTS, TEXTS):
            self._drop(table, table.c.sha256, gone.files)
        self._drop_desk(gone)
        self.await_erased(gone.mails)
        self._pend(gone.files)

    def await_erased(self, sha256s: Iterable[str]) -> None:
        """Nothing is kept of these mails, should they be fetched again."""
        known = [{"what": ERASED_MAIL, "sha256": sha256} for sha256 in sha256s]
        add_rows(self._connection, ERASURES, known)

    def delete_erased(self) -> int:
        """A file that somebody has come to hold stays. No mail can be claimed meanwhile: whoever has one in hand may be
        about to store the same bytes."""
        asked = select(ERASURES.c.sha256).where(ERASURES.c.what == ERASED_FILE).order_by(ERASURES.c.sha256)
        files = list(self._connection.execute(asked).scalars())
        if not files:
            return 0
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE messages IN EXCLUSIVE MODE"))
        in_hand = select(MESSAGES.c.id).where(MESSAGES.c.status == "processing").limit(1)
        if self._connection.execute(in_hand).first() is not None:
            return 0
        held = held_in_rows(self._connection, files) | held_in_mails(self._connection, files)
        for sha256 in files:
            if sha256 not in held:
                self._files.delete(sha256)
        forget_rows(self._connection, ERASURES, [{"what": ERASED_FILE, "sha256": sha256} for sha256 in files])
        return len(set(files) - held)

    def forget_empty_pages(self) -> None:
        """The database was written anew."""
        forget_rows(self._connection, ERASURES, [{"what": EMPTY_PAGES, "sha256": ""}])

    def _pend(self, files: Iterable[str]) -> None:
        add_rows(self._connection, ERASURES, [{"what": ERASED_FILE, "sha256": sha256} for sha256 in files])

    def _blank_case(self, case: Case) -> None:
        """A new revision, and nothing in any before it."""
        self.save_case(blank(case))
        self._written[case.number].before = None  # what stood there is not kept beside
        self._change_rows(VERSIONS, VERSIONS.c.case_number, [case.number], {"body": None, "restores": None})

    def _forget_other_versions(self, gone: Erasable) -> None:
        """A mail that was put right had made another case, whose earlier versions still hold what it brought."""
        about = select(EVENTS.c.case_number).distinct()
        numbers = self._keys(about, EVENTS.c.message, gone.mails) - {"", *gone.cases}
        for number in sorted(numbers):
            asked = select(VERSIONS.c.revision, VERSIONS.c.body).where(VERSIONS.c.case_number == number)
            for revision, body in self._connection.execute(asked.where(VERSIONS.c.body.is_not(None))).all():
                case = decode(Case, unpacked(body))
                if not set(case.messages).isdisjoint(gone.mails):
                    key = {"case_number": number, "revision": revision}
                    which = (VERSIONS.c.case_number == number) & (VERSIONS.c.revision == revision)
                    emptied = packed(encode(replace(blank(case), state=case.state)))
                    self._connection.execute(update(VERSIONS).where(which).values(body=emptied))
                    touch(self._connection, VERSIONS, [key])

    def _forget_words(self, gone: Erasable) -> None:
        """What people wrote with their acts, and the letters that the records of these acts hold."""
        events = select(EVENTS.c.sequence)
        numbers = self._keys(events, EVENTS.c.case_number, gone.cases) | self._keys(
            events, EVENTS.c.message, gone.mails
        )
        self._change_rows(WORDS, WORDS.c.event, sorted(numbers), {"words": None})
        self._change_rows(WORDS, WORDS.c.case_number, gone.cases, {"words": None})
        for part in parts_of(sorted(numbers)):
            rows = self._connection.execute(select(ACTS.c.event, ACTS.c.body).where(ACTS.c.event.in_(part))).all()
            for number, body in rows:
                record = replace(decode(Record, body), target="", letters=())
                values = {"body": encode(record), "target": ""}
                self._connection.execute(update(ACTS).where(ACTS.c.event == number).values(values))
                touch(self._connection, ACTS, [{"event": number}])

    def _blank_mails(self, sha256s: Iterable[str]) -> None:
        mails = tuple(sha256s)
        for number in self._keys(select(MESSAGES.c.id), MESSAGES.c.sha256, mails):
            forget_words(self._connection, number)
        self._change_rows(MESSAGES, MESSAGES.c.sha256, mails, _BLANK_MAIL)
        for table in (READINGS, DECISIONS):
            self._drop(table, table.c.sha256, mails)

    def _blank_letters(self, gone: Erasable) -> None:
        self._change_rows(OUTBOX, OUTBOX.c.id, gone.letters, _BLANK_LETTER)
        self._drop(RECIPIENTS, RECIPIENTS.c.entry, gone.letters)

    def _close_lines(self, gone: Erasable, at: datetime) -> None:
        for column, keys in ((NOTICES.c.case_number, gone.cases), (NOTICES.c.message, gone.mails)):
            still = NOTICES.c.closed_at.is_(None)
            self._change_rows(NOTICES, column, keys, {"closed_at": at, "why": "erased"}, still)
            self._change_rows(NOTICES, column, keys, {"text": "", "about": ""})

    def _cut_digests(self, gone: Erasable) -> None:
        """Old digests lose their lines about it; the mails that carried them lose their bytes."""
        days = select(DIGESTS.c.sequence, DIGESTS.c.made_at, DIGESTS.c.body).where(DIGESTS.c.body.is_not(None))
        for sequence, made_at, body in self._connection.execute(days).all():
            made = decode(Digest, unpacked(body))
            kept = _without(made, gone)
            if kept == made:
                continue
            values = {"body": packed(encode(kept))}
            self._connection.execute(update(DIGESTS).where(DIGESTS.c.sequence == sequence).values(values))
            touch(self._connection, DIGESTS, [{"sequence": sequence}])
            near = OUTBOX.c.queued_at.between(made_at - _NEAR, made_at + _NEAR)
            mailed = select(OUTBOX.c.id, OUTBOX.c.sha256).where(OUTBOX.c.letter == LetterKind.DIGEST.value, near)
            found = self._connection.execute(mailed.where(OUTBOX.c.sha256 != "")).all()
            self._change_rows(OUTBOX, OUTBOX.c.id, [row.id for row in found], {"sha256": "", "before_sha256": ""})
            self._pend(row.sha256 for row in found)

    def _drop_desk(self, gone: Erasable) -> None:
        """What somebody was typing about it, and what their next page would have said."""
        for name in (*gone.cases, *gone.mails, *(f"{number}-" for number in gone.letters)):
            asked = select(DRAFTS.c.name, DRAFTS.c.place).where(DRAFTS.c.place.startswith(name, autoescape=True))
            forget_rows(self._connection, DRAFTS, [dict(row) for row in self._connection.execute(asked).mappings()])
            told = SESSIONS.c.told.contains(name, autoescape=True)
            self._connection.execute(update(SESSIONS).where(told).values(told=""))

    def _keys(self, asked: Any, column: ColumnElement[Any], keys: Iterable[Any]) -> set[Any]:
        """What a query of one column gives where that other column is one of these."""
        found: set[Any] = set()
        for part in parts_of(tuple(keys)):
            found |= set(self._connection.execute(asked.where(column.in_(part))).scalars())
        return found

    def _change_rows(
        self,
        table: Table,
        column: ColumnElement[Any],
        keys: Iterable[Any],
        values: Mapping[str, Any],
        only: ColumnElement[bool] | None = None,
    ) -> None:
        for part in parts_of(tuple(keys)):
            which = column.in_(part) if only is None else column.in_(part) & only
            rows = self._connection.execute(select(*table.primary_key).where(which)).mappings().all()
            self._connection.execute(update(table).where(which).values(dict(values)))
            touch(self._connection, table, [dict(row) for row in rows])

    def _drop(self, table: Table, column: ColumnElement[Any], keys: Iterable[Any]) -> None:
        for part in parts_of(tuple(keys)):
            rows = self._connection.execute(select(*table.primary_key).where(column.in_(part))).mappings().all()
            forget_rows(self._connection, table, [dict(row) for row in rows])


def _without(made: Digest, gone: Erasable) -> Digest:
    cases, mails = frozenset(gone.cases), frozenset(gone.mails)

    def kept(lines: Iterable[CaseLine]) -> tuple[CaseLine, ...]:
        return tuple(line for line in lines if line.number not in cases)

    return replace(
        made,
        due_today=kept(made.due_today),
        overdue=kept(made.overdue),
        complete=kept(made.complete),
        waiting=kept(made.waiting),
        others=kept(made.others),
        needs_person=tuple(x for x in made.needs_person if x.case not in cases and x.message not in mails),
    )
