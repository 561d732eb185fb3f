"""The bytes of one mail, slice by slice into a file: memory stays flat however large the mail."""

from collections.abc import Iterator
from pathlib import Path

from mailintake.errors import MailboxUnavailable

_SLACK = 2**20  # how much more than announced (twice the size, plus this) is still read: servers lie about sizes


def write_slices(slices: Iterator[bytes], announced: int, target: Path, limit: int | None = None) -> None:
    """Write them. The file is removed when anything fails; it is for reading at once, the store makes it last.

    With `limit` only that many bytes are taken. MailboxUnavailable when far more comes than was announced.
    """
    total = 0
    try:
        with target.open("wb") as file:
            for data in slices if limit is None else _first(slices, limit):
                total += len(data)
                if total > 2 * announced + _SLACK:
                    raise MailboxUnavailable(f"more than {total} bytes although {announced} were announced")
                file.write(data)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _first(slices: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The first `limit` bytes; no slice is asked for beyond them."""
    left = limit
    for data in slices:
        yield data[:left]
        left -= len(data)
        if left <= 0:
            return
