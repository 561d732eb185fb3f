"""待批信: the letters that wait, each beside the papers it speaks of; one key approves, sixty seconds call it back."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from itertools import groupby

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailintake.desk.acting import HOLD, signed_by
from mailintake.desk.forms import form_of, rightful
from mailintake.desk.offers import Offer
from mailintake.desk.pages import desk_of, drafts_of, page, visitor
from mailintake.desk.place import Desk
from mailintake.desk.screens.mails import note_view
from mailintake.desk.views import checked_documents, lacks, person_name
from mailintake.model.act import Approve, Done, Recall
from mailintake.model.letter import INTERNAL, OutboxEntry, OutboxState
from mailintake.worker.acts import perform

_OFFERED = {
    OutboxState.WAITING: ("approve", "edit", "reject"),
    OutboxState.READY: ("recall",),
    OutboxState.FAILED: ("send_again", "reject"),
    OutboxState.REJECTED: ("send_again",),
    OutboxState.SHADOWED: ("send_again",),
    OutboxState.DRAFTED: ("sent",),
}


@dataclass(frozen=True)
class Part:
    """A run of text: the same as before, gone, or new."""

    kind: str  # same | was | now
    text: str


def _waiting(desk: Desk) -> tuple[OutboxEntry, ...]:
    entries = desk.shells.store.outbox((OutboxState.WAITING,))
    return tuple(e for e in entries if e.letter not in INTERNAL)


def letters(request: Request) -> Response:
    """The list by kind."""
    desk = desk_of(request)
    waiting = sorted(_waiting(desk), key=lambda e: (e.letter.value, e.id))
    groups = [(kind.value, tuple(entries)) for kind, entries in groupby(waiting, key=lambda e: e.letter)]
    held = tuple(e for e in desk.shells.store.outbox((OutboxState.READY,)) if e.send_after > desk.now and e.approved_by)
    return page(request, "letters.html", groups=groups, count=len(waiting), held=held)


def letter(request: Request) -> Response:
    """One letter as it will look."""
    desk = desk_of(request)
    entry = desk.shells.store.outbox_entry(request.path_params["id"])
    if entry is None:
        return page(request, "missing.html", 404)
    case = desk.shells.store.case(entry.case) if entry.case else None
    mail = desk.shells.store.reading(entry.in_answer_to) if entry.in_answer_to else None
    if mail is not None:
        note_view(request, mail.sha256)
    rules = desk.shells.rules
    waiting = [e.id for e in _waiting(desk)]
    later = next((n for n in (*(w for w in waiting if w > entry.id), *waiting) if n != entry.id), None)
    here, offers = f"/letters/{entry.id}", tuple(_offers(desk, entry))
    place = waiting.index(entry.id) + 1 if entry.id in waiting else 0
    return page(
        request,
        "letter.html",
        entry=entry,
        state=desk.letter_state(entry.state),
        text=text_of(desk, entry.sha256),
        difference=tuple(_difference(desk, entry)),
        case=case,
        names=tuple(person_name(a) for a in case.applicants) if case else (),
        lacks=lacks(case, rules) if case else (),
        documents=checked_documents(case) if case else (),
        mail=mail,
        offers=offers,
        drafts=drafts_of(request, (f"{entry.id}-{offer.name}" for offer in offers)),
        position=f"{place} / {len(waiting)}" if place else "",
        next_id=later,
        here=here,
        after=f"/letters/{later}" if later else "/letters",
    )


def _offers(desk: Desk, entry: OutboxEntry) -> Iterator[Offer]:
    for name in _OFFERED.get(entry.state, ()):
        extra: Mapping[str, str] = {"seen": entry.sha256, "hold": str(HOLD)} if name == "approve" else {}
        yield desk.offers.offer(name, lambda _: (), extra)


def text_of(desk: Desk, sha256: str) -> str:
    """The plain text of a stored letter; empty where its bytes are gone."""
    try:
        raw = desk.shells.store.files.path(sha256).read_bytes()
    except (KeyError, OSError):
        return ""
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def _difference(desk: Desk, entry: OutboxEntry) -> Iterator[Part]:
    """Against the bytes that somebody approved before, line by line; nothing where there were none."""
    if not entry.before_sha256 or entry.before_sha256 == entry.sha256:
        return
    old, new = (text_of(desk, s).splitlines(keepends=True) for s in (entry.before_sha256, entry.sha256))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Part("same", "".join(new[c:d]))
            continue
        if old[a:b]:
            yield Part("was", "".join(old[a:b]))
        if new[c:d]:
            yield Part("now", "".join(new[c:d]))


async def approve_all(request: Request) -> Response:
    """All letters of one kind that were on the page, each bound to the bytes that were shown."""
    return await _at_once(request, _approve)


async def _at_once(request: Request, act: Callable[[Request, Mapping[str, str]], None]) -> Response:
    said = await form_of(request)
    if not await rightful(request):
        return page(request, "stale.html", 403, kept={})
    await run_in_threadpool(act, request, said)
    return RedirectResponse("/letters", 303)


def _approve(request: Request, said: Mapping[str, str]) -> None:
    desk, done, left = desk_of(request), 0, 0
    for row in said.get("letter", "").splitlines():
        number, _, seen = row.partition(":")
        signed = signed_by(request, Approve(seen=seen, hold=HOLD), {"target": number})
        if isinstance(perform(desk.shells, signed), Done):
            done += 1
        else:
            left += 1
    key = "approved_but" if left else "approved"
    desk.sessions.tell(visitor(request).session, {"key": key, "count": done, "left": left})


async def recall_all(request: Request) -> Response:
    """All letters that were approved within the last minute and stand on the page wait again."""
    return await _at_once(request, _recall)


def _recall(request: Request, said: Mapping[str, str]) -> None:
    desk = desk_of(request)
    signed = [signed_by(request, Recall(), {"target": number}) for number in said.get("letter", "").splitlines()]
    done = sum(isinstance(perform(desk.shells, one), Done) for one in signed)
    desk.sessions.tell(visitor(request).session, {"key": "recalled", "count": done, "left": len(signed) - done})


ROUTES = (
    Route("/letters", letters, methods=["GET"]),
    Route("/letters/approve", approve_all, methods=["POST"]),
    Route("/letters/recall", recall_all, methods=["POST"]),
    Route("/letters/{id:int}", letter, methods=["GET"]),
)
