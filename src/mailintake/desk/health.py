"""What doctor says of the desk: can its pages be made, is somebody there who may log in, does it answer?"""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException

from mailintake.app.doctor import Mark, Say, Told
from mailintake.config import Configuration, resource, resource_folders
from mailintake.desk.offers import Offers
from mailintake.desk.pages import environment
from mailintake.letters.render import Renderer
from mailintake.model.staff import MAY_ACT, Colleague

HOST, PORT = "127.0.0.1", 8480
_SECONDS = 2.0
Asked = Callable[[], str | None]


def examined(
    configuration: Configuration, staff: tuple[Colleague, ...], say: Say, asked: Asked | None = None
) -> Iterator[Told]:
    """`asked` gives the status of the desk that runs here, None where none does; left out: it is asked."""
    name = say("doctor.desk")
    fault = _broken(configuration)
    if fault:
        yield Told(Mark.BAD, name, fault, say("doctor.templates.fix"))
        return
    if not any(one.role in MAY_ACT and one.mail for one in staff):
        yield Told(Mark.ODD, name, say("doctor.desk.nobody"), "mailintake staff add --help")
        return
    status = (asked or answer)()
    if status is None:
        yield Told(Mark.ODD, name, say("doctor.desk.silent", where=f"{HOST}:{PORT}"), "mailintake desk")
    elif status != "ok":
        yield Told(Mark.BAD, name, say("doctor.desk.down", status=status), "mailintake doctor --offline")
    else:
        yield Told(Mark.GOOD, name, say("doctor.desk.good", where=f"{HOST}:{PORT}"))


def answer() -> str | None:
    """The status that the desk at its usual address tells; None where nothing answers as a desk does."""
    connection = HTTPConnection(HOST, PORT, timeout=_SECONDS)
    try:
        connection.request("GET", "/health")
        told = json.loads(connection.getresponse().read(10_000))
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return str(told.get("status", "")) if isinstance(told, dict) else None


def _broken(configuration: Configuration) -> str:
    """What is wrong with its words or pages, or nothing."""
    folder = configuration.rules_folder
    try:
        offers = Offers(
            resource("templates/desk/acts.yaml", folder), resource("templates/desk/say.yaml", folder), lambda _: ""
        )
        folders = resource_folders("templates", folder)
        pages = environment(folders, Renderer(*folders), offers.told)
        for name in pages.list_templates(filter_func=lambda n: n.startswith("desk/") and n.endswith((".html", ".txt"))):
            pages.get_template(name)
    except Exception as fault:  # YAML and Jinja raise whatever an edit provokes
        return f"{type(fault).__name__}: {fault}"
    return ""
