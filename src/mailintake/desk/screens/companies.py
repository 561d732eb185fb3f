"""单位与人员: who has applied before, their cards, and from when these can be renewed (guide 2.1②)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.checks.months import add_months
from mailintake.desk.notes import note
from mailintake.desk.pages import desk_of, number_of, page
from mailintake.desk.views import person_name
from mailintake.model.case import Case

STEP = 100  # companies of one page
_CASES = 60  # of one company on one page, the newest first
_WINDOW = 6  # months


@dataclass(frozen=True)
class PersonRow:
    """Somebody of the company, over all their cases."""

    name: str
    passport: str
    card: str
    expiry: str
    renew_from: str
    cases: tuple[str, ...]


def companies(request: Request) -> Response:
    """The list, or one company."""
    store, name = desk_of(request).shells.store, request.query_params.get("name", "").strip()[:200]
    find, skip = request.query_params.get("find", "").strip()[:100], number_of(request, "skip")
    if name:
        cases, count = store.of_company(name, _CASES, skip=skip)
        for case in cases:
            note(request, "case.viewed", case=case.number)
        contacts = {p.addr: p.name for case in cases for p in case.participants}
        return page(
            request,
            "company.html",
            company=name,
            people=tuple(people_of(cases)),
            contacts=tuple(sorted(contacts.items())),
            count=count,
            skip=skip,
            shown=len(cases),
        )
    counted = store.companies(find, STEP + 1, skip=skip)
    rows = tuple(counted.items())[:STEP]
    return page(request, "companies.html", rows=rows, find=find, skip=skip, step=STEP, more=len(counted) > STEP)


def people_of(cases: Sequence[Case]) -> list[PersonRow]:
    """One row a person, by passport or name; the newest card counts."""
    grouped: dict[str, list[Case]] = {}
    for case in cases:
        for person in case.applicants:
            grouped.setdefault(person_name(person), []).append(case)
    rows = []
    for name, theirs in sorted(grouped.items()):
        people = [p for case in theirs for p in case.applicants if person_name(p) == name]
        expiry = max((p.card_expiry for p in people), default="")
        rows.append(
            PersonRow(
                name,
                next((p.passport_no for p in reversed(people) if p.passport_no), ""),
                next((p.card_no for p in reversed(people) if p.card_no), ""),
                expiry,
                add_months(date.fromisoformat(expiry), -_WINDOW).isoformat() if expiry else "",
                tuple(case.number for case in theirs),
            )
        )
    return rows


ROUTES = (Route("/companies", companies, methods=["GET"]),)
