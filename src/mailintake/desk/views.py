"""What the screens show of a case: pure, names in full (the clerk's job), nothing decided here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from mailintake.model.assessment import CheckedDocument, Flag
from mailintake.model.case import Applicant, Case, Deadline
from mailintake.model.document import Outcome
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet, WorkCalendar
from mailintake.stages.assess.open_items import open_items
from mailintake.stages.assess.requirements import variant_of
from mailintake.stages.deadline import working_days_between


@dataclass(frozen=True)
class Lack:
    """One thing that is still open, with everybody it is open for."""

    kind: str
    title: str
    code: str
    people: tuple[str, ...]
    tolerable: bool
    came: bool  # something came and is wrong; False: nothing came


@dataclass(frozen=True)
class Cell:
    """One square of the matrix: what counts for that person and kind."""

    state: str  # ok | bad | open | none
    codes: tuple[str, ...] = ()
    document: int | None = None  # its place in the case's list


@dataclass(frozen=True)
class Row:
    """One kind over all people."""

    kind: str
    title: str
    paper: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Term:
    """A last day in words' raw material. `left` counts working days, negative behind it."""

    deadline: Deadline
    left: int


def person_name(person: Applicant | None) -> str:
    """The name staff know somebody by."""
    return (person.name or person.name_pinyin) if person else ""


def lacks(case: Case, rules: RuleSet) -> tuple[Lack, ...]:
    """Everything open, grouped by item; what may not follow later comes first."""
    grouped: dict[tuple[str, str, bool], list[str]] = {}
    for item in open_items(case, rules):
        names = grouped.setdefault((item.kind, item.code, item.tolerable), [])
        if name := person_name(case.applicant(item.applicant)):
            names.append(name)
    missing = {(m.kind, m.code) for m in case.assessment.missing} if case.assessment else set()
    made = [
        Lack(kind, _title(kind, rules), code, tuple(dict.fromkeys(names)), tolerable, (kind, code) not in missing)
        for (kind, code, tolerable), names in grouped.items()
    ]
    return tuple(sorted(made, key=lambda lack: lack.tolerable))


def _title(kind: str, rules: RuleSet) -> str:
    known = rules.kinds.get(kind)
    return known.title if known else ""


def matrix(case: Case, rules: RuleSet) -> tuple[Row, ...]:
    """The list of the case, each item over its people and, last, the company and the group."""
    variant = variant_of(case, rules)
    documents = checked_documents(case)
    rows = []
    for requirement in (*variant.email, *variant.paper):
        kind = rules.kinds.get(requirement.kind)
        if kind is None or kind.fact:
            continue
        kinds = {requirement.kind, *requirement.alternatives}
        people: tuple[Applicant | None, ...] = (*case.applicants, None)
        personal = kind.scope is Scope.APPLICANT
        cells = tuple(
            _cell(case, kinds, person, documents) if personal is (person is not None) else Cell("none")
            for person in people
        )
        rows.append(Row(kind.key, kind.title, requirement in variant.paper, cells))
    return tuple({row.kind: row for row in rows}.values())


def checked_documents(case: Case) -> tuple[CheckedDocument, ...]:
    """Every document as last judged, in order of arrival."""
    return case.assessment.documents if case.assessment else ()


class Doubtful(NamedTuple):
    """A paper for a person's eyes."""

    place: int  # in the list of documents
    name: str  # of the file


class Conflict(NamedTuple):
    """Two values of one person."""

    person: str
    said: str


def doubtful(case: Case) -> tuple[Doubtful, ...]:
    """Papers that count and that the machine does not dare to judge."""
    return tuple(
        Doubtful(place, checked.document.name)
        for place, checked in enumerate(checked_documents(case))
        if checked.outcome is Outcome.NOT_CHECKED and checked.document.kind and not checked.superseded
    )


def _cell(case: Case, kinds: set[str], person: Applicant | None, documents: Iterable[CheckedDocument]) -> Cell:
    key = person.key if person else None
    alone = len(case.applicants) == 1
    found: Cell | None = None
    for place, checked in enumerate(documents):
        owner = checked.document.applicant or (case.applicants[0].key if alone and person else None)
        if checked.superseded or checked.document.kind not in kinds or (person is not None and owner != key):
            continue
        state = {Outcome.OK: "ok", Outcome.NOT_OK: "bad", Outcome.NOT_CHECKED: "open"}[checked.outcome]
        found = Cell(state, tuple(dict.fromkeys(f.code for f in checked.findings)), place)
    missing = case.assessment.missing if case.assessment else ()
    lacking = any(m.kind in kinds and m.applicant in (key, None) for m in missing)
    return found or Cell("bad" if lacking else "none", tuple(m.code for m in missing if m.kind in kinds)[:1])


def terms(case: Case, calendar: WorkCalendar, today: date) -> tuple[Term, ...]:
    """The last days that still count, nearest first."""
    counting = sorted((d for d in case.deadlines if not d.met), key=lambda d: d.due)
    return tuple(Term(d, days_left(d.due, calendar, today)) for d in counting)


def days_left(due: date, calendar: WorkCalendar, today: date) -> int:
    """Working days from today to `due`: 0 on the day, negative behind it."""
    left = working_days_between(today, due, calendar)
    return left if due >= today else min(left, -1)


def flags(case: Case) -> tuple[Flag, ...]:
    """Hints for staff, each once."""
    assessed = case.assessment.flags if case.assessment else ()
    return tuple(dict.fromkeys((*assessed, *case.flags)))


def conflicts(case: Case) -> tuple[Conflict, ...]:
    """Who is read in two ways, and how."""
    return tuple(Conflict(person_name(person), said) for person in case.applicants for said in person.conflicts)
