"""审计: who did what when; the chain of the log checked; nothing here changes anything."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, page

_MOST = 200


def audit(request: Request) -> Response:
    """The newest lines, or those of a case."""
    number = request.query_params.get("case", "").strip()[:40]
    events = desk_of(request).shells.store.newest_events(_MOST, case=number)
    return page(request, "audit.html", events=events, number=number, checked=None)


def check(request: Request) -> Response:
    """Is every line as it was written?"""
    store = desk_of(request).shells.store
    events = store.newest_events(_MOST)
    return page(request, "audit.html", events=events, number="", checked=store.verify())


ROUTES = (Route("/audit", audit, methods=["GET"]), Route("/audit/check", check, methods=["GET"]))
