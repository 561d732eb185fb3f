"""Addresses and hosts that operators write: a slip here is found only when a letter does not arrive."""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from mailintake.config.problems import fault
from mailintake.config.settings import Settings
from mailintake.config.sources import Source
from mailintake.config.tree import Loc
from mailintake.model.rules import Office

_ADDRESS = re.compile(r"[!-?A-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


def report_office(office: Office, source: Source) -> None:
    """Report every address of the office that is none."""
    _addresses((("intake_address",), office.intake_address), source)
    _addresses((("finance_address",), office.finance_address), source)
    for key in ("own_addresses", "staff_addresses"):
        for index, address in enumerate(getattr(office, key)):
            _addresses(((key, index), address), source)


def report_servers(settings: Settings, source: Source) -> None:
    """Report every server name and sender address of the settings that is none."""
    for loc, host in _hosts(settings):
        if host and not is_host(host):
            source.report(loc, fault("not-a-host", got=host))
    if settings.smtp.from_address:
        _addresses((("smtp", "from_address"), settings.smtp.from_address), source)
    for index, address in enumerate(settings.digest.recipients):
        _addresses((("digest", "recipients", index), address), source)


def _hosts(settings: Settings) -> Iterator[tuple[Loc, str]]:
    for index, box in enumerate(settings.mailboxes):
        yield ("mailboxes", index, "host"), box.host
    yield ("smtp", "host"), settings.smtp.host


def is_host(text: str) -> bool:
    """A host name of ASCII letters, digits, dots and hyphens (RFC 1123), or an IP address."""
    if _HOST.fullmatch(text):
        return ".." not in text
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def is_address(text: str) -> bool:
    """An address that a mail server takes: ASCII, one @, a domain with labels (RFC 5321 4.1.2)."""
    return _ADDRESS.fullmatch(text) is not None


def _addresses(told: tuple[Loc, str], source: Source) -> None:
    loc, address = told
    if not is_address(address):
        source.report(loc, fault("not-an-address", got=address))
