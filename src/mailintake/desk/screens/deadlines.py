"""期限板: what ends when, ours and theirs apart."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, number_of, page
from mailintake.desk.place import Desk
from mailintake.desk.views import days_left
from mailintake.model.summary import CaseSummary
from mailintake.model.zone import SHANGHAI

STEP = 80  # of one side on one page


@dataclass(frozen=True)
class Ending:
    """A case with its working days left."""

    case: CaseSummary
    left: int


@dataclass(frozen=True)
class Board:
    """Last days of one side, nearest first, from the one behind `skip` on, and how many there are in all."""

    side: str
    title: str
    rows: tuple[Ending, ...]
    count: int
    skip: int


def deadlines(request: Request) -> Response:
    """By last day."""
    desk = desk_of(request)
    return page(
        request,
        "deadlines.html",
        boards=(_board(desk, "ours", number_of(request, "ours")), _board(desk, "theirs", number_of(request, "theirs"))),
        step=STEP,
        provisional=desk.shells.store.count_provisional(),
    )


def _board(desk: Desk, side: str, skip: int) -> Board:
    today, calendar = desk.now.astimezone(SHANGHAI).date(), desk.shells.rules.calendar
    rows, count = desk.shells.store.due_cases_until(None, STEP, theirs=side == "theirs", skip=skip)
    endings = tuple(Ending(row, days_left(row.due, calendar, today)) for row in rows if row.due)
    return Board(side, desk.offers.sentence("board", side), endings, count, skip)


ROUTES = (Route("/deadlines", deadlines, methods=["GET"]),)
