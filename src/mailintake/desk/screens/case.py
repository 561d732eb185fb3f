"""办件: what still lacks, until when, and what is next; everything else of the case below it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mailintake.desk.notes import deed, note
from mailintake.desk.offers import Offer
from mailintake.desk.pages import desk_of, drafts_of, page
from mailintake.desk.place import Desk
from mailintake.desk.views import checked_documents, conflicts, doubtful, flags, lacks, matrix, person_name, terms
from mailintake.model.case import Case, State
from mailintake.model.letter import OutboxState
from mailintake.model.summary import CaseSummary
from mailintake.model.zone import SHANGHAI
from mailintake.stages.flow import allowed

_OTHERS = 20


@dataclass(frozen=True)
class Line:
    """One line of the timeline."""

    at: datetime
    text: str
    by: str = ""
    href: str = ""
    note: str = ""


def case(request: Request) -> Response:
    """One case."""
    desk = desk_of(request)
    found = desk.shells.store.case(request.path_params["number"])
    if found is None:
        return page(request, "missing.html", 404)
    note(request, "case.viewed", case=found.number)
    rules = desk.shells.rules
    offers = desk.offers.for_case(found, rules, desk.words, desk.shells.store.staff())
    procedure = rules.procedure(found.procedure)
    others = _others(desk, found)
    return page(
        request,
        "case.html",
        case=found,
        names=tuple(name for a in found.applicants if (name := person_name(a))),
        variant_title=procedure.variant(found.variant).title if len(procedure.variants) > 1 else "",
        lacks=lacks(found, rules),
        doubtful=doubtful(found),
        terms=terms(found, rules.calendar, desk.now.astimezone(SHANGHAI).date()),
        matrix=matrix(found, rules),
        documents=checked_documents(found),
        titles={kind.key: kind.title for kind in rules.kinds.values()},
        owners={a.key: person_name(a) for a in found.applicants},
        flags=flags(found),
        conflicts=conflicts(found),
        waiting=desk.shells.store.outbox((OutboxState.WAITING,), cases=(found.number,)),
        ended=allowed(found.state, State.ERASED),
        likely=offers.likely,
        more=offers.more,
        drafts=drafts_of(request, _forms(found, offers.more)),
        others=others[:_OTHERS],
        others_more=len(others) > _OTHERS,
        others_count=desk.shells.store.count_cases(open_only=False, search=_searched(found)),
        searched=_searched(found),
        timeline=tuple(timeline(desk, found)),
    )


def _forms(found: Case, more: tuple[Offer, ...]) -> Iterator[str]:
    """The names under which what is typed on this page is kept."""
    yield from (f"{found.number}-{offer.name}" for offer in more)
    yield from (f"{found.number}-{flag.code}" for flag in flags(found))


def _others(desk: Desk, found: Case) -> tuple[CaseSummary, ...]:
    """The same people's and the same company's, related ones first; one more than are shown where there are more."""
    store = desk.shells.store
    numbers = dict.fromkeys(n for a in found.applicants for n in (a.passport_no, a.card_no, a.name) if n)
    seen: dict[str, CaseSummary] = {}
    for term in (*found.related, *numbers, found.company):
        if term:
            for summary in store.summaries(open_only=False, search=term, limit=_OTHERS + 2):
                seen.setdefault(summary.number, summary)
    seen.pop(found.number, None)
    return tuple(seen.values())[: _OTHERS + 1]


def _searched(found: Case) -> str:
    """What the search is asked that finds the cases of the same people."""
    return found.company or next((a.name for a in found.applicants if a.name), found.number)


def timeline(desk: Desk, found: Case) -> Iterator[Line]:
    """Mails, letters and acts, oldest first."""
    store, words = desk.shells.store, desk.words
    lines: list[Line] = []
    for sha256 in found.messages:
        if (row := store.message(sha256)) is not None:
            lines.append(
                Line(
                    row.received_at,
                    row.subject or desk.offers.sentence("flash", "mail"),
                    row.sender,
                    f"/mails/{row.sha256}",
                )
            )
    for entry in store.outbox(cases=(found.number,)):
        title = words.letters.get(entry.letter.value, entry.letter.value)
        at = entry.sent_at or entry.queued_at
        lines.append(Line(at, title, desk.letter_state(entry.state), f"/letters/{entry.id}"))
    notes = {(w.event): w.words or "" for w in store.words(case=found.number)}
    for event in store.events(found.number):
        if event.what.startswith(("act.", "undo")):
            lines.append(
                Line(event.at, deed(desk, event), event.actor.partition(":")[2], "", notes.get(event.sequence, ""))
            )
    yield from sorted(lines, key=lambda line: line.at)


ROUTES = (Route("/cases/{number}", case, methods=["GET"]),)
