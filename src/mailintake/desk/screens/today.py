"""今天: what must be done now, in the digest's order, each line with the one act that is likely."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.app.act_words import act_title
from mailintake.desk.offers import Offer
from mailintake.desk.pages import desk_of, page
from mailintake.desk.place import Desk
from mailintake.desk.views import days_left
from mailintake.model.case import MAIL_SIDE_OPEN, Case, State
from mailintake.model.letter import INTERNAL, OutboxEntry, OutboxState
from mailintake.model.summary import CaseSummary
from mailintake.model.zone import SHANGHAI

_NEWS = 400  # events of today that are looked through for what was done


@dataclass(frozen=True)
class DueRow:
    """A case with its last day and what is likely to be done."""

    case: CaseSummary
    left: int
    offer: Offer | None
    revision: int
    written: bool  # a letter about it waits for approval


@dataclass(frozen=True)
class DoneLine:
    """Something that was done today."""

    label: str
    case: str
    by: str
    at: datetime
    undo: int


@dataclass(frozen=True)
class NoticeLine:
    """A line that needs a person, with the mail it speaks of."""

    id: int
    code: str
    text: str
    case: str
    message: str
    sender: str
    subject: str


def today(request: Request) -> Response:
    """The queue of this morning."""
    desk = desk_of(request)
    store = desk.shells.store
    day = desk.now.astimezone(SHANGHAI).date()
    waiting = tuple(e for e in store.outbox((OutboxState.WAITING,)) if e.letter not in INTERNAL)
    summaries = store.summaries()
    due = [s for s in summaries if s.due is not None and s.due <= day]
    complete = [s for s in summaries if s.state is State.COMPLETE and s not in due]
    return page(
        request,
        "today.html",
        letters=waiting,
        due=sorted(_rows(desk, due, waiting, day), key=lambda row: row.left),
        complete=tuple(_rows(desk, complete, waiting, day)),
        lines=tuple(_lines(desk)),
        done=tuple(_done(desk, day)),
    )


def _rows(
    desk: Desk, summaries: Iterable[CaseSummary], waiting: tuple[OutboxEntry, ...], day: date
) -> Iterator[DueRow]:
    written = {number for entry in waiting for number in (entry.case,)}
    for summary in summaries:
        case = desk.shells.store.case(summary.number)
        if case is None:
            continue
        left = days_left(summary.due, desk.shells.rules.calendar, day) if summary.due else 0
        yield DueRow(summary, left, _likely(desk, case), case.revision, summary.number in written)


def _likely(desk: Desk, case: Case) -> Offer | None:
    if case.state is State.CORRECTION_OVERDUE or case.state not in MAIL_SIDE_OPEN:
        return None
    likely = desk.offers.for_case(case, desk.shells.rules, desk.words, ()).likely
    return likely[0] if likely else None


def _lines(desk: Desk) -> Iterator[NoticeLine]:
    for row in desk.shells.store.notices():
        mail = desk.shells.store.message(row.notice.message) if row.notice.message else None
        sender, subject = (mail.sender, mail.subject) if mail else ("", "")
        said = row.notice
        yield NoticeLine(row.id, said.code, said.text, said.case, said.message, sender, subject)


def _done(desk: Desk, day: date) -> Iterator[DoneLine]:
    since = datetime.combine(day, time(), SHANGHAI)
    for event in desk.shells.store.newest_events(_NEWS, since=since):
        if not event.what.startswith("act."):
            continue
        record = desk.shells.store.record(event.sequence)
        open_still = record is not None and record.undone_by is None
        label = act_title(event.what.removeprefix("act."))
        yield DoneLine(label, event.case, event.actor.partition(":")[2], event.at, event.sequence if open_still else 0)


ROUTES = (Route("/", today, methods=["GET"]),)
