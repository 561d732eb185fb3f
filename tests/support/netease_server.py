"""The 163 stand-in as a program of its own: started, filled, switched and broken from the keyboard."""

import argparse
import contextlib
import ssl
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from tests.support.certificates import make_certificates
from tests.support.netease import Netease, Switches, netease
from tests.support.netease_faults import ADDRESSES, ANSWERS, BOUNCES, DOMAIN
from tests.support.netease_folder import FolderStore
from tests.support.netease_orders import obey, switches

_LOOK_EVERY = 1.0


def main(arguments: list[str] | None = None) -> None:
    """Until the end of the input or Ctrl+C."""
    given = _parsed(arguments)
    if given.list:
        _say("\n".join(f"{name}={value}" for name, value in switches().items()))
        _say("letters to: " + ", ".join((*(f"{name}@{DOMAIN}" for name in ADDRESSES), BOUNCES, ANSWERS)))
        return
    with contextlib.suppress(KeyboardInterrupt), running(given) as server:
        for order in given.order:
            _say(_obeyed(server, order))
        _say(f"IMAP {server.host}:{server.imap_port} SMTP {server.host}:{server.smtp_port}")
        _say(f"user {server.user} password {server.password} mails in {given.mails}")
        for line in sys.stdin:
            _say(_obeyed(server, line))
        if given.stay:
            threading.Event().wait()


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.support.netease", description=__doc__)
    parser.add_argument("order", nargs="*", help='"switch=value", "fault FETCH drop size=100", … as in netease.md')
    parser.add_argument("--mails", type=Path, default=Path("devserver-mails"), help="folder of the mails")
    parser.add_argument("--imap-port", type=int, default=1143)
    parser.add_argument("--smtp-port", type=int, default=1465)
    parser.add_argument("--tls", action="store_true", help="TLS from the first byte, with an authority made anew")
    parser.add_argument("--list", action="store_true", help="name every switch and every fault address")
    parser.add_argument("--stay", action="store_true", help="go on when the input ends")
    return parser.parse_args(arguments)


@contextlib.contextmanager
def running(given: argparse.Namespace) -> Iterator[Netease]:
    """Both servers over the folder; a file that is put there arrives within a second or so."""
    store, ended = FolderStore(given.mails), threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_EVERY):
            store.look()

    with (
        tempfile.TemporaryDirectory() as folder,
        netease(
            Switches(),
            _context(Path(folder)) if given.tls else None,
            store=store,
            ports=(given.imap_port, given.smtp_port),
        ) as server,
    ):
        threading.Thread(target=look, daemon=True).start()
        try:
            yield server
        finally:
            ended.set()


def _context(folder: Path) -> ssl.SSLContext:
    made = make_certificates(folder)
    _say(f"authority {made.authority}")
    return made.server_context()


def _obeyed(server: Netease, order: str) -> str:
    try:
        return obey(server, order)
    except ValueError as fault:
        return f"? {fault}"


def _say(text: str) -> None:
    if text:
        print(text, flush=True)  # noqa: T201
