"""In and out: a link that works once, shown as a button, so that programs which open links do not use it up."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailintake.desk.forms import form_of, rightful
from mailintake.desk.link_mail import mail_link
from mailintake.desk.notes import note
from mailintake.desk.pages import desk_of, page
from mailintake.desk.place import Desk
from mailintake.desk.sessions import SESSION_LASTS, cookie_name
from mailintake.worker.shells import log_event


def ask(request: Request) -> Response:
    """The page that asks for an address, or lets in whom the proxy names."""
    desk = desk_of(request)
    named = _named(request, desk.proxy_header)
    known = (desk.sessions.colleague(named) or desk.sessions.by_mail(named)) if named else None
    key = desk.sessions.open_for(known.name) if known else None
    if key is not None:
        _note_entry(desk, key)
        return _entered(key, https=desk.https)
    return page(request, "login.html", key="", name="", state="")


async def send_link(request: Request) -> Response:
    """Queue the link to the address of somebody known. The answer is the same for a stranger."""
    desk, said = desk_of(request), await form_of(request)
    if not desk.link_tries.allows(said.get("mail", "").strip().lower()):
        return page(request, "login.html", 429, key="", name="", state="often")
    await run_in_threadpool(mail_link, desk, said.get("mail", ""), str(request.base_url))
    return page(request, "login.html", key="", name="", state="asked")


def show_button(request: Request) -> Response:
    """Looking at a link does not use it up."""
    desk, key = desk_of(request), request.path_params["key"]
    name = desk.sessions.whose_link(key)
    if name is None:
        return page(request, "login.html", 410, key="", name="", state="used")
    return page(request, "login.html", key=key, name=name, state="")


def enter(request: Request) -> Response:
    """Pressing the button does. Only wrong keys count as tries: behind a reverse proxy all come from one address."""
    desk = desk_of(request)
    key = desk.sessions.log_in(request.path_params["key"])
    if key is None:
        if not desk.link_tries.allows(_from(request)):
            return page(request, "login.html", 429, key="", name="", state="often")
        note(request, "desk.refused")
        return page(request, "login.html", 410, key="", name="", state="used")
    desk.sessions.end(request.cookies.get(cookie_name(https=desk.https), ""))  # whoever was logged in here before
    _note_entry(desk, key)
    return _entered(key, https=desk.https)


async def leave(request: Request) -> Response:
    """The session ends on the server, too."""
    if not await rightful(request):
        return page(request, "stale.html", 403, kept={})
    https = desk_of(request).https
    await run_in_threadpool(desk_of(request).sessions.end, request.cookies.get(cookie_name(https=https), ""))
    await run_in_threadpool(note, request, "desk.left")
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(https=https), secure=https, httponly=True, samesite="strict")
    answer.headers["clear-site-data"] = '"cache", "storage"'
    return answer


def _note_entry(desk: Desk, key: str) -> None:
    known = desk.sessions.of(key)
    if known is not None:
        with desk.shells.store.begin() as unit:
            log_event(unit, desk.now, "desk.entered", actor=f"staff:{known[1].name}")


def _entered(key: str, *, https: bool) -> Response:
    answer = RedirectResponse("/", 303)
    lasts = int(SESSION_LASTS.total_seconds())
    answer.set_cookie(
        cookie_name(https=https), key, max_age=lasts, httponly=True, samesite="strict", secure=https, path="/"
    )
    return answer


def _named(request: Request, header: str) -> str:
    """Name or address that the proxy gives, in UTF-8; header values come as Latin-1 (RFC 9110 5.5)."""
    said = request.headers.get(header, "") if header else ""
    return said.encode("latin-1", "replace").decode("utf-8", "replace").strip()


def _from(request: Request) -> str:
    return request.client.host if request.client else ""


ROUTES = (
    Route("/login", ask, methods=["GET"]),
    Route("/login", send_link, methods=["POST"]),
    Route("/login/{key}", show_button, methods=["GET"]),
    Route("/login/{key}", enter, methods=["POST"]),
    Route("/logout", leave, methods=["POST"]),
)
