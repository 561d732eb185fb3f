"""One guarded SMTP connection: smtplib with a clock on every answer and our own choice of what may count as sent."""

import io
import select
import smtplib
import socket
import ssl
import time

_REPLY_BUFFER = 2**13


class _Drip(io.RawIOBase):
    """The socket as a raw stream that ends at a moment, however slowly the peer goes on talking."""

    def __init__(self, sock: socket.socket, peer: "Peer") -> None:
        self._sock, self._peer = sock, peer

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        left = self._peer.patience_ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("no complete answer in time")
        self._sock.settimeout(left)
        return self._sock.recv_into(buffer)


class Peer(smtplib.SMTP):
    """`implicit` is the context for TLS from the first byte. Every answer must be complete in `patience` seconds."""

    def __init__(self, host: str, local_hostname: str, patience: float, implicit: ssl.SSLContext | None) -> None:
        super().__init__(local_hostname=local_hostname, timeout=patience)
        self._host = host  # smtplib's own name for what STARTTLS verifies
        self._implicit = implicit
        self.patience = patience
        self.patience_ends = 0.0

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        sock = socket.create_connection((host, port), timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # the final dot is a write of its own
        if self._implicit is None:
            return sock
        try:
            return self._implicit.wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise

    def getreply(self) -> tuple[int, bytes]:
        """One whole answer; smtplib's own errors, or TimeoutError."""
        self.patience_ends = time.monotonic() + self.patience
        if self.file is None and self.sock is not None:
            self.file = io.BufferedReader(_Drip(self.sock, self), _REPLY_BUFFER)
        return super().getreply()

    def send(self, s: "str | bytes | bytearray | memoryview") -> None:  # type: ignore[override]
        """Everything within `patience`."""
        if self.sock is not None:
            self.sock.settimeout(self.patience)
        super().send(s)

    def spoke_unasked(self) -> bool:
        """Are there bytes of an answer to nothing? Then later answers cannot be told apart."""
        if self.file is None or self.sock is None:
            return False
        self.patience_ends = 0.0
        try:
            buffered = bool(self.file.peek(1))
        except TimeoutError:
            buffered = False
        return buffered or bool(select.select([self.sock], [], [], 0)[0])

    def auth_once(self, user: str, password: str) -> tuple[int, bytes]:
        """AUTH by one mechanism only: a second try with the same password counts towards the provider's lock-out."""
        self.user, self.password = user, password
        offered = self.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered or "LOGIN" not in offered:
            return self.auth("PLAIN", self.auth_plain)
        return self.auth("LOGIN", self.auth_login)
