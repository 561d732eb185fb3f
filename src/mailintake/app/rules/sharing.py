"""A long trial of rules on a second core: a child of this process takes half of the mails, with a store of its own."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from mailintake.config import Configuration
from mailintake.model.value import value
from mailintake.store.open import open_store
from mailintake.store.originals import open_files
from mailintake.store.port import MessageRow, Store

T = TypeVar("T")
Progress = Callable[[int, int], None]
Opened = Callable[[], AbstractContextManager[Store]]
_WORTH = 40  # mails: below, a second process costs more than it saves


@value
class _Made(Generic[T]):
    """What the child came to."""

    outcome: T


def another_store(configuration: Configuration) -> Opened:
    """Opens the same database once more, to read in it."""

    @contextmanager
    def opened() -> Iterator[Store]:
        settings = configuration.settings
        files = open_files(settings.originals, settings.data_folder, upload=False)
        with closing(open_store(settings.database_url, files, migrate=False)) as store:
            yield store

    return opened


def halves(
    run: Callable[[Store, Sequence[MessageRow], Progress], T],
    store: Store,
    rows: Sequence[MessageRow],
    another: Opened | None,
    progress: Progress | None,
) -> tuple[T, ...]:
    """What `run` makes of the rows, in their order: of all of them, or of either half where it is worth a process."""
    told = progress or (lambda _done, _total: None)
    total = len(rows)
    if another is None or total < _WORTH or len(os.sched_getaffinity(0)) == 1:
        return (run(store, rows, told),)
    middle = total // 2
    forked = multiprocessing.get_context("fork")  # rules and dictionaries are shared, not loaded a second time
    ours, theirs = forked.Pipe(duplex=False)
    child = forked.Process(target=_child, args=(theirs, run, another, rows[middle:]), daemon=True)
    child.start()
    theirs.close()
    beside = _Beside[T](ours)
    first = run(store, rows[:middle], lambda done, _: told(done + beside.done(), total))
    second = beside.outcome(lambda done: told(middle + done, total))
    child.join()
    return first, second if second is not None else run(
        store, rows[middle:], lambda done, _: told(middle + done, total)
    )


def _child(
    pipe: Connection,
    run: Callable[[Store, Sequence[MessageRow], Progress], T],
    another: Opened,
    rows: Sequence[MessageRow],
) -> None:
    with another() as store:
        pipe.send(_Made(run(store, rows, lambda done, _: pipe.send(done))))


class _Beside(Generic[T]):
    """What comes from the child: how far it is, at last what it came to. Nothing more where it died."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._at = pipe, 0
        self._made: _Made[T] | None = None
        self._ended = False

    def done(self) -> int:
        """How many rows it has done by now."""
        while not self._ended and self._pipe.poll():
            self._receive()
        return self._at

    def outcome(self, told: Callable[[int], None]) -> T | None:
        """Wait for it; None where there will be none."""
        while not self._ended:
            self._receive()
            told(self._at)
        return self._made.outcome if self._made is not None else None

    def _receive(self) -> None:
        try:
            got = self._pipe.recv()
        except EOFError:
            self._ended = True
            return
        if isinstance(got, _Made):
            self._made, self._ended = got, True
        else:
            self._at = int(got)
