"""What a folder lists is held in columns and read as lines."""

import pytest

from mailintake.mailbox.listing import Listing
from mailintake.mailbox.port import FolderState, Listed
from mailintake.model.message import MessageRef

STATE = FolderState("INBOX", 7, 3)


def line(uid: int, size: int, date: str = "") -> Listed:
    return Listed(MessageRef("main", "INBOX", 7, uid), size, date)


def test_lines_come_in_the_order_of_their_numbers_however_the_server_tells_them() -> None:
    found = Listing("main", STATE)
    for uid, size, date in (
        (9, 90, "2026-11-02T09:00:00+08:00"),
        (2, 20, ""),
        (4_000_000_000, 5 * 2**40, "2026-11-03"),
    ):
        found.add(uid, size, date)
    found.add(9, 91, "2026-11-02T09:00:01.123456+08:00")
    wanted = (
        line(2, 20),
        line(9, 91, "2026-11-02T09:00:01.123456+08:00"),
        line(4_000_000_000, 5 * 2**40, "2026-11-03"),
    )
    assert found == wanted
    assert (found[-1], found[:2], len(found), bool(found)) == (wanted[-1], wanted[:2], 3, True)


def test_a_folder_without_mails_lists_nothing() -> None:
    found = Listing("main", STATE)
    assert found == ()
    assert not found
    with pytest.raises(IndexError):
        found[0]
