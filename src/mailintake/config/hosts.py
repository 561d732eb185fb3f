"""Which hosts are this machine itself: the only ones that may be spoken to without TLS."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Does the name or address mean this machine?"""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
