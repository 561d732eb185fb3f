"""Folders of files as mailboxes: numbers that stay, files that grow, Maildir flags that change names."""

from pathlib import Path

import pytest

from mailintake.errors import MailboxUnavailable, MessageVanished
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.uid_list import FILE_NAME


def uids(folder: Path) -> list[int]:
    return [listed.ref.uid for listed in FolderMailbox("box", folder).list_all("INBOX")]


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / part).mkdir()
    return tmp_path


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(MailboxUnavailable, match="not a folder"):
        FolderMailbox("box", tmp_path / "absent").open()


def test_files_are_numbered_by_name_and_a_late_file_gets_the_next_number(tmp_path: Path) -> None:
    (tmp_path / "b.eml").write_bytes(b"b")
    (tmp_path / "c.EML").write_bytes(b"cc")
    assert uids(tmp_path) == [1, 2]
    (tmp_path / "a.eml").write_bytes(b"aaa")
    box = FolderMailbox("box", tmp_path)
    (late,) = box.list_after("INBOX", 2)
    assert (late.ref.uid, late.size) == (3, 3)


def test_other_files_hidden_files_and_folders_are_no_mails(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"a")
    (tmp_path / ".b.eml").write_bytes(b"half written")
    (tmp_path / "notes.txt").write_bytes(b"notes")
    (tmp_path / "d.eml").mkdir()
    assert uids(tmp_path) == [1]


def test_a_file_that_was_still_being_written_comes_again_when_it_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: ha")
    box = FolderMailbox("box", tmp_path)
    (half,) = box.list_after("INBOX", 0)
    (tmp_path / "a.eml").write_bytes(b"Subject: half\r\n\r\nno longer\r\n")
    (whole,) = box.list_after("INBOX", half.ref.uid)
    box.fetch(whole, tmp_path / "raw")
    assert (tmp_path / "raw").read_bytes().endswith(b"no longer\r\n")
    with pytest.raises(MessageVanished):
        box.fetch(half, tmp_path / "raw")


def test_letters_lie_in_the_folder_that_the_settings_name(tmp_path: Path) -> None:
    box = FolderMailbox("box", tmp_path, {"Sent": "gone out"})
    box.append("Sent", b"Message-ID: <1@office.example>\r\n\r\nbody\r\n")
    assert len(list((tmp_path / "gone out").glob("*.eml"))) == 1
    assert box.has_message_id("Sent", "<1@office.example>")


def test_a_removed_file_does_not_free_its_number(tmp_path: Path) -> None:
    for name in ("a.eml", "b.eml"):
        (tmp_path / name).write_bytes(b"x")
    assert uids(tmp_path) == [1, 2]
    (tmp_path / "b.eml").unlink()
    (tmp_path / "c.eml").write_bytes(b"x")
    assert uids(tmp_path) == [1, 3]


def test_a_damaged_number_list_means_a_new_uidvalidity(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"x")
    before = FolderMailbox("box", tmp_path).list_all("INBOX")[0].ref.uidvalidity
    (tmp_path / FILE_NAME).write_text("no numbers here\n")
    after = FolderMailbox("box", tmp_path).list_all("INBOX")[0].ref.uidvalidity
    assert after != before


def test_a_folder_that_cannot_be_written_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    (tmp_path / "a.eml").write_bytes(b"x")
    monkeypatch.setattr("mailintake.mailbox.uid_list.UidList._save", refuse)
    box = FolderMailbox("box", tmp_path)
    assert [listed.ref.uid for listed in box.list_all("INBOX")] == [1]
    assert box.list_after("INBOX", 1) == ()


def test_maildir_flags_and_the_move_to_cur_do_not_change_the_number(maildir: Path) -> None:
    (maildir / "new" / "1700000000.M1P1.host").write_bytes(b"one")
    (maildir / "tmp" / "1700000001.M1P1.host").write_bytes(b"half")
    before = uids(maildir)
    (maildir / "new" / "1700000000.M1P1.host").rename(maildir / "cur" / "1700000000.M1P1.host:2,RS")
    assert uids(maildir) == before == [1]


def test_maildir_folders_are_named_in_chinese(maildir: Path) -> None:
    for part in ("tmp", "new", "cur"):
        (maildir / ".&V4NXPpCuTvY-" / part).mkdir(parents=True)
    (maildir / ".&V4NXPpCuTvY-" / "new" / "1").write_bytes(b"spam")
    box = FolderMailbox("box", maildir)
    assert box.folders() == ("INBOX", "垃圾邮件")
    assert box.select("垃圾邮件").exists == 1


@pytest.mark.parametrize("name", ["../secret", "a/b", "..", ""])
def test_a_folder_name_cannot_lead_out_of_the_mailbox(tmp_path: Path, name: str) -> None:
    with pytest.raises(MailboxUnavailable):
        FolderMailbox("box", tmp_path / "box").append(name, b"x")
