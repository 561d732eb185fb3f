"""Mails as they are stored, with what the database knew when each came: the ground of every trial of rules."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailintake.app.rules.judging import Given, Seen
from mailintake.model.case import Case
from mailintake.model.decided import Decided
from mailintake.model.record import Version
from mailintake.model.understanding import Candidates
from mailintake.readers.port import READER_VERSION
from mailintake.stages.lookup import Lookup, lookup
from mailintake.store.port import MessageRow, Store


@dataclass(frozen=True)
class StoredMail:
    """One mail that was worked on."""

    row: MessageRow
    given: Given
    decided: Decided | None  # None: worked on before decisions were kept

    @property
    def mailbox(self) -> str:
        """The mailbox it came in by."""
        return min((ref.mailbox for ref in self.row.refs), default="")


class StoredMails:
    """Reads only: no unit is begun, no file opened, no reader asked. `skipped` counts mails that an earlier version of
    the reader measured, or that were never opened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._asked: dict[object, Candidates] = {}
        self._lists: dict[str, tuple[Version, ...]] = {}
        self._cases: dict[tuple[str, int], Case | None] = {}
        self.skipped = 0

    def rows(self, last: int) -> tuple[MessageRow, ...]:
        """The last so many that are done, oldest first."""
        found = (row for row in self._store.mail_page(last, status="done"))
        return tuple(sorted(found, key=lambda row: row.id))

    def mails(self, rows: Sequence[MessageRow]) -> Iterator[StoredMail | None]:
        """Each of them; None for one that cannot be tried."""
        for row in rows:
            mail = self.mail(row)
            self.skipped += mail is None
            yield mail

    def mail(self, row: MessageRow) -> StoredMail | None:
        """One mail with its facts and texts, as far as they were read."""
        message = self._store.reading(row.sha256)
        if message is None:
            return None
        facts = self._store.facts(READER_VERSION, (a.sha256 for a in message.attachments))
        if message.attachments and not facts:
            return None
        for sha256, measured in facts.items():
            read, text = self._store.text(READER_VERSION, sha256)
            if read and text is not None:
                facts[sha256] = replace(measured, text=text)
        name = row.subject or row.sha256[:12]
        return StoredMail(row, Given(name, message, facts, row.received_at), self._store.decision(row.sha256))

    def keys(self, seen: Seen) -> Lookup:
        """What the database is asked about a mail."""
        return lookup(seen.given.message, seen.people, seen.rules)

    def candidates(self, keys: Lookup, mail: StoredMail) -> Candidates:
        """What could matter for it, every case as it stood before the mail came."""
        sent = self._found(tokens=keys.tokens)
        return Candidates(
            by_token=sent.by_token,
            by_number=self._then(self._found(numbers=keys.numbers).by_number, mail),
            by_sender=self._then(self._found(sender=keys.sender).by_sender, mail),
            by_company_domain=self._then(self._found(domain=keys.company_domain).by_company_domain, mail),
            by_person=self._then(self._found(identifiers=keys.identifiers).by_person, mail),
            token_cases=self._then(sent.token_cases, mail),
        )

    def _found(
        self,
        *,
        tokens: tuple[str, ...] = (),
        numbers: tuple[str, ...] = (),
        sender: str = "",
        domain: str = "",
        identifiers: tuple[str, ...] = (),
    ) -> Candidates:
        """What the store gives for one of the keys, asked once: many mails are of one sender, and cases are dear."""
        key = (tokens, numbers, sender, domain, identifiers)
        if not any(key):
            return Candidates()
        if key not in self._asked:
            self._asked[key] = self._store.candidates(tokens, numbers, sender, domain, identifiers)
        return self._asked[key]

    def _then(self, cases: tuple[Case, ...], mail: StoredMail) -> tuple[Case, ...]:
        own = {case.number: case.revision for case in mail.decided.cases} if mail.decided else {}
        found = (self._as_of(case, mail.row.received_at, own.get(case.number, 0)) for case in cases)
        return tuple(case for case in found if case is not None)

    def _as_of(self, case: Case, at: datetime, revision: int) -> Case | None:
        """The case as it stood then; `revision`: the one that this mail made of it, 0 where it made none."""
        if revision:
            return self._version(case.number, revision - 1)
        if case.opened_at > at:
            return None
        if case.last_received_at <= at:
            return case
        before = [v for v in self._versions(case.number) if v.at is not None and v.at <= at]
        return self._version(case.number, before[-1].revision) if before else None

    def _versions(self, number: str) -> tuple[Version, ...]:
        if number not in self._lists:
            self._lists[number] = self._store.versions(number)
        return self._lists[number]

    def _version(self, number: str, revision: int) -> Case | None:
        key = (number, revision)
        if key not in self._cases:
            self._cases[key] = self._store.version(number, revision) if revision else None
        return self._cases[key]
