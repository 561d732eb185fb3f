"""The one door for acts: the fields of the form are the fields of the act; what is refused loses nothing typed."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailintake.desk.forms import form_of, rightful
from mailintake.desk.pages import desk_of, page, visitor
from mailintake.model.act import ACTS, Act, Done, Door, Refused, Signed, Target
from mailintake.worker.acts import act_from, perform, undo

_FRAME = frozenset({"token", "target", "act", "kind", "revision", "reason", "back"})


async def act(request: Request) -> Response:
    """Do what the form says. Done: back to where it was shown, with what was done and the way back. Refused: the same
    form once more with the reason, and everything that was typed."""
    said = await form_of(request)
    if not await rightful(request):
        return page(request, "stale.html", 403, kept=_kept(said))
    answer = await run_in_threadpool(_performed, request, said)
    if isinstance(answer, Refused):
        desk_of(request).sessions.flash_refused(visitor(request).session, answer)
        return page(request, "refused.html", 409, refused=answer, said=said, kept=_kept(said), back=_back(said))
    desk_of(request).sessions.flash_done(visitor(request).session, answer)
    return RedirectResponse(_back(said), 303)


async def take_back(request: Request) -> Response:
    """Undo the act of that event."""
    said = await form_of(request)
    if not await rightful(request):
        return page(request, "stale.html", 403, kept={})
    who, event = visitor(request), said.get("event", "")
    if not event.isdecimal():
        return page(request, "missing.html", 404)
    answer = await run_in_threadpool(undo, desk_of(request).shells, int(event), who.person.name, Door.DESK)
    if isinstance(answer, Refused):
        return page(request, "refused.html", 409, refused=answer, said=said, kept={}, back=_back(said))
    desk_of(request).sessions.flash_undone(who.session, answer)
    return RedirectResponse(_back(said), 303)


async def keep(request: Request) -> Response:
    """What is being typed is kept on the server, for a browser that closes."""
    said = await form_of(request)
    if not await rightful(request):
        return Response(status_code=403)
    who, sessions = visitor(request), desk_of(request).sessions
    await run_in_threadpool(sessions.keep_draft, who.person.name, request.path_params["place"], _kept(said))
    return Response(status_code=204)
