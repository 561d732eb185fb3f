"""Addresses as an SMTP command can carry them (RFC 5321 4.1.2)."""

import re

from mailintake.errors import MailerRefused

_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,255}|\[[0-9A-Fa-f:.IPv]{3,45}\]")


def wire_address(address: str) -> str:
    """The address with a Chinese domain in its ASCII form (RFC 5890).

    MailerRefused for what no server without SMTPUTF8 (NetEase has none) takes, and for anything that is no address.
    """
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            at = ""
    if not local.isascii():
        raise MailerRefused(f"{address!a} needs SMTPUTF8 (RFC 6531), which the provider does not offer")
    if not at or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise MailerRefused(f"{address!a} is not an address mail can be sent to")
    return f"{local}@{domain}"
