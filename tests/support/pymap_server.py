"""pymap, the mailbox of the demo, as a peer of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailintake.mailbox.demo_server import demo_mailbox


@contextmanager
def pymap_server(folder: Path) -> Iterator[tuple[str, int, str, str]]:
    """(host, port, user, password) of an empty mailbox with Sent, Drafts and Junk."""
    with demo_mailbox(folder) as told:
        yield told
