"""单位与人员: who has applied before, their cards, and from when these can be renewed (guide 2.1②)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.checks.months import add_months
from mailintake.desk.pages import desk_of, page
from mailintake.desk.views import person_name
from mailintake.model.case import Case

_MOST = 300
_CASES = 60  # of one company that are looked through for its people, the newest
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
    desk = desk_of(request)
    store, name = desk.shells.store, request.query_params.get("name", "").strip()[:200]
    find = request.query_params.get("find", "").strip()[:100]
    if not name:
        counted = Counter(s.company for s in store.summaries(open_only=False, search=find, limit=_MOST) if s.company)
        return page(
            request, "companies.html", company="", rows=counted.most_common(), find=find, people=(), contacts=()
        )
    numbers = [s.number for s in store.summaries(open_only=False, search=name, limit=_MOST) if s.company == name]
    numbers = numbers[:_CASES]
    cases = [case for number in numbers if (case := store.case(number)) is not None]
    contacts = {p.addr: p.name for case in cases for p in case.participants}
    return page(
        request,
        "companies.html",
        company=name,
        rows=(),
        find=find,
        people=tuple(people_of(cases)),
        contacts=tuple(sorted(contacts.items())),
    )


def people_of(cases: list[Case]) -> list[PersonRow]:
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
