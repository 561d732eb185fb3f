"""One guarded IMAP connection: imapclient with a clock, a limit on what the server may make us hold, and no chatter.

A read timeout never fires on a server that sends one byte a second, so every call runs against a deadline; imaplib
reads a literal of whatever size is announced, so the limit is checked before.
"""

import imaplib
import io
import re
import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.response_parser import parse_fetch_response

ANSWER_BYTES = 32 * 2**20  # one command's whole answer; 100,000 lines of a listing are about 8 MiB
_LINE_BYTES = 2**20
_BUFFER_BYTES = 2**16
_LARGE_BYTES = 2**16  # a literal from here on goes into the one buffer
_SLICE = re.compile(rb"\d+ \(UID (\d+) (BODY\[\](?:<\d+>)?) \{\d+\}")  # RFC 3501 7.4.2, as most servers put it

Fetched = dict[int, dict[bytes, object]]


@dataclass
class Guard:
    """Times in seconds. `context` None means no TLS; `starttls` that it begins after the greeting, before the login."""

    connect: float
    read: float
    deadline: float
    context: ssl.SSLContext | None
    starttls: bool = False
    _end: float = field(default=0.0, init=False)
    _received: int = field(default=0, init=False)

    def start(self, seconds: float | None = None) -> None:
        """A new call begins: it must end within `seconds` (default: the deadline)."""
        self._end = time.monotonic() + (self.deadline if seconds is None else seconds)
        self._received = 0

    def wait(self) -> float:
        """How long the next read or write may block. TimeoutError when the call's time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self.read)

    def new_command(self) -> None:
        """What follows answers another command."""
        self._received = 0

    def count(self, size: int) -> None:
        """`size` more bytes of an answer are announced or there. imaplib's abort when they are too many."""
        self._received += size
        if self._received > ANSWER_BYTES:
            raise imaplib.IMAP4.abort(f"the server's answer exceeds {ANSWER_BYTES} bytes")


class _GuardedReader(io.RawIOBase):
    """The socket as a raw stream whose every read looks at the clock."""

    def __init__(self, sock: socket.socket, guard: Guard) -> None:
        self._sock, self._guard = sock, guard

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._sock.settimeout(self._guard.wait())
        return self._sock.recv_into(buffer)


class GuardedImap4(imaplib.IMAP4):
    """imaplib with its documented hooks (open, read, readline, send, shutdown) behind the guard.

    The first large literal of an answer is a view of one buffer and good until the next command: fresh memory for each
    costs as much as receiving it.
    """

    def __init__(self, host: str, port: int, guard: Guard) -> None:
        self._guard = guard
        self._buffer, self._taken = bytearray(), False
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        """Connect, with TLS from the first byte where there is a context."""
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), timeout or self._guard.connect)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # commands are small writes
        self._reader = self._buffered(self.sock)
        if self._guard.context is not None and not self._guard.starttls:
            try:
                self._wrap(self._guard.context)
            except BaseException:
                self.shutdown()
                raise

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> Any:
        """TLS from here on (RFC 3501 6.2.1). What was said or slipped in before in clear text is forgotten: neither a
        capability nor an answer from then counts (RFC 3501 11.1). imaplib's abort where it is not offered.
        """
        if "STARTTLS" not in self.capabilities:
            raise self.abort("the server does not offer STARTTLS")
        kind, data = self._simple_command("STARTTLS")
        if kind != "OK" or ssl_context is None:
            raise self.abort("the server does not begin TLS")
        self._wrap(ssl_context)
        self.untagged_responses = {}
        self._get_capabilities()
        return kind, data

    def _wrap(self, context: ssl.SSLContext) -> None:
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self._reader = self._buffered(self.sock)

    def _buffered(self, sock: socket.socket) -> io.BufferedReader:
        return io.BufferedReader(_GuardedReader(sock, self._guard), _BUFFER_BYTES)

    def read(self, size: int) -> bytes:
        """A literal; refused before a byte of it is read when it is too long."""
        self._guard.count(size)
        if size < _LARGE_BYTES or self._taken:
            return self._reader.read(size)
        self._taken = True
        if len(self._buffer) < size:
            self._buffer = bytearray(size)
        into = memoryview(self._buffer)[:size]
        return into[: self._reader.readinto(into)]  # type: ignore[return-value]  # shorter where the server hung up

    def readline(self) -> bytes:
        """One line with its end."""
        line = self._reader.readline(_LINE_BYTES)
        self._guard.count(len(line))
        return line

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Everything, within the clock."""
        self._guard.new_command()
        self._taken = False
        self.sock.settimeout(self._guard.wait())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the socket, whatever state it is in."""
        self._reader.close()
        self.sock.close()


class Session(IMAPClient):  # type: ignore[misc]
    """imapclient on a guarded connection, with the one command it cannot say: FETCH of an open range."""

    def __init__(self, host: str, port: int, guard: Guard) -> None:
        self._guard = guard
        tls_at_once = guard.context is not None and not guard.starttls
        super().__init__(host, port, ssl=tls_at_once, timeout=SocketTimeout(guard.connect, guard.read))
        self._imap.debug = 0  # at imapclient's level 5 every literal is formatted as text several times: 16x the CPU
        self.normalise_times = False
        self.folder_encode = False  # names that are not modified UTF-7 exist; folders.py decodes them one by one

    def _create_IMAP4(self) -> GuardedImap4:  # noqa: N802 -- the library's hook
        return GuardedImap4(self.host, self.port, self._guard)

    def fetch_set(self, numbers: str, items: str, *, by_uid: bool = True) -> Fetched:
        """FETCH of a set such as "7:*", keyed by UID, or by sequence number with the UID inside.

        imapclient 4.1's own fetch turns its set into integers and fails on a range.
        """
        if by_uid:
            kind, data = self._imap.uid("FETCH", numbers, items)
        else:
            kind, data = self._imap.fetch(numbers, items)
        self._checkok("fetch", kind, data)
        if len(data) == 2 and isinstance(data[0], tuple) and data[1] == b")" and (told := _SLICE.fullmatch(data[0][0])):
            return {int(told[1]): {told[2]: data[0][1]}}  # a slice and nothing else: the library takes 0.1 ms for it
        return dict(parse_fetch_response(data, False, by_uid))
