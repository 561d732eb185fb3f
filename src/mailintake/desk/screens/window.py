"""窗口登记: originals that were seen, and cases that came without mail."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, drafts_of, page
from mailintake.desk.views import person_name
from mailintake.model.case import Case
from mailintake.model.procedure import Scope
from mailintake.model.rules import RuleSet
from mailintake.model.ruling import About, Ruling
from mailintake.stages.assess.requirements import variant_of

_MOST = 5
_FORM = "new_at_window"  # what is typed there is kept under this name


@dataclass(frozen=True)
class PaperRow:
    """One paper item of one person, or of the company."""

    kind: str
    title: str
    owner: str
    key: str
    seen: Ruling | None


def window(request: Request) -> Response:
    """The form and what was found."""
    desk, find = desk_of(request), request.query_params.get("find", "").strip()[:100]
    rules = desk.shells.rules
    found = []
    for summary in desk.shells.store.summaries(search=find, limit=_MOST) if find else ():
        case = desk.shells.store.case(summary.number)
        if case is not None:
            found.append((case, tuple(_papers(case, rules))))
    count = desk.shells.store.count_cases(search=find) if find else 0
    procedures = [
        (f"{p.key.value}.{v.id}", f"{p.title} {v.title}" if len(p.variants) > 1 else p.title)
        for p in rules.procedures
        for v in p.variants
    ]
    cities = tuple(city.city for city in rules.office.cities)
    draft = drafts_of(request, (_FORM,)).get(_FORM, {})
    return page(
        request, "window.html", find=find, found=found, count=count, procedures=procedures, cities=cities, draft=draft
    )


def _papers(case: Case, rules: RuleSet) -> Iterator[PaperRow]:
    ticked = {(r.key, r.value): r for r in case.rulings if r.about is About.PAPER}
    for requirement in variant_of(case, rules).paper:
        kind = rules.kinds.get(requirement.kind)
        if kind is None:
            continue
        people = case.applicants if kind.scope is Scope.APPLICANT else ()
        for person in people or (None,):
            key = person.key if person else ""
            yield PaperRow(kind.key, kind.title, person_name(person), key, ticked.get((kind.key, key)))


ROUTES = (Route("/window", window, methods=["GET"]),)
