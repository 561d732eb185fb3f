"""Looking for cases."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    false,
    func,
    intersect,
    literal,
    or_,
    select,
    union,
)

from mailintake.model.case import OPEN, Case, State
from mailintake.model.summary import CaseSummary
from mailintake.model.understanding import Candidates, Sent
from mailintake.store.quick import Quick, filled, keys_of, numbered
from mailintake.store.reads import Reads, parts_of
from mailintake.store.rows import case_of
from mailintake.store.summary_row import case_summary
from mailintake.store.tables import CASES, CLOCK, IDENTIFIERS, OUTBOX, PARTICIPANTS, TERMS
from mailintake.store.terms import searched
from mailintake.store.types import key_of

_MOST = 200  # cases of people of one name; beyond that a name says nothing, and a number still does
FREQUENT = 4000  # cases with a word; fewer are found by the word and sorted
_BEYOND = "\U0010ffff"  # sorts behind whatever may follow
SUMMARY = [column for column in CASES.columns if column.name not in ("body", "rule_version")]
_NEWEST = (CASES.c.opened_at.desc(), CASES.c.number.desc())
_BODY = cast(CASES.c.body, Text).label("body")  # as it stands there
_IS_OPEN = CASES.c.state.in_([literal(state.value) for state in OPEN])
_NUMBERED = Quick(select(_BODY).where(CASES.c.number == bindparam("of_number")))


class CaseReads(Reads):
    """Cases."""

    def case(self, number: str) -> Case | None:
        """By its number."""
        return next((case_of(row["body"]) for row in self._quick(_NUMBERED, of_number=number)), None)

    def cases(self, *, open_only: bool = True, search: str = "") -> tuple[Case, ...]:
        """Whole, oldest first; see `summaries`."""
        return self._cases(_listed(select(_BODY), open_only, search))

    def summaries(
        self, *, open_only: bool = True, search: str = "", limit: int | None = None
    ) -> tuple[CaseSummary, ...]:
        """Oldest first, or, with a limit, the newest so many. `search`: the beginning of a name in characters or Latin
        letters, of the company or a part of it, of a number of a passport, card, telephone or case or its last four
        digits, of an address; or several such words."""
        if limit is None:
            return tuple(case_summary(row) for row in self._rows(_listed(select(*SUMMARY), open_only, search)))
        if search.strip() and self._is_frequent(search):
            asked = _listed(select(*SUMMARY), open_only, "").where(_has(search))
        else:
            asked = _listed(select(*SUMMARY), open_only, search)
        asked = asked.order_by(None).order_by(*_NEWEST).limit(limit)
        return tuple(case_summary(row) for row in self._rows(asked))

    def _is_frequent(self, search: str) -> bool:
        """Do so many cases have every word of it that the newest are found sooner by looking at case after case?"""
        whole, words = searched(search)
        return bool(whole) and all(self._terms(word) >= FREQUENT for word in words or (whole,))

    def _terms(self, key: str) -> int:
        """How many terms begin like that, counted no further than it matters."""
        return self._count(select(func.count()).select_from(_beginning(key).limit(FREQUENT).subquery()))

    def count_cases(self, *, open_only: bool = True, search: str = "") -> int:
        """How many `summaries` would give without a limit."""
        return self._count(
            select(func.count()).select_from(_listed(select(CASES.c.number), open_only, search).subquery())
        )

    def due_cases(self, rules: str, today: date | None) -> tuple[str, ...]:
        """Numbers of open cases that must be looked at by these rules: written since, counted by other rules, or, where
        a day is given, due on it."""
        other = (CLOCK.c.rules < rules) | (CLOCK.c.rules > rules)
        due = other if today is None else other | ((CLOCK.c.rules == rules) & (CLOCK.c.look_on <= today))
        return tuple(sorted(row["case_number"] for row in self._rows(select(CLOCK.c.case_number).where(due))))

    def candidates(
        self,
        tokens: Sequence[str],
        numbers: Sequence[str],
        sender: str,
        company_domain: str,
        identifiers: Sequence[str],
    ) -> Candidates:
        """What could matter for one mail, each list oldest case first; `company_domain` empty: nothing by domain."""
        sent = self.sent(tokens)
        return Candidates(
            by_token=sent,
            by_number=self._numbered(numbers),
            by_sender=self._open_with("addr", sender),
            by_company_domain=self._open_with("domain", company_domain),
            by_person=self._of_people(sorted({key for one in identifiers if (key := key_of(one))})),
            token_cases=self._numbered([letter.case for letter in sent if letter.case]),
        )

    def sent(self, message_ids: Iterable[str]) -> tuple[Sent, ...]:
        """Those of our letters, in the order asked for."""
        names = tuple(dict.fromkeys(message_ids))
        parts = (filled(part) for part in parts_of(names))
        rows = (row for part in parts for row in self._quick(_sent(len(part)), **numbered(part)))
        letters = (Sent(row["message_id"], row["case_number"], tuple(row["recipients"]), row["sha256"]) for row in rows)
        known = {letter.message_id: letter for letter in letters}
        return tuple(known[name] for name in names if name in known)

    def _of_people(self, keys: Sequence[str]) -> tuple[Case, ...]:
        """Cases of people with one of these numbers, and the newest of those with one of these names."""
        if not keys:
            return ()
        numbers = filled([key for key in keys if any(c.isdigit() for c in key)])
        names = filled(sorted(set(keys).difference(numbers)))
        asked = _of_people(len(numbers), len(names))
        rows = self._quick(asked, most=_MOST, **numbered(numbers, "number"), **numbered(names, "name"))
        return tuple(case_of(row["body"]) for row in rows)

    def _numbered(self, numbers: Sequence[str]) -> tuple[Case, ...]:
        """In the order asked for."""
        if not numbers:
            return ()
        once = tuple(dict.fromkeys(numbers))
        found = {number: case for number in once for case in self._not_erased(number)}
        return tuple(found[number] for number in once if number in found)

    def _not_erased(self, number: str) -> tuple[Case, ...]:
        case = self.case(number)
        return () if case is None or case.state is State.ERASED else (case,)

    def _open_with(self, column: str, value: str) -> tuple[Case, ...]:
        rows = self._quick(_OPEN_WITH[column], value=value.lower()) if value else []
        return tuple(case_of(row["body"]) for row in rows)

    def _cases(self, asked: Select) -> tuple[Case, ...]:  # type: ignore[type-arg]
        return tuple(case_of(row["body"]) for row in self._rows(asked))


def _listed(asked: Select, open_only: bool, search: str) -> Select:  # type: ignore[type-arg]
    asked = asked.order_by(CASES.c.opened_at, CASES.c.number)
    if open_only:
        asked = asked.where(_IS_OPEN)
    return asked.where(CASES.c.number.in_(found_by(search))) if search.strip() else asked


def found_by(search: str) -> Any:
    """Numbers of the cases that what was typed finds; none where it holds no letter and no digit."""
    whole, words = searched(search)
    if not whole:
        return select(TERMS.c.case_number).where(false())
    found = _beginning(whole)
    return union(found, intersect(*map(_beginning, words)).subquery().select()) if words else found


def _beginning(key: str) -> Any:
    return select(TERMS.c.case_number).where(TERMS.c.term >= key, TERMS.c.term < key + _BEYOND)


def _has(search: str) -> Any:
    """`found_by` as a question to one case, which an index by its number answers."""
    whole, words = searched(search)
    asked = [_beginning(key).where(TERMS.c.case_number == CASES.c.number).exists() for key in words]
    one = _beginning(whole).where(TERMS.c.case_number == CASES.c.number).exists()
    return or_(one, and_(*asked)) if asked else one


@cache
def _sent(size: int) -> Quick:
    asked = select(OUTBOX.c.message_id, OUTBOX.c.case_number, OUTBOX.c.recipients, OUTBOX.c.sha256)
    return Quick(asked.where(OUTBOX.c.message_id.in_(keys_of(OUTBOX.c.message_id, size))))


def _open_with(column: Column[Any]) -> Quick:
    linked = select(PARTICIPANTS.c.case_number).where(column == bindparam("value"))
    asked = select(_BODY).where(_IS_OPEN, CASES.c.number.in_(linked))
    return Quick(asked.order_by(CASES.c.opened_at, CASES.c.number))


_OPEN_WITH = {name: _open_with(PARTICIPANTS.c[name]) for name in ("addr", "domain")}


@cache
def _of_people(numbers: int, names: int) -> Quick:
    """For so many numbers and so many names."""
    named = select(CASES.c.number).where(CASES.c.number.in_(_linked(names, "name")))
    newest = named.order_by(*_NEWEST).limit(bindparam("most", type_=Integer)).subquery().select()
    asked = select(_BODY).where(CASES.c.number.in_(union(_linked(numbers, "number"), newest)))
    return Quick(asked.order_by(CASES.c.opened_at, CASES.c.number))


def _linked(size: int, name: str) -> Select[Any]:
    column = IDENTIFIERS.c.identifier
    return select(IDENTIFIERS.c.case_number).where(column.in_(keys_of(column, size, name)) if size else false())
