"""What every request meets first: its size, its host, where a form came from, what the browser may do with the answer.

The headers are those of OWASP ASVS 5.0 chapter 3.4. Nothing of a stranger is ever a script, a frame or a style here.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; object-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}
BODY_LIMIT = 1 << 20  # bytes of a form; longest free text and to spare
_SAFE = frozenset({"GET", "HEAD"})


class Guard:
    """ASGI middleware around the whole desk.

    `hosts` are the names under which the desk may be asked for (against DNS rebinding); empty: any. `https` says that
    browsers reach it by TLS, through a reverse proxy or otherwise.
    """

    def __init__(self, app: App, *, hosts: frozenset[str] = frozenset(), https: bool = False) -> None:
        self._app, self._hosts, self._https = app, hosts, https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused:
            await _plain(_guarded(send, https=self._https), *refused)
            return
        await self._app(scope, _limited(receive), _guarded(send, https=self._https))

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self._hosts and host.lower() not in self._hosts and _name(host) not in self._hosts:
            return 421, "unknown host"
        if scope["method"] in _SAFE:
            return None
        if scope["method"] != "POST":
            return 405, "method not allowed"
        if not _from_here(headers, host):
            return 403, "this form did not come from this page"
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            return 413, "too much"
        return None


def _name(host: str) -> str:
    return host.rpartition(":")[0].lower() if host.rpartition(":")[2].isdecimal() else host.lower()


def _from_here(headers: dict[str, str], host: str) -> bool:
    """Origin (RFC 6454), or Sec-Fetch-Site where a browser sends none; without either, only programs that send no
    cookies come here, and the token in the form decides."""
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == host.lower()
    return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")


def _limited(receive: Receive) -> Receive:
    left = BODY_LIMIT

    async def within() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return within


def _guarded(send: Send, *, https: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message.get("headers", [])}
            wanted = HEADERS | ({"strict-transport-security": "max-age=31536000; includeSubDomains"} if https else {})
            more = [(k.encode(), v.encode()) for k, v in wanted.items() if k.encode() not in given]
            message = {**message, "headers": [*message.get("headers", []), *more]}
        await send(message)

    return guarded


async def _plain(send: Send, status: int, text: str) -> None:
    body = text.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
