"""查找: one box for everything; the first hit shows at once what it still lacks."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.notes import note
from mailintake.desk.pages import desk_of, number_of, page
from mailintake.desk.views import doubtful, lacks, person_name, terms
from mailintake.model.zone import SHANGHAI

_MOST = 30


def search(request: Request) -> Response:
    """Cases (closed ones too) and mails."""
    desk = desk_of(request)
    q = request.query_params.get("q", "").strip()[:100]
    store, rules = desk.shells.store, desk.shells.rules
    rows = store.summaries(open_only=False, search=q, limit=_MOST) if q else ()
    case = store.case(rows[0].number) if rows else None
    first = None
    if case is not None:
        note(request, "case.viewed", case=case.number)
        first = {
            "case": case,
            "names": tuple(person_name(a) for a in case.applicants),
            "lacks": lacks(case, rules),
            "doubtful": doubtful(case),
            "terms": terms(case, rules.calendar, desk.now.astimezone(SHANGHAI).date()),
        }
    count = store.count_cases(open_only=False, search=q) if q else 0
    before = number_of(request, "before") or None
    mails = store.find_mails(q, _MOST + 1, before=before) if q else ()
    older = mails[_MOST - 1].id if len(mails) > _MOST else 0
    return page(request, "search.html", rows=rows, count=count, first=first, mails=mails[:_MOST], older=older)


ROUTES = (Route("/search", search, methods=["GET"]),)
