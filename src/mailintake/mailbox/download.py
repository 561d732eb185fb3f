"""The bytes of one mail, slice by slice: memory stays flat however large the mail."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from mailintake.errors import MailboxUnavailable
from mailintake.mailbox.port import Slice

_SLACK = 2**20  # how much more than announced (twice the size, plus this) is still read: servers lie about sizes


class Arriving:
    """A mail on its way, as a stream that the store takes in: no file of its own in between. `size` came so far."""

    def __init__(self, slices: Iterator[Slice]) -> None:
        self._slices = slices
        self.size = 0

    def read(self, _size: int, /) -> Slice:
        """The next slice as it comes; empty at the end."""
        data = next(self._slices, b"")
        self.size += len(data)
        return data


def bounded(slices: Iterator[Slice], announced: int, limit: int | None = None) -> Iterator[Slice]:
    """The same slices, none of them empty; with `limit` only that many bytes, and no slice is asked for beyond them.

    MailboxUnavailable when far more comes than was announced.
    """
    total = 0
    for data in slices:
        total += len(data)
        if limit is not None and total >= limit:
            yield data[: len(data) - (total - limit)]
            return
        if total > 2 * announced + _SLACK:
            raise MailboxUnavailable(f"more than {total} bytes although {announced} were announced")
        yield data


def write_slices(slices: Iterator[Slice], target: Path) -> None:
    """Write them. The file is removed when anything fails; it is for reading at once, the store makes it last.

    MailboxUnavailable where it cannot be written.
    """
    try:
        with target.open("wb") as file:
            for data in slices:
                file.write(data)
    except BaseException as fault:
        with suppress(OSError):
            target.unlink()
        if isinstance(fault, OSError):
            raise MailboxUnavailable(f"{target}: {fault.strerror}") from fault
        raise
