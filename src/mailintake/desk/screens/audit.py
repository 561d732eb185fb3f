"""审计: who did what when; the chain of the log checked; what is held about one person, and what would
be erased. Nothing is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.app.act_words import act_title, in_words
from mailintake.app.person import ASKED, held_about
from mailintake.config.catalogue import catalogue, spoken
from mailintake.desk.notes import deed, note
from mailintake.desk.pages import desk_of, number_of, page
from mailintake.desk.place import Desk
from mailintake.model.act import Erase
from mailintake.model.case import Event, State
from mailintake.model.erasure import ErasureGround
from mailintake.stages.acts.erasing import PROPOSED
from mailintake.stages.flow import allowed
from mailintake.worker.erasing import erasable

_MOST = 200
_LONGEST = 100  # characters of a name or a number


class Detail(NamedTuple):
    """One thing that a line holds, in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Line:
    """One line of the log, in words where there are any."""

    event: Event
    who: str
    what: str
    details: tuple[Detail, ...]  # what the line holds besides


def _lines(desk: Desk, events: tuple[Event, ...]) -> tuple[Line, ...]:
    say = desk.offers.sentence
    return tuple(
        Line(e, say("actor", e.actor.removeprefix("staff:")), _what(desk, e), tuple(_details(desk, e))) for e in events
    )


def _details(desk: Desk, event: Event) -> Iterator[Detail]:
    """Each thing that the line holds besides, labels and codes in words."""
    of_letter = event.what.startswith("letter.")
    for key, code in event.data:
        yield Detail(desk.offers.sentence("detail", key), _value(desk, key, str(code), of_letter=of_letter))


def _value(desk: Desk, key: str, code: str, *, of_letter: bool) -> str:
    match key:
        case "letter":
            return str(desk.words.letters.get(code, code))
        case "disposition":
            return catalogue("cli", spoken()).get(f"disposition.{code}", code)
        case "door":
            return desk.offers.value(key, code)
        case _:
            return in_words(key, code, desk.shells.renderer, of_letter=of_letter)


def _what(desk: Desk, event: Event) -> str:
    if event.what.startswith("act."):
        return deed(desk, event)
    said = desk.offers.sentence("event", event.what)
    return act_title(event.what) if said == event.what else said


def audit(request: Request) -> Response:
    """The newest lines, or those of a case."""
    number = request.query_params.get("case", "").strip()[:40]
    before = number_of(request, "before") or None
    events = desk_of(request).shells.store.newest_events(_MOST + 1, case=number, before=before)
    return _page(request, events, number=number)


def check(request: Request) -> Response:
    """Is every line as it was written?"""
    store = desk_of(request).shells.store
    return _page(request, store.newest_events(_MOST + 1), checked=store.verify())


def person(request: Request) -> Response:
    """Everything held about one person, for their request; each case of theirs gets a line in the log, or, where there
    is none, the log alone."""
    desk, asked = desk_of(request), request.query_params.get("who", "").strip()[:_LONGEST]
    held = held_about(desk.shells.store, asked) if asked else None
    if held is not None:
        for number in [case.number for case in held.cases] or [""]:
            note(request, ASKED, case=number)
    looks = _lines(desk, held.looks) if held else ()
    return page(
        request,
        "person.html",
        asked=asked,
        held=held,
        looks=looks,
        named=desk.offers.sentence,
        valued=desk.offers.value,
    )


def erase(request: Request) -> Response:
    """What would go with a case, what stays, and what stands in the way; the act itself goes through the one door."""
    desk = desk_of(request)
    case = desk.shells.store.case(request.query_params.get("case", "").strip().upper())
    if case is None:
        return page(request, "missing.html", 404)
    note(request, "case.viewed", case=case.number)
    gone = erasable(desk.shells.store, case) if allowed(case.state, State.ERASED) else None
    grounds = tuple(ground.value for ground in ErasureGround)
    asked = case.proposal if case.proposal is not None and case.proposal.act == Erase.name else None
    return page(request, "erase.html", case=case, gone=gone, grounds=grounds, asked=asked, said=desk.offers.sentence)


def _page(
    request: Request, events: tuple[Event, ...], *, number: str = "", checked: Sequence[str] | None = None
) -> Response:
    lines = _lines(desk_of(request), events[:_MOST])
    older = events[_MOST - 1].sequence if len(events) > _MOST else 0
    waiting = desk_of(request).shells.store.notices(code=PROPOSED)
    return page(request, "audit.html", events=lines, number=number, checked=checked, older=older, waiting=waiting)


ROUTES = (
    Route("/audit", audit, methods=["GET"]),
    Route("/audit/check", check, methods=["GET"]),
    Route("/audit/person", person, methods=["GET"]),
    Route("/audit/erase", erase, methods=["GET"]),
)
