"""Who runs mailboxes: servers and what a client logs in with, from templates/messages/providers.yaml."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from ruamel.yaml import YAML

from mailintake.config.resource import resource
from mailintake.config.settings import Tls

OTHER = "other"


@dataclass(frozen=True)
class Server:
    """Where to connect, and how that is protected."""

    host: str
    port: int
    tls: Tls = Tls.TLS


@dataclass(frozen=True)
class Provider:
    """One of them. `titles` by language, `code` names the explanation of what to log in with."""

    key: str
    titles: dict[str, str]
    domains: tuple[str, ...]
    imap: Server
    smtp: Server
    code: str


@cache
def providers() -> tuple[Provider, ...]:
    """All of them, as they are listed."""
    told = YAML(typ="safe", pure=True).load(resource("templates/messages/providers.yaml"))
    return tuple(
        Provider(
            key, dict(row["title"]), tuple(row["domains"]), _server(row["imap"]), _server(row["smtp"]), row["code"]
        )
        for key, row in told.items()
    )


def provider_of(address: str) -> Provider:
    """By the domain of the address; `other` where that does not tell."""
    domain = _domain(address)
    known = {name: provider for provider in providers() for name in provider.domains}
    return known.get(domain) or provider_named(OTHER)


def provider_named(key: str) -> Provider:
    """KeyError for one that is not listed."""
    return {provider.key: provider for provider in providers()}[key]


def servers_for(provider: Provider, address: str) -> tuple[Server, Server]:
    """IMAP and SMTP, with the address's own domain where the provider's servers are called by it."""
    domain = _domain(address)
    imap, smtp = (Server(way.host.format(domain=domain), way.port, way.tls) for way in (provider.imap, provider.smtp))
    return imap, smtp


def _server(row: dict[str, Any]) -> Server:
    return Server(row["host"], row["port"], Tls(row["tls"]))


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()
