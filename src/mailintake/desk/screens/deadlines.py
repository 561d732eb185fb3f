"""期限板: what ends when, ours and theirs apart."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.pages import desk_of, page
from mailintake.desk.place import Desk
from mailintake.desk.views import days_left
from mailintake.model.summary import CaseSummary
from mailintake.model.zone import SHANGHAI

_MOST = 80  # of one side; the nearest matter


@dataclass(frozen=True)
class Ending:
    """A case with its working days left."""

    case: CaseSummary
    left: int


@dataclass(frozen=True)
class Board:
    """The nearest last days of one side, and how many there are in all."""

    title: str
    rows: tuple[Ending, ...]
    count: int


def deadlines(request: Request) -> Response:
    """By last day."""
    desk = desk_of(request)
    return page(
        request,
        "deadlines.html",
        boards=(_board(desk, "ours", theirs=False), _board(desk, "theirs", theirs=True)),
        provisional=desk.shells.store.count_provisional(),
    )


def _board(desk: Desk, title: str, *, theirs: bool) -> Board:
    today, calendar = desk.now.astimezone(SHANGHAI).date(), desk.shells.rules.calendar
    rows, count = desk.shells.store.due_cases_until(None, _MOST, theirs=theirs)
    endings = tuple(Ending(row, days_left(row.due, calendar, today)) for row in rows if row.due)
    return Board(desk.offers.sentence("board", title), endings, count)


ROUTES = (Route("/deadlines", deadlines, methods=["GET"]),)
