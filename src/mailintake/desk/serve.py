"""From a configuration to a running desk: no mailbox is opened, no password read, nothing sent from here."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import cast

import uvicorn

from mailintake.app.active import ActiveRules, RulesWatch, said_of
from mailintake.app.build import renewal, shells_for
from mailintake.config import Configuration, resource, resource_folders
from mailintake.desk.app import desk_app
from mailintake.desk.limits import Limit
from mailintake.desk.memory import Memory
from mailintake.desk.offers import Offers
from mailintake.desk.pages import environment, word_of
from mailintake.desk.pictures import Pictures
from mailintake.desk.place import Desk
from mailintake.desk.sessions import Sessions
from mailintake.errors import CannotListen
from mailintake.readers.port import PagePictures
from mailintake.worker.erasing import PICTURES
from mailintake.worker.shells import Shells

_REMEMBERED = 10_000  # cases of which the likely act is known
_TRIES, _WINDOW = 10, 15 * 60.0  # logins from one address, in seconds


def no_problem() -> str:
    """The rules on disk are those in force."""
    return ""


@contextmanager
def opened_desk(
    configuration: Configuration,
    *,
    https: bool = False,
    proxy_header: str = "",
    say: Callable[..., str] | None = None,
) -> Iterator[Desk]:
    """Everything the desk works with, closed again at the end. With the words of `say` its pages tell when other rules
    lie on the disk than are in force; those that come into force are taken at the next page."""
    with shells_for(configuration, with_mailboxes=False) as shells:
        active = ActiveRules(configuration)
        asked, renewed = RulesWatch(lambda: active.configuration, shells.clock), renewal(active)

        def problem() -> str:
            return "" if say is None else said_of(asked(), say)

        def renew(desk: Desk) -> None:
            other = renewed(desk.shells)
            if other is not None:
                fresh = desk_over(other)
                desk.shells, desk.pages, desk.offers, desk.likely = other, fresh.pages, fresh.offers, fresh.likely

        made = desk_over(shells, https=https, proxy_header=proxy_header, problem=problem)
        made.renew = renew
        yield made


def desk_over(
    shells: Shells, *, https: bool = False, proxy_header: str = "", problem: Callable[[], str] = no_problem
) -> Desk:
    """A desk over shells that are open."""
    configuration = shells.configuration
    templates = resource_folders("templates", configuration.rules_folder)
    drawing = cast("PagePictures", shells.readers)  # the pool does both: it is one confined process
    offers = Offers(
        resource("templates/desk/acts.yaml", configuration.rules_folder),
        resource("templates/desk/say.yaml", configuration.rules_folder),
        partial(word_of, shells.renderer.digest_words),
    )
    return Desk(
        shells=shells,
        sessions=Sessions(shells.store, shells.clock),
        pages=environment(templates, shells.renderer, offers.told),
        offers=offers,
        pictures=Pictures(drawing, shells.store.files, configuration.settings.data_folder / PICTURES),
        link_tries=Limit(_TRIES, _WINDOW, monotonic),
        likely=Memory(_REMEMBERED),
        problem=problem,
        https=https,
        proxy_header=proxy_header,
    )


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that takes connections there; port 0: any that is free. CannotListen where that is not possible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        opened = socket.create_server((host, port), family=family, backlog=128)
    except OSError as fault:
        where = f"cannot listen on {host}:{port}: {fault.strerror or fault}"
        raise CannotListen(where, fix="mailintake desk --listen 127.0.0.1:8481") from fault
    with opened:
        yield opened


def serve(desk: Desk, configuration: Configuration, sock: socket.socket, hosts: frozenset[str] = frozenset()) -> None:
    """Answer on that socket until SIGINT or SIGTERM; requests under way are finished."""
    settings = uvicorn.Config(
        desk_app(desk, resource("templates/desk/static", configuration.rules_folder), hosts),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        h11_max_incomplete_event_size=32 * 1024,
        limit_concurrency=100,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
    )
    _Server(settings).run(sockets=[sock])


class _Server(uvicorn.Server):
    """Ends on a signal and lets the program go on to its own end; uvicorn's own raises the signal once more."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Only the main thread hears signals."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {kind: signal.signal(kind, self.handle_exit) for kind in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for kind, handler in before.items():
                signal.signal(kind, handler)
