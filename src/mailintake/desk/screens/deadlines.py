"""期限板: what ends when, ours and theirs apart."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, page
from mailintake.desk.views import days_left
from mailintake.model.case import DeadlineKind
from mailintake.model.summary import CaseSummary
from mailintake.model.zone import SHANGHAI


@dataclass(frozen=True)
class Ending:
    """A case with its working days left."""

    case: CaseSummary
    left: int


def deadlines(request: Request) -> Response:
    """By last day."""
    desk = desk_of(request)
    today = desk.now.astimezone(SHANGHAI).date()
    rows = [
        Ending(s, days_left(s.due, desk.shells.rules.calendar, today))
        for s in desk.shells.store.summaries()
        if s.due is not None
    ]
    rows.sort(key=lambda row: (row.case.due, row.case.number))
    theirs = [row for row in rows if row.case.due_kind is DeadlineKind.CORRECTION]
    ours = [row for row in rows if row.case.due_kind is not DeadlineKind.CORRECTION]
    boards = ((desk.offers.sentence("board", "ours"), ours), (desk.offers.sentence("board", "theirs"), theirs))
    return page(request, "deadlines.html", boards=boards, provisional=sum(r.case.provisional for r in rows))


ROUTES = (Route("/deadlines", deadlines, methods=["GET"]),)
