"""What a folder lists, held as columns: a first look may list 100,000 mails, which are five megabytes then."""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from typing import overload

from mailintake.mailbox.port import FolderState, Listed
from mailintake.model.message import MessageRef

_DATE = 32  # characters of the longest date in ISO 8601


class Listing(Sequence[Listed]):
    """The mails of one folder in the order of their UIDs, each UID once; a line is made when it is asked for."""

    def __init__(self, mailbox: str, state: FolderState) -> None:
        self._mailbox, self._state = mailbox, state
        self._uids, self._sizes, self._dates = array("Q"), array("Q"), bytearray()

    def add(self, uid: int, size: int, internal_date: str) -> None:
        """One line of the server, wherever it belongs; the later one counts where a UID is told twice."""
        at, date = bisect_left(self._uids, uid), internal_date.encode().ljust(_DATE)[:_DATE]
        if at < len(self._uids) and self._uids[at] == uid:
            self._sizes[at], self._dates[at * _DATE : (at + 1) * _DATE] = size, date
            return
        self._uids.insert(at, uid)
        self._sizes.insert(at, size)
        self._dates[at * _DATE : at * _DATE] = date

    def __len__(self) -> int:
        """How many."""
        return len(self._uids)

    @overload
    def __getitem__(self, index: int) -> Listed: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Listed, ...]: ...
    def __getitem__(self, index: int | slice) -> Listed | tuple[Listed, ...]:
        """One line, or some. IndexError as ever."""
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        at = range(len(self))[index]
        date = self._dates[at * _DATE : (at + 1) * _DATE].decode().rstrip()
        ref = MessageRef(self._mailbox, self._state.folder, self._state.uidvalidity, self._uids[at])
        return Listed(ref, self._sizes[at], date)

    def __eq__(self, other: object) -> bool:
        """The same lines in the same order."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        """As a tuple's."""
        return hash(tuple(self))
