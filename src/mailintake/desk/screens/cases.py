"""Everything in hand, by state, page by page."""

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, number_of, page

STEP = 50


def cases(request: Request) -> Response:
    """One page of the list."""
    summaries = desk_of(request).shells.store.summaries()
    state = request.query_params.get("state", "")
    chosen = [s for s in summaries if not state or s.state.value == state]
    skip = number_of(request, "skip")
    totals = Counter(s.state.value for s in summaries)
    return page(
        request,
        "cases.html",
        rows=chosen[skip : skip + STEP],
        count=len(chosen),
        totals=tuple(totals.items()),
        state=state,
        skip=skip,
        step=STEP,
    )


ROUTES = (Route("/cases", cases, methods=["GET"]),)
