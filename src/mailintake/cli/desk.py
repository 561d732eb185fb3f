"""mailintake desk: the page staff work on, and one-time links into it."""

from typing import Annotated

from cyclopts import Parameter

from mailintake.cli.common import AsJson, ConfigFolder, hint, listen_address, print_json
from mailintake.cli.frame import make_app
from mailintake.cli.words import say
from mailintake.config.catalogue import Language, speak
from mailintake.errors import UsageError

app = make_app("desk")

Listen = Annotated[str, Parameter(name="--listen", help=say("desk.listen.help"))]
Url = Annotated[str, Parameter(name="--url", help=say("desk.url.help"))]
Proxy = Annotated[str, Parameter(name="--proxy-header", help=say("desk.proxy.help"))]
Name = Annotated[str, Parameter(help=say("desk.name.help"))]
DEFAULT = "127.0.0.1:8480"


@app.default
def desk(*, listen: Listen = DEFAULT, url: Url = "", proxy_header: Proxy = "", config: ConfigFolder = None) -> int:
    """Serve until it is told to stop."""
    from mailintake.cli.common import in_force
    from mailintake.desk.serve import listening, opened_desk, serve

    host, port = listen_address(listen, DEFAULT)
    configuration = in_force(config)
    behind_tls = url.startswith("https://")
    with (
        listening(host, port) as sock,
        opened_desk(configuration, https=behind_tls, proxy_header=proxy_header, say=say) as made,
    ):
        hint(say("desk.serving", url=url or f"http://{listen}/"))
        speak(Language.ZH)  # the pages are in Chinese, whatever the terminal is in
        serve(made, configuration, sock, hosts_of(listen, url))
    return 0


@app.command(name="login", help=say("desk.login.help"))
def login(
    name: Name, *, listen: Listen = DEFAULT, url: Url = "", config: ConfigFolder = None, json: AsJson = False
) -> int:
    """Print a link that lets somebody in once."""
    from mailintake.cli.common import opened
    from mailintake.desk.sessions import Sessions

    with opened(config) as (_, shells):
        key = Sessions(shells.store, shells.clock).link_for(name)
    if key is None:
        raise UsageError(say("desk.stranger", name=name), fix="mailintake staff add --help")
    link = f"{(url or f'http://{listen}').rstrip('/')}/login/{key}"
    if json:
        print_json(name=name, link=link)
    else:
        print(link)
    return 0


def hosts_of(listen: str, url: str) -> frozenset[str]:
    """The names under which the desk may be asked for: its own, and those of the address people use."""
    from urllib.parse import urlsplit

    own = {"localhost", "127.0.0.1", "::1", "[::1]", listen.lower(), listen.rpartition(":")[0].lower()}
    given = {urlsplit(url).netloc.lower(), (urlsplit(url).hostname or "").lower()} - {""} if url else set()
    return frozenset(own | given)
