"""The desk as an ASGI application: which address is answered by which screen, and who may come in."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mailintake.desk import acting, login
from mailintake.desk.forms import form_of, form_read
from mailintake.desk.guard import Guard
from mailintake.desk.pages import Visitor, page
from mailintake.desk.place import Desk
from mailintake.desk.screens import SCREENS
from mailintake.desk.sessions import cookie_name
from mailintake.errors import MailintakeError

_OPEN = ("/login", "/static/", "/health")  # these need nobody
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml; charset=utf-8"}


def desk_app(desk: Desk, static: Path, hosts: frozenset[str] = frozenset()) -> ASGIApp:
    """The whole desk. `static` is the folder of the style sheet and the script, `hosts` as in guard.Guard."""
    assets = {file.name: file.read_bytes() for file in static.iterdir() if file.suffix in _TYPES}

    def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in assets:
            return PlainTextResponse("not found", 404)
        headers = {"cache-control": "public, max-age=3600"}
        return Response(assets[name], media_type=_TYPES[Path(name).suffix], headers=headers)

    routes = [
        Route("/static/{name}", asset),
        Route("/health", health),
        *login.ROUTES,
        *acting.ROUTES,
        *(route for screen in SCREENS for route in screen.ROUTES),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Door, desk=desk)],
        exception_handlers={404: not_found, MailintakeError: trouble, Exception: broken},
    )
    app.state.desk = desk
    return Guard(app, hosts=hosts, https=desk.https)


class Door:
    """Everybody but the asking for a login must be logged in; forms must carry the token of their session."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["path"].startswith(_OPEN):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        found = await run_in_threadpool(self._visitor, request)
        if found is None:
            asked = request.method in ("GET", "HEAD")
            answer = RedirectResponse("/login", 303) if asked else await _typed_in_vain(request)
            await answer(scope, receive, send)
            return
        scope.setdefault("state", {})["visitor"] = found
        await self._app(scope, receive, send)

    def _visitor(self, request: Request) -> Visitor | None:
        self._desk.renew(self._desk)
        known = self._desk.sessions.of(request.cookies.get(cookie_name(https=self._desk.https), ""))
        return Visitor(*known) if known else None


def health(request: Request) -> Response:
    """Does the desk work? No personal data."""
    desk: Desk = request.app.state.desk
    try:
        version = desk.shells.rules.version
        desk.shells.store.staff()
    except MailintakeError as fault:
        return JSONResponse({"status": "down", "fault": type(fault).__name__}, 503)
    return JSONResponse(
        {"status": "ok", "rules": version, "rules_on_disk": "as_active" if not desk.problem() else "other"}
    )


def not_found(request: Request, _fault: Exception) -> Response:
    """In words, with a way back."""
    return page(request, "missing.html", 404) if _inside(request) else PlainTextResponse("not found", 404)


def trouble(request: Request, _fault: Exception) -> Response:
    """The program cannot do it now; it says what to do."""
    return _told(request, 503) if _inside(request) else PlainTextResponse("down", 503)


def broken(request: Request, _fault: Exception) -> Response:
    """A fault of ours: nothing of it is shown."""
    return _told(request, 500) if _inside(request) else PlainTextResponse("fault", 500)


def _told(request: Request, status: int) -> Response:
    """What was typed is shown again."""
    return page(request, "trouble.html", status, kept=acting.typed(form_read(request)))


async def _typed_in_vain(request: Request) -> Response:
    """The session was over when the form came: nothing is done, and nothing that was typed is lost."""
    said = await form_of(request)
    return page(request, "stale.html", 401, kept=acting.typed(said))


def _inside(request: Request) -> bool:
    return "visitor" in request.scope.get("state", {})
