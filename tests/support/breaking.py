"""Named points of a program at which a test kills it, or lets the operating system say no.

`install` puts a thin wrapper around what touches disk, database, network and reader; the program itself knows nothing
of it. Points are counted from the moment the breaker is armed.
"""

import builtins
import io
import os
import signal
import socket
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from mailintake.store.unit import SqlUnit

DISK = ("fsync", "rename", "create", "unlink", "mkdir", "rmdir", "open", "write")
NETWORK = ("connect", "send", "receive", "dot", "answer")
UNIT = (
    *("add_message", "start_processing", "finish_message", "save_case", "look_again"),
    *("queue_letter", "move", "raise_mark", "note_mailbox"),
)
POINTS = (*DISK, *NETWORK, "commit", "read", *UNIT)
KILL_POINTS = tuple(f"{point}.{side}" for point in POINTS for side in ("before", "after"))
_FINAL_DOT = b".\r\n"


@dataclass
class Breaker:
    """`target`: at which call of which point (from 1) `action` happens; None: only count."""

    target: tuple[str, int] | None = None
    action: Callable[[], None] = lambda: None
    armed: bool = False
    happened: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    dotted: bool = False

    def reached(self, point: str) -> None:
        """Called at every point."""
        if self.armed:
            self.counts[point] += 1
            if (point, self.counts[point]) == self.target:
                self.happened = True
                self.action()

    def around(self, owner: Any, name: str, point: str) -> None:
        """Wrap a function or method."""
        real = getattr(owner, name)

        def wrapped(*args: Any, **options: Any) -> Any:
            self.reached(f"{point}.before")
            result = real(*args, **options)
            self.reached(f"{point}.after")
            return result

        setattr(owner, name, wrapped)

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """What happens here happens in another process, which this test does not break."""
        was, self.armed = self.armed, False
        try:
            yield
        finally:
            self.armed = was


def kill() -> None:
    """No handler, no clean-up, no last word."""
    os.kill(os.getpid(), signal.SIGKILL)


class _File:
    """A file opened for writing whose writes are points."""

    def __init__(self, real: Any, breaker: Breaker) -> None:
        self._real, self._breaker = real, breaker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *_: object) -> None:
        self._real.close()

    def write(self, data: Any) -> int:
        self._breaker.reached("write.before")
        written = int(self._real.write(data))
        self._breaker.reached("write.after")
        return written


def install(breaker: Breaker) -> None:
    """For the rest of this process: to be called in a child only."""
    for owner, name, point in (
        (os, "fsync", "fsync"),
        (os, "replace", "rename"),
        (tempfile, "mkstemp", "create"),
        (os, "unlink", "unlink"),
        (os, "mkdir", "mkdir"),
        (os, "rmdir", "rmdir"),
        (os, "open", "open"),
        (socket, "create_connection", "connect"),
        (DefaultDialect, "do_commit", "commit"),
        *((SqlUnit, name, name) for name in UNIT),
    ):
        breaker.around(owner, name, point)
    _install_files(breaker)
    _install_sockets(breaker)


def _install_files(breaker: Breaker) -> None:
    real = builtins.open

    def opened(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        if breaker.armed and mode == "wb":
            return _File(real(file, mode, *args, **options), breaker)
        return real(file, mode, *args, **options)

    builtins.open = io.open = opened


def _install_sockets(breaker: Breaker) -> None:
    send, receive = socket.socket.sendall, socket.socket.recv_into

    def sendall(self: socket.socket, data: Any, *flags: int) -> None:
        breaker.dotted = bytes(data) == _FINAL_DOT
        point = "dot" if breaker.dotted else "send"
        breaker.reached(f"{point}.before")
        send(self, data, *flags)
        breaker.reached(f"{point}.after")

    def recv_into(self: socket.socket, *args: Any) -> int:
        point, breaker.dotted = ("answer" if breaker.dotted else "receive"), False
        breaker.reached(f"{point}.before")
        count = receive(self, *args)
        breaker.reached(f"{point}.after")
        return count

    socket.socket.sendall, socket.socket.recv_into = sendall, recv_into  # type: ignore[method-assign, assignment]
