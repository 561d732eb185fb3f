"""Looking for cases."""

from collections.abc import Sequence

from sqlalchemy import Select, Table, or_, select

from mailintake.model.case import OPEN, Case
from mailintake.model.codec import decode
from mailintake.model.understanding import Candidates, Sent
from mailintake.store.reads import Reads
from mailintake.store.tables import CASES, IDENTIFIERS, OUTBOX, PARTICIPANTS
from mailintake.store.types import key_of

_MOST = 200  # cases of people of one name; beyond that a name says nothing
_IS_OPEN = CASES.c.state.in_([state.value for state in OPEN])


class CaseReads(Reads):
    """Cases."""

    def case(self, number: str) -> Case | None:
        """By its number."""
        row = self._row(select(CASES.c.body).where(CASES.c.number == number))
        return None if row is None else decode(Case, row["body"])

    def cases(self, *, open_only: bool = True, limit: int = 1000, search: str = "") -> tuple[Case, ...]:
        """Oldest first; `search` is a part of the number, the company, or a name or number of an applicant."""
        asked = select(CASES.c.body).order_by(CASES.c.opened_at, CASES.c.number).limit(limit)
        if open_only:
            asked = asked.where(_IS_OPEN)
        if search:
            people = select(IDENTIFIERS.c.case_number)
            key = key_of(search)
            named = CASES.c.number.in_(people.where(IDENTIFIERS.c.identifier.contains(key, autoescape=True)))
            plain = [column.icontains(search, autoescape=True) for column in (CASES.c.number, CASES.c.company)]
            asked = asked.where(or_(*plain, named) if key else or_(*plain))
        return self._cases(asked)

    def candidates(
        self,
        tokens: Sequence[str],
        numbers: Sequence[str],
        sender: str,
        company_domain: str,
        identifiers: Sequence[str],
    ) -> Candidates:
        """What could matter for one mail, each list oldest case first; `company_domain` empty: nothing by domain."""
        sent = self._sent(tokens)
        named = sorted({key for identifier in identifiers if (key := key_of(identifier))})
        newest = _by_age(select(CASES.c.body)).where(CASES.c.number.in_(_linked(IDENTIFIERS, "identifier", named)))
        return Candidates(
            by_token=sent,
            by_number=self._numbered(numbers),
            by_sender=self._open_with("addr", sender),
            by_company_domain=self._open_with("domain", company_domain),
            by_person=self._cases(newest.limit(_MOST))[::-1] if named else (),
            token_cases=self._numbered([letter.case for letter in sent if letter.case]),
        )

    def sent(self, message_id: str) -> Sent | None:
        """One of our letters."""
        return next(iter(self._sent([message_id])), None)

    def _sent(self, message_ids: Sequence[str]) -> tuple[Sent, ...]:
        """In the order asked for."""
        if not message_ids:
            return ()
        asked = select(OUTBOX.c.message_id, OUTBOX.c.case_number, OUTBOX.c.recipients, OUTBOX.c.sha256)
        rows = self._rows(asked.where(OUTBOX.c.message_id.in_(sorted(set(message_ids)))))
        letters = (Sent(row["message_id"], row["case_number"], tuple(row["recipients"]), row["sha256"]) for row in rows)
        known = {letter.message_id: letter for letter in letters}
        return tuple(known[name] for name in dict.fromkeys(message_ids) if name in known)

    def _numbered(self, numbers: Sequence[str]) -> tuple[Case, ...]:
        """In the order asked for."""
        if not numbers:
            return ()
        found = {case.number: case for case in self._cases(_by_number(sorted(set(numbers))))}
        return tuple(found[number] for number in dict.fromkeys(numbers) if number in found)

    def _open_with(self, column: str, value: str) -> tuple[Case, ...]:
        if not value:
            return ()
        linked = _linked(PARTICIPANTS, column, [value.lower()])
        asked = select(CASES.c.body).where(_IS_OPEN, CASES.c.number.in_(linked))
        return self._cases(asked.order_by(CASES.c.opened_at, CASES.c.number))

    def _cases(self, asked: Select) -> tuple[Case, ...]:  # type: ignore[type-arg]
        return tuple(decode(Case, row["body"]) for row in self._rows(asked))


def _by_age(asked: Select) -> Select:  # type: ignore[type-arg]
    return asked.order_by(CASES.c.opened_at.desc(), CASES.c.number.desc())


def _by_number(numbers: list[str]) -> Select:  # type: ignore[type-arg]
    return select(CASES.c.body).where(CASES.c.number.in_(numbers))


def _linked(table: Table, column: str, values: Sequence[str]) -> Select:  # type: ignore[type-arg]
    return select(table.c.case_number).where(table.c[column].in_(values))
