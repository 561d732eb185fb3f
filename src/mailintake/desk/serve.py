"""From a configuration to a running desk: no mailbox is opened, no password read, nothing sent from here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import cast

from mailintake.app.build import shells_for
from mailintake.config import Configuration, resource, resource_folders
from mailintake.desk.app import desk_app
from mailintake.desk.limits import Limit
from mailintake.desk.offers import Offers
from mailintake.desk.pages import environment
from mailintake.desk.pictures import Pictures
from mailintake.desk.place import Desk
from mailintake.desk.sessions import Sessions
from mailintake.readers.port import PagePictures
from mailintake.worker.shells import Shells

PICTURES = "desk-pictures"
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
    problem: Callable[[], str] = no_problem,
) -> Iterator[Desk]:
    """Everything the desk works with, closed again at the end."""
    with shells_for(configuration, with_mailboxes=False) as shells:
        yield desk_over(shells, https=https, proxy_header=proxy_header, problem=problem)


def desk_over(
    shells: Shells, *, https: bool = False, proxy_header: str = "", problem: Callable[[], str] = no_problem
) -> Desk:
    """A desk over shells that are open."""
    configuration = shells.configuration
    templates = resource_folders("templates", configuration.rules_folder)
    drawing = cast("PagePictures", shells.readers)  # the pool does both: it is one confined process
    return Desk(
        shells=shells,
        sessions=Sessions(shells.store, shells.clock),
        pages=environment(templates, shells.renderer),
        offers=Offers(
            resource("templates/desk/acts.yaml", configuration.rules_folder),
            resource("templates/desk/say.yaml", configuration.rules_folder),
        ),
        pictures=Pictures(drawing, shells.store.files, configuration.settings.data_folder / PICTURES),
        link_tries=Limit(_TRIES, _WINDOW, monotonic),
        problem=problem,
        https=https,
        proxy_header=proxy_header,
    )


def serve(desk: Desk, configuration: Configuration, host: str, port: int, hosts: frozenset[str] = frozenset()) -> None:
    """Answer until SIGINT or SIGTERM. OSError where the address is taken."""
    import uvicorn

    app = desk_app(desk, resource("templates/desk/static", configuration.rules_folder), hosts)
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        h11_max_incomplete_event_size=32 * 1024,
        limit_concurrency=100,
        timeout_keep_alive=15,
    )
