"""mailintake metrics: the state for Prometheus, once as a text, or served with a health page."""

from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mailintake.cli.common import ConfigFolder, hint, listen_address, looked
from mailintake.cli.words import say
from mailintake.errors import CannotListen, MailintakeError

if TYPE_CHECKING:
    from mailintake.app.state import Trouble

Listen = Annotated[str, Parameter(name="--listen", help=say("metrics.listen.help"))]
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(*, listen: Listen = "", config: ConfigFolder = None) -> int:
    """Exit code 0 whatever the state is. With --listen GET /metrics and GET /health (503 in trouble) until Ctrl+C."""
    if not listen:
        print(_now(config)[0], end="")
        return 0
    with _server(listen, config) as server:
        hint(say("metrics.serving", url=f"http://{server.server_address[0]!s}:{server.server_port}"))
        server.serve_forever()
    return 0


def _server(listen: str, config: Path | None) -> ThreadingHTTPServer:
    place = listen_address(listen, "127.0.0.1:9480", any_port=True)

    class Page(BaseHTTPRequestHandler):
        """Two pages, looked up anew at each request."""

        def do_GET(self) -> None:
            try:
                text, troubles = _now(config)
            except MailintakeError as fault:
                self._answer(503, f"{type(fault).__name__}\n")
                return
            if self.path == "/metrics":
                self._answer(200, text)
            elif self.path == "/health":
                self._answer(503 if troubles else 200, "\n".join((*troubles, "")) if troubles else "ok\n")
            else:
                self._answer(404, "\n")

        def _answer(self, status: int, text: str) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", _TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the library's name
            """Silence: Prometheus asks four times a minute."""

    try:
        return ThreadingHTTPServer(place, Page)
    except OSError as fault:
        raise CannotListen(f"{listen}: {fault}", fix="mailintake metrics --listen 127.0.0.1:9481") from None


def _now(config: Path | None) -> "tuple[str, tuple[Trouble, ...]]":
    from mailintake.app.metrics import exposition
    from mailintake.app.state import state_of, troubles

    now = datetime.now(UTC)
    with looked(config) as (configuration, store):
        state = state_of(store, configuration, now)
        found = troubles(state, now)
    return exposition(state, found), found
