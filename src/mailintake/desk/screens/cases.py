"""Everything in hand, by state, page by page."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, number_of, page

STEP = 50


def cases(request: Request) -> Response:
    """One page of the list."""
    store = desk_of(request).shells.store
    state, skip = request.query_params.get("state", ""), number_of(request, "skip")
    totals = store.open_by_state()
    chosen = tuple(one for one in totals if one.value == state) or tuple(totals)
    return page(
        request,
        "cases.html",
        rows=store.cases_in(chosen, STEP, skip=skip),
        count=sum(totals[one] for one in chosen),
        totals=tuple((one.value, count) for one, count in totals.items()),
        state=state,
        skip=skip,
        step=STEP,
    )


ROUTES = (Route("/cases", cases, methods=["GET"]),)
