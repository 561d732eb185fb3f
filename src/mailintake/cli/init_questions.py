"""What `init` asks, each with its preset, until the answer can be used."""

import sys
from collections.abc import Callable
from os import R_OK, access
from pathlib import Path
from typing import TYPE_CHECKING

from mailintake.cli.common import hint
from mailintake.cli.words import say
from mailintake.config.addresses import is_address, is_host
from mailintake.config.catalogue import spoken
from mailintake.config.hosts import is_loopback
from mailintake.config.settings import Tls

if TYPE_CHECKING:
    from mailintake.app.initial import Answers
    from mailintake.app.providers import Provider, Server

_PORTS = range(1, 65536)


class Questions:
    """The dialogue. `address` and `provider` (its key) are presets from the command line."""

    provider: "Provider"

    def __init__(self, address: str, provider: str) -> None:
        self._address, self._key = address, provider

    def answers(self, *, service: bool) -> "Answers":
        """All of them."""
        from mailintake.app.initial import Answers, shipped_address
        from mailintake.app.providers import servers_for

        address = ask("init.address", self._address or shipped_address(), is_address, "init.wrong.address")
        self.provider = self._chosen(address)
        imap, smtp = servers_for(self.provider, address)
        login, ca_file = address, ""
        hint(say("init.servers", imap=_shown(imap), smtp=_shown(smtp), login=login))
        if not _yes("init.servers.right"):
            imap, smtp = _server("init.imap", imap), _server("init.smtp", smtp)
            login = ask("init.login", login, lambda text: text.isascii(), "init.wrong.login")
            ca_file = ask("init.ca_file", "", _is_readable, "init.wrong.ca_file")
        staff = ask("init.staff", "", lambda text: not text or is_address(text), "init.wrong.address")
        return Answers(address, imap, smtp, staff, service=service, login=login, ca_file=ca_file)

    def _chosen(self, address: str) -> "Provider":
        """The domain tells for 163, 126 and QQ; a company's own domain does not, so the list is shown."""
        from mailintake.app.providers import OTHER, provider_named, provider_of, providers

        known = provider_named(self._key) if self._key else provider_of(address)
        if known.key != OTHER or self._key:
            return known
        listed = providers()
        for number, one in enumerate(listed, 1):
            hint(f"  {number}  {one.titles[spoken().value]}")
        numbers = [str(number) for number in range(1, len(listed) + 1)]
        chosen = ask("init.provider", numbers[-1], numbers.__contains__, "init.wrong.provider")
        return listed[int(chosen) - 1]


def chosen_quietly(address: str, provider: str, *, service: bool) -> "Answers":
    """Nothing is asked."""
    from mailintake.app.initial import Answers, shipped_address
    from mailintake.app.providers import provider_named, provider_of, servers_for

    told = address or shipped_address()
    imap, smtp = servers_for(provider_named(provider) if provider else provider_of(told), told)
    return Answers(told, imap, smtp, service=service)


def chosen_again() -> bool:
    """It did not work: is the code to be typed once more?"""
    return _yes("init.again")


def ask(key: str, preset: str, good: Callable[[str], bool], wrong: str) -> str:
    """What is typed, or the preset; asked again until it can be used."""
    while True:
        print(say(key, default=preset), end="", file=sys.stderr, flush=True)
        answer = input().strip() or preset
        if good(answer):
            return answer
        hint(say(wrong, got=answer))


def _yes(key: str) -> bool:
    return ask(key, "y", lambda text: text.lower() in ("y", "n"), "init.wrong.yes").lower() == "y"


def _server(key: str, preset: "Server") -> "Server":
    from mailintake.app.providers import Server

    host = ask(key, preset.host, is_host, "init.wrong.host")
    port = ask("init.port", str(preset.port), lambda text: text.isdigit() and int(text) in _PORTS, "init.wrong.port")

    def protected(text: str) -> bool:
        return text in set(Tls) and (text != Tls.NONE or is_loopback(host))

    return Server(host, int(port), Tls(ask("init.tls", preset.tls.value, protected, "init.wrong.tls")))


def _is_readable(text: str) -> bool:
    return not text or (Path(text).is_file() and access(text, R_OK))


def _shown(server: "Server") -> str:
    return f"{server.host}:{server.port} ({server.tls.value})"
