"""来信: each mail as text, its files, why it was understood so, and what can be done about it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.offers import Offer
from mailintake.desk.pages import desk_of, number_of, page, visitor
from mailintake.desk.place import Desk
from mailintake.desk.screens.document import download
from mailintake.store.port import MessageRow
from mailintake.worker.shells import log_event

STEP = 50
_GUESS = re.compile(r"(LN-\d{4}-\d{6}-\d)")


@dataclass(frozen=True)
class Guess:
    """A case that the mail may belong to."""

    case: str
    why: str


def mails(request: Request) -> Response:
    """The newest first."""
    store, show = desk_of(request).shells.store, request.query_params.get("show", "")
    skip = number_of(request, "skip")
    status = "quarantined" if show == "quarantined" else ""
    disposition = show if show in ("for_staff", "parked") else ""
    rows = store.mail_page(STEP + 1, skip=skip, status=status, disposition=disposition)
    return page(request, "mails.html", rows=rows[:STEP], more=len(rows) > STEP, show=show, skip=skip)


def mail(request: Request) -> Response:
    """One mail."""
    desk = desk_of(request)
    row = desk.shells.store.message(request.path_params["sha256"])
    if row is None:
        return page(request, "missing.html", 404)
    reading = desk.shells.store.reading(row.sha256)
    _note_view(request, row)
    return page(
        request,
        "mail.html",
        row=row,
        mail=reading,
        guesses=tuple(_guesses(desk, row)),
        evidence=(),
        offers=tuple(_offers(desk, row)),
    )


def _note_view(request: Request, row: MessageRow) -> None:
    desk, who = desk_of(request), f"staff:{visitor(request).person.name}"
    with desk.shells.store.begin() as unit:
        log_event(unit, desk.now, "mail.viewed", message=row.sha256, actor=who)


def _guesses(desk: Desk, row: MessageRow) -> Iterator[Guess]:
    """Cases that the lines about this mail name."""
    for line in desk.shells.store.notices():
        if line.notice.message == row.sha256 and not row.cases:
            for number in dict.fromkeys(_GUESS.findall(line.notice.text)):
                yield Guess(number, line.notice.text)


def _offers(desk: Desk, row: MessageRow) -> Iterator[Offer]:
    names = ["answered", "no_action"]
    names += ["unlink"] if row.cases else ["link", "open_case"]
    names += ["not_spam"] if row.message_class == "spam" else ["is_spam"]
    for name in (*names, "write"):
        yield desk.offers.plain(name, desk.shells.rules)


def attachment(request: Request) -> Response:
    """One file of a mail, as a download."""
    desk = desk_of(request)
    reading, place = desk.shells.store.reading(request.path_params["sha256"]), request.path_params["place"]
    if reading is None or place >= len(reading.attachments):
        return page(request, "missing.html", 404)
    file = reading.attachments[place]
    return download(request, file.sha256, file.name)


def raw(request: Request) -> Response:
    """The mail as it came, as a download."""
    sha256 = request.path_params["sha256"]
    return download(request, sha256, f"{sha256[:12]}.eml")


ROUTES = (
    Route("/mails", mails, methods=["GET"]),
    Route("/mails/{sha256}", mail, methods=["GET"]),
    Route("/mails/{sha256}/raw", raw, methods=["GET"]),
    Route("/mails/{sha256}/files/{place:int}", attachment, methods=["GET"]),
)
