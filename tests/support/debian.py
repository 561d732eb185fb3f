"""Programs from Debian that tests start: absent ones fail loudly, with the name of the package."""

import os
import shutil

import pytest


def program(name: str, package: str) -> str:
    """Path of the program. Without it the test fails, or is skipped when MAILINTAKE_ALLOW_MISSING names the package."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    if path:
        return path
    message = f"{name} is not installed: apt-get install {package}"
    if package in os.environ.get("MAILINTAKE_ALLOW_MISSING", "").replace(",", " ").split():
        pytest.skip(message)
    pytest.fail(f"{message} (or set MAILINTAKE_ALLOW_MISSING={package})")


def free_ports(count: int) -> tuple[int, ...]:
    """Ports on loopback that nobody listens on now, all different."""
    import contextlib
    import socket

    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return tuple(int(probe.getsockname()[1]) for probe in probes)
