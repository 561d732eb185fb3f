"""The demo's office after its day: its clock runs on, letters that a clerk approves go out, nothing else comes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from mailintake.app.build import shells_for
from mailintake.app.demo.servers import LETTERS
from mailintake.config import Configuration
from mailintake.mailer.drop import DropMailer
from mailintake.worker.passes import Worker
from mailintake.worker.shells import Shells

_EVERY = 5.0  # seconds between two passes


def running_clock(start: datetime) -> Callable[[], datetime]:
    """From that moment on as fast as real time."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)


@contextmanager
def open_office(configuration: Configuration, folder: Path, now: datetime) -> Iterator[Shells]:
    """The shells over what the demo wrote into `folder`; beside them a thread sends what is due, into the same drop."""
    settings = replace(configuration.settings, data_folder=folder / "data", database="", mailboxes=())
    played = replace(configuration, settings=settings)
    with shells_for(played, clock=running_clock(now), mailer=DropMailer(folder / LETTERS)) as shells:
        over = threading.Event()
        sending = threading.Thread(target=_send, args=(shells, over), daemon=True)
        sending.start()
        try:
            yield shells
        finally:
            over.set()
            sending.join()


def _send(shells: Shells, over: threading.Event) -> None:
    worker = Worker(shells, ())
    while not over.wait(_EVERY):
        worker.run_once()
    worker.retire()
