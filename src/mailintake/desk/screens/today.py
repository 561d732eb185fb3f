"""今天: what must be done now, in the digest's order, each line with the one act that is likely."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.app.act_words import act_title
from mailintake.desk.offers import Offer
from mailintake.desk.pages import desk_of, page
from mailintake.desk.place import Desk
from mailintake.desk.views import days_left
from mailintake.model.case import MAIL_SIDE_OPEN, State
from mailintake.model.letter import INTERNAL, OutboxEntry, OutboxState
from mailintake.model.summary import CaseSummary
from mailintake.model.understanding import NoticeRow
from mailintake.model.zone import SHANGHAI
from mailintake.store.port import ActLine

_MOST = 40  # lines of one part; what is behind them comes up as they are done
_DONE = 40


@dataclass(frozen=True)
class DueRow:
    """A case with its last day and what is likely to be done; `letter`: one about it that waits for approval."""

    case: CaseSummary
    left: int
    offer: Offer | None
    letter: int


@dataclass(frozen=True)
class NoticeLine:
    """A line that needs a person, with the mail it speaks of."""

    id: int
    code: str
    text: str
    case: CaseSummary | None
    message: str
    sender: str
    subject: str


def today(request: Request) -> Response:
    """The queue of this morning."""
    desk = desk_of(request)
    store = desk.shells.store
    day = desk.now.astimezone(SHANGHAI).date()
    waiting = tuple(e for e in store.outbox((OutboxState.WAITING,)) if e.letter not in INTERNAL)
    due, due_count = store.due_cases_until(day, _MOST)
    listed = {summary.number for summary in due}
    complete = [s for s in store.cases_in((State.COMPLETE,), _MOST) if s.number not in listed]
    shown = len(complete) + sum(summary.state is State.COMPLETE for summary in due)
    midnight = datetime.combine(day, time(), SHANGHAI)
    done = tuple(_done(desk, midnight))
    notices, notice_count = store.first_notices(_MOST)
    return page(
        request,
        "today.html",
        letters=waiting[:_MOST],
        letter_count=len(waiting),
        due=tuple(_rows(desk, due, waiting, day)),
        due_count=due_count,
        complete=tuple(_rows(desk, complete, waiting, day)),
        complete_more=store.open_by_state().get(State.COMPLETE, 0) - shown,
        lines=tuple(_lines(desk, notices)),
        line_count=notice_count,
        done=done,
        done_more=sum(store.count_acts(midnight, desk.now + timedelta(days=1)).values()) - len(done),
    )


def _rows(
    desk: Desk, summaries: Iterable[CaseSummary], waiting: tuple[OutboxEntry, ...], day: date
) -> Iterator[DueRow]:
    written = {entry.case: entry.id for entry in reversed(waiting) if entry.case}
    for summary in summaries:
        left = days_left(summary.due, desk.shells.rules.calendar, day) if summary.due else 0
        yield DueRow(summary, left, _likely(desk, summary), written.get(summary.number, 0))


def _likely(desk: Desk, summary: CaseSummary) -> Offer | None:
    """Known from the summary, or remembered for that revision: a case is opened for it once."""
    if summary.state is State.CORRECTION_OVERDUE or summary.state not in MAIL_SIDE_OPEN:
        return None

    def asked() -> Offer | None:
        case = desk.shells.store.case(summary.number)
        likely = desk.offers.for_case(case, desk.shells.rules, desk.words, ()).likely if case else ()
        return likely[0] if likely else None

    return desk.likely.of((summary.number, summary.revision, desk.shells.rules.version), asked)


def _lines(desk: Desk, notices: tuple[NoticeRow, ...]) -> Iterator[NoticeLine]:
    mails = desk.shells.store.messages_of(row.notice.message for row in notices)
    cases = desk.shells.store.summaries_of(row.notice.case for row in notices)
    for row in notices:
        said, mail = row.notice, mails.get(row.notice.message)
        sender, subject = (mail.sender, mail.subject) if mail else ("", "")
        yield NoticeLine(row.id, said.code, said.text, cases.get(said.case), said.message, sender, subject)


def _done(desk: Desk, since: datetime) -> Iterator[tuple[str, ActLine]]:
    """What was done last, with what it is called."""
    for line in desk.shells.store.acts_since(since, _DONE):
        yield act_title(line.act), line


ROUTES = (Route("/", today, methods=["GET"]),)
