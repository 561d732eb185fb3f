"""In and out: a link that works once, shown as a button, so that programs which open links do not use it up."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mailintake.desk.forms import form_of, rightful
from mailintake.desk.link_mail import mail_link
from mailintake.desk.pages import desk_of, page
from mailintake.desk.sessions import COOKIE, SESSION_LASTS


def ask(request: Request) -> Response:
    """The page that asks for an address, or lets in whom the proxy names."""
    desk = desk_of(request)
    named = request.headers.get(desk.proxy_header) if desk.proxy_header else None
    key = desk.sessions.open_for(named) if named else None
    if key is not None:
        return _entered(key, https=desk.https)
    return page(request, "login.html", key="", name="", state="")


async def send_link(request: Request) -> Response:
    """Queue the link to the address of somebody known. The answer is the same for a stranger."""
    desk = desk_of(request)
    if not desk.link_tries.allows(_from(request)):
        return page(request, "login.html", 429, key="", name="", state="often")
    said = await form_of(request)
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
    """Pressing the button does."""
    desk = desk_of(request)
    if not desk.link_tries.allows(_from(request)):
        return page(request, "login.html", 429, key="", name="", state="often")
    key = desk.sessions.log_in(request.path_params["key"])
    if key is None:
        return page(request, "login.html", 410, key="", name="", state="used")
    return _entered(key, https=desk.https)


async def leave(request: Request) -> Response:
    """The session ends on the server, too."""
    if not await rightful(request):
        return page(request, "stale.html", 403, kept={})
    await run_in_threadpool(desk_of(request).sessions.end, request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _entered(key: str, *, https: bool) -> Response:
    answer = RedirectResponse("/", 303)
    lasts = int(SESSION_LASTS.total_seconds())
    answer.set_cookie(COOKIE, key, max_age=lasts, httponly=True, samesite="strict", secure=https, path="/")
    return answer


def _from(request: Request) -> str:
    return request.client.host if request.client else ""


ROUTES = (
    Route("/login", ask, methods=["GET"]),
    Route("/login", send_link, methods=["POST"]),
    Route("/login/{key}", show_button, methods=["GET"]),
    Route("/login/{key}", enter, methods=["POST"]),
    Route("/logout", leave, methods=["POST"]),
)
