"""How mailboxes and folders stand, and the program's own days, on SQLite and on PostgreSQL."""

from datetime import date, timedelta

import pytest
from tests.support.stored import LATER, NOW, ref, sha

from mailintake.model.digest import Digest
from mailintake.store.open import SqlStore
from mailintake.store.port import DigestDone, FolderPlace, FolderProgress, MailboxState, Pause, Restored

INBOX = FolderPlace("main", "INBOX", 7)
ODD = FolderPlace("main", "\u5f52\u6863: 2025", 7)


def test_only_what_is_named_changes_of_a_mailbox(store: SqlStore) -> None:
    assert store.mailbox("main") == MailboxState("main")
    with store.begin() as unit:
        unit.note_mailbox("main", polled_at=NOW, fault="it hung up", failing_since=NOW)
    with store.begin() as unit:
        unit.note_mailbox("main", reconciled_at=LATER, on_server=57, recorded=56)
        unit.note_mailbox("main", fault="", failing_since=None)
    assert store.mailbox("main") == MailboxState("main", NOW, LATER, 57, 56)
    assert store.mailbox("other") == MailboxState("other")
    assert store.verify() == ()


def test_a_folder_is_known_from_its_first_look_on(store: SqlStore) -> None:
    assert store.folder(INBOX) is None
    assert store.boundary("main", "INBOX") is None
    with store.begin() as unit:
        unit.open_folder(INBOX, "2026-10-30T08:00:00+08:00", [43, 1, 2, 3, 41, 42, 9])
        unit.open_folder(ODD, "", [])
    known = store.folder(INBOX)
    assert known == FolderProgress(0, (range(1, 4), range(9, 10), range(41, 44)))
    assert known is not None
    assert [uid for uid in range(50) if known.was_before(uid)] == [1, 2, 3, 9, 41, 42, 43]
    assert store.folder(FolderPlace("main", "INBOX", 8)) is None
    assert store.boundary("main", "INBOX") == "2026-10-30T08:00:00+08:00"
    assert (store.folder(ODD), store.boundary("main", ODD.folder)) == (FolderProgress(0), "")


def test_the_mark_of_a_folder_never_falls(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.open_folder(INBOX, "", [])
        unit.raise_mark(INBOX, 12)
        unit.raise_mark(INBOX, 7)
    assert store.folder(INBOX) == FolderProgress(12)
    with pytest.raises(LookupError), store.begin() as unit:
        unit.raise_mark(FolderPlace("main", "INBOX", 8), 1)


def test_mails_that_could_not_be_fetched_are_remembered_until_they_are(store: SqlStore) -> None:
    with store.begin() as unit:
        unit.open_folder(INBOX, "", [])
        unit.note_late(INBOX, 9, 0)
        unit.note_late(INBOX, 7, 1)
    with store.begin() as unit:
        unit.note_late(INBOX, 9, 2)
    assert store.folder(INBOX) == FolderProgress(0, (), {7: 1, 9: 2})
    with store.begin() as unit:
        unit.forget_late(INBOX, [7, 8])
    assert store.folder(INBOX) == FolderProgress(0, (), {9: 2})
    assert store.verify() == ()


def test_imported_mails_are_numbered_one_after_another(store: SqlStore) -> None:
    with store.begin() as unit:
        assert unit.next_uid("import") == 1
        unit.add_message(sha(1), ref(5), 1, NOW)
        assert (unit.next_uid("import"), unit.next_uid("office")) == (1, 6)


def test_every_digest_is_kept_and_the_newest_is_told(store: SqlStore) -> None:
    assert store.last_digest() is None
    with store.begin() as unit:
        unit.add_digest(Digest(1, date(2026, 11, 20), NOW - timedelta(days=3), NOW))
        unit.add_digest(Digest(2, date(2026, 11, 23), NOW, LATER, link="https://desk.example"))
    assert store.last_digest() == DigestDone(2, date(2026, 11, 23), NOW)
    assert store.digest_of(date(2026, 11, 23)) == Digest(2, date(2026, 11, 23), NOW, LATER, link="https://desk.example")
    assert store.digest_of(date(2026, 11, 24)) is None
    with pytest.raises(ValueError, match=r"(?i)unique"), store.begin() as unit:
        unit.add_digest(Digest(2, date(2026, 11, 24), LATER, LATER))


def test_one_pause_lasts_until_it_is_ended(store: SqlStore) -> None:
    assert store.pause() is None
    with store.begin() as unit:
        unit.pause_sending(NOW, LATER, "550 quota")
    with store.begin() as unit:
        unit.pause_sending(LATER, LATER + timedelta(days=1), "550 spam")
    assert store.pause() == Pause(LATER, LATER + timedelta(days=1), "550 spam")
    with store.begin() as unit:
        unit.end_pause(LATER)
    assert store.pause() is None
    assert store.verify() == ()


def test_a_restore_is_over_when_all_mailboxes_were_seen(store: SqlStore) -> None:
    assert store.restored() is None
    with store.begin() as unit:
        unit.mark_restored()
    assert store.restored() == Restored(None)
    with store.begin() as unit:
        unit.mark_caught_up(NOW)
        unit.mark_restored()
    assert store.restored() == Restored(None)
    with store.begin() as unit:
        unit.mark_caught_up(LATER)
    assert store.restored() == Restored(LATER)
