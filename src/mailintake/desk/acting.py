"""The one door for acts: the fields of the form are the fields of the act; what is refused loses nothing typed."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from typing import Any, get_type_hints

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailintake.app.act_words import act_title, refusal, to_correct
from mailintake.desk.forms import form_of, rightful
from mailintake.desk.notes import note
from mailintake.desk.pages import desk_of, page, visitor
from mailintake.model.act import ACTS, Act, Done, Door, Refused, Signed, TakeBack, Target, refused
from mailintake.worker.act_undo import take_back
from mailintake.worker.acts import perform

_TYPED = (
    "reason",
    "text",
    "paragraph",
    "people",
    "clause",
    "company",
    "other",
    "to",
    "due",
    "mail",
    "number",
)  # what a person writes
_FRAME = ("token", "act", "on", "target", "back", "revision", "seen", "hold", "draft")  # of a form; all else is its own
_NOT_ALLOWED = "by.role"  # stages/acts/frame.py
_PLACE = 200  # characters of the name of a form
HOLD = 60  # seconds in which an approved letter can be called back


async def act(request: Request) -> Response:
    """Do what the form says. Done: back to where it was shown, with what was done and the way back. Refused: the same
    form once more with the reason, and everything that was typed."""
    said = await form_of(request)
    if not await rightful(request):
        await run_in_threadpool(note, request, "desk.forged")
        return page(request, "stale.html", 403, kept=typed(said))
    made = await run_in_threadpool(_performed, request, said)
    if isinstance(made, Refused):
        return _again(request, made, said)
    await run_in_threadpool(_tell_done, request, made)
    return RedirectResponse(way_back(said), 303)


async def undo(request: Request) -> Response:
    """Take back the act of that event."""
    said = await form_of(request)
    if not await rightful(request):
        return page(request, "stale.html", 403, kept={})
    event = said.get("event", "")
    if not event.isascii() or not event.isdecimal():
        return page(request, "missing.html", 404)
    desk, who = desk_of(request), visitor(request)
    wish = TakeBack(int(event), desk.now, who.person.name, door=Door.DESK)
    made = await run_in_threadpool(take_back, desk.shells, wish)
    if isinstance(made, Refused):
        return _again(request, made, said)
    told = {"key": "undone", "act": act_title(made.act), "target": made.target}
    await run_in_threadpool(desk.sessions.tell, who.session, told)
    return RedirectResponse(way_back(said), 303)


async def keep(request: Request) -> Response:
    """What is being typed is kept on the server, for a browser that closes."""
    said = await form_of(request)
    if not await rightful(request):
        return Response(status_code=403)
    typed = {name: text for name, text in said.items() if name not in _FRAME and text.strip()}
    who, place = visitor(request).person.name, said.get("draft", "")[:_PLACE]
    await run_in_threadpool(desk_of(request).sessions.keep_draft, who, place, typed)
    return Response(status_code=204)


def signed_by(request: Request, act_: Act, said: Mapping[str, str]) -> Signed:
    """The act with who does it, what they saw, and why."""
    revision = said.get("revision", "")
    return Signed(
        act_,
        said.get("target", ""),
        visitor(request).person.name,
        desk_of(request).now,
        said.get("reason", "").strip(),
        int(revision) if revision.isascii() and revision.isdecimal() else None,
        Door.DESK,
    )


def _performed(request: Request, said: Mapping[str, str]) -> Done | Refused:
    made = act_of(said)
    if isinstance(made, Refused):
        return made
    desk = desk_of(request)
    done = perform(desk.shells, signed_by(request, made, said))
    if isinstance(done, Refused) and done.code == _NOT_ALLOWED:
        note(request, "desk.denied", act=made.name)
    if isinstance(done, Done) and said.get("draft"):
        desk.sessions.keep_draft(visitor(request).person.name, said["draft"][:_PLACE], {})
    return done


def act_of(said: Mapping[str, str]) -> Act | Refused:
    """The act that a form means, its fields made what they must be; or which field is not."""
    try:
        kind = ACTS[Target(said.get("on", ""))][said.get("act", "")]
    except (ValueError, KeyError):
        return refused("act.unknown", act=said.get("act", ""))
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for field in fields(kind):
        text = said.get(field.name)
        if text is None or (not text.strip() and field.default is not MISSING):
            if field.default is MISSING:
                return refused("field.missing", field=field.name)
            continue
        try:
            values[field.name] = _value(hints[field.name], text.strip())
        except ValueError:
            return refused("field.wrong", field=field.name, said=text.strip()[:80])
    if "hold" in hints and "hold" not in values:
        values["hold"] = HOLD
    made: Act = kind(**values)
    return made


def _value(wanted: Any, text: str) -> Any:
    if wanted is str:
        return text
    if wanted is int:
        return int(text)
    if wanted is bool:
        return text == "yes"
    if wanted is date:
        return date.fromisoformat(text)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return wanted(text)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def typed(said: Mapping[str, str]) -> Mapping[str, str]:
    """What a person wrote into a form."""
    return {name: text for name, text in said.items() if name in _TYPED and text.strip()}


def way_back(said: Mapping[str, str]) -> str:
    """Where the form was shown; only a place of this desk."""
    back = said.get("back", "/")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/"


def _again(request: Request, made: Refused, said: Mapping[str, str]) -> Response:
    desk = desk_of(request)
    why = refusal(made, desk.shells.renderer)
    now = dict(made.values).get("now", "") if made.code == "case.changed" else ""
    rest = {name: text for name, text in said.items() if name != "token"}
    return page(
        request,
        "refused.html",
        409,
        why=why,
        correct=to_correct(made),
        said=rest,
        kept=typed(said),
        back=way_back(said),
        revision=now,
        names=desk.offers.labels(said.get("act", "")),
        changed=made.code == "case.changed",
    )


def _tell_done(request: Request, made: Done) -> None:
    desk = desk_of(request)
    found = (desk.shells.store.outbox_entry(number) for number in made.letters)
    letters = [entry for entry in found if entry is not None and entry.sha256]
    titles = desk.shells.renderer.digest_words.letters
    gone = made.erases is not None and not made.waits_for
    told = {
        "key": "waits" if made.waits_for else "erased" if gone else "done",
        "act": act_title(made.act),
        "target": made.target,
        "undo": "" if gone else made.event,
        "letters": [titles.get(e.letter.value, e.letter.value) for e in letters],
    }
    desk.sessions.tell(visitor(request).session, told)


ROUTES = (
    Route("/act", act, methods=["POST"]),
    Route("/undo", undo, methods=["POST"]),
    Route("/drafts", keep, methods=["POST"]),
)
