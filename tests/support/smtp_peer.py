"""aiosmtpd, the drop of the demo, as a peer of the tests; and scripted servers that say what they like."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from mailintake.mailer.demo_drop import demo_drop

Script = Callable[[socket.socket], None]


@contextlib.contextmanager
def smtp_drop(folder: Path) -> Iterator[tuple[str, int]]:
    """(host, port) of a server that keeps every mail in the folder."""
    with demo_drop(folder) as told:
        yield told


@contextlib.contextmanager
def scripted(script: Script, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port on which every connection is handed to `script` in a thread; what it raises is the end of it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    def converse(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            script(context.wrap_socket(connection, server_side=True) if context else connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def dialogue(*answers: bytes) -> Script:
    """A server that greets with the first text and answers each line with the next one, whatever the line says.

    `TAG` in an answer becomes the first word of that line. After the last answer it hangs up.
    """

    def script(connection: socket.socket) -> None:
        reader = connection.makefile("rb")
        connection.sendall(answers[0])
        for answer in answers[1:]:
            words = reader.readline().split()
            if not words:
                return
            connection.sendall(answer.replace(b"TAG", words[0]))

    return script
