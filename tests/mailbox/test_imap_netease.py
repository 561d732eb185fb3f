"""The ways of imap.163.com that break ordinary clients."""

import re
from pathlib import Path

import pytest
from tests.mailbox.conftest import Connect
from tests.support.netease import Netease

from mailintake.errors import MailboxUnavailable, UnsafeLogin
from mailintake.mailbox.folders import special_names

MAIL = b"From: li@example.com\r\nSubject: one\r\n\r\nbody\r\n"


def test_id_is_said_after_login_and_before_select_on_every_connection(server: Netease, connect: Connect) -> None:
    box = connect()
    box.select("INBOX")
    box.close()
    box.select("INBOX")
    for connection in (1, 2):
        said = [verb for verb in server.state.commands(connection) if verb in ("LOGIN", "ID", "EXAMINE")]
        assert said == ["LOGIN", "ID", "EXAMINE"]


def test_a_server_that_wants_id_twice_is_satisfied(server: Netease, connect: Connect) -> None:
    server.switches.id_needed = 2
    assert connect().select("INBOX").exists == 0
    assert server.state.commands().count("ID") == 2


def test_unsafe_login_after_two_ids_is_told_with_advice_and_not_repeated(server: Netease, connect: Connect) -> None:
    server.switches.id_needed = 99
    with pytest.raises(UnsafeLogin) as told:
        connect().select("INBOX")
    assert "Unsafe Login" in str(told.value)
    assert "web mail" in told.value.fix
    assert server.state.commands().count("EXAMINE") == 2


def test_a_server_that_dies_on_unknown_commands_is_never_asked_for_id_it_does_not_offer(
    server: Netease, connect: Connect
) -> None:
    server.switches.capabilities = "IMAP4rev1"
    server.switches.id_needed = 0
    server.switches.dies_on_unknown = True
    server.store.add(MAIL)
    assert len(connect().list_after("INBOX", 0)) == 1
    assert "ID" not in server.state.commands()


@pytest.mark.parametrize("coremail", [True, False])
def test_both_greetings_and_an_ok_line_before_capabilities_are_understood(
    server: Netease, connect: Connect, coremail: bool
) -> None:
    server.switches.coremail_greeting = coremail
    server.switches.ok_before_capability = True
    assert connect().select("INBOX").uidvalidity == 1


def test_new_mail_is_found_without_uidnext_status_or_search(server: Netease, connect: Connect) -> None:
    server.switches.search_range = False
    first = server.store.add(MAIL)
    box = connect()
    box.select("INBOX")
    second = server.store.add(MAIL)
    assert [m.ref.uid for m in box.list_after("INBOX", first)] == [second]
    assert box.list_after("INBOX", second) == ()
    assert not {"STATUS", "SEARCH", "UID SEARCH", "IDLE"} & set(server.state.commands())


def test_nothing_is_ever_said_that_changes_the_mailbox(server: Netease, connect: Connect, tmp_path: Path) -> None:
    server.store.add(MAIL)
    box = connect()
    box.folders()
    (listed,) = box.list_all("INBOX")
    box.fetch(listed, tmp_path / "raw")
    box.has_message_id("Sent", "<a@b>")
    box.close()
    allowed = {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "FETCH", "UID FETCH", "NOOP", "LOGOUT"}
    assert set(server.state.commands()) <= allowed
    assert all("PEEK" in line for line in server.state.log if "BODY" in line)
    assert server.store.mails()[0].flags == set()


def test_tags_are_never_digits_only(server: Netease, connect: Connect) -> None:
    connect().select("INBOX")
    tags = [line.split()[1] for line in server.state.log]
    assert all(re.fullmatch(r"[A-Z]+\d+", tag) for tag in tags)


def test_chinese_folders_are_named_as_people_read_them(server: Netease, connect: Connect) -> None:
    box = connect()
    assert {"INBOX", "已发送", "草稿箱", "垃圾邮件", "病毒文件夹"} <= set(box.folders())
    server.store.add(MAIL, "&V4NXPpCuTvY-")
    assert box.select("垃圾邮件").exists == 1


def test_a_folder_that_is_not_there_is_named_in_the_error(connect: Connect) -> None:
    with pytest.raises(MailboxUnavailable, match="does not exist"):
        connect().select("已归档")


def test_special_folders_are_found_by_flag_or_else_by_their_chinese_names(server: Netease, connect: Connect) -> None:
    letter = b"Message-ID: <1@office>\r\n\r\nbody\r\n"
    connect().append("Sent", letter)
    server.switches.flags_in_list = False
    with pytest.raises(MailboxUnavailable, match="no folder for Drafts"):
        connect().append("Drafts", letter)
    words = special_names({"folder_sent": ["已发送"], "folder_drafts": ["草稿", "草稿箱"]})
    box = connect(special_folders=words)
    box.append("Drafts", letter)
    assert box.has_message_id("Sent", "<1@office>")
    assert [len(server.store.mails(wire)) for wire in ("&XfJT0ZAB-", "&g0l6P3ux-")] == [1, 1]
    assert server.store.mails("&g0l6P3ux-")[0].flags == {"\\Draft"}


def test_a_letter_is_looked_for_among_the_last_fifty_only(server: Netease, connect: Connect) -> None:
    for number in range(60):
        server.store.add(b"Message-ID: <%d@office>\r\n\r\nbody\r\n" % number, "&XfJT0ZAB-")
    box = connect()
    assert box.has_message_id("Sent", "<59@office>")
    assert box.has_message_id("Sent", "<10@office>")
    assert not box.has_message_id("Sent", "<9@office>")


def test_a_renumbered_folder_shows_by_its_uidvalidity(server: Netease, connect: Connect) -> None:
    server.store.add(MAIL)
    box = connect()
    before = box.select("INBOX").uidvalidity
    server.store.renumber()
    assert box.select("INBOX").uidvalidity != before


def test_a_mail_with_a_lower_number_is_found_by_the_full_list(server: Netease, connect: Connect) -> None:
    highest = server.store.add(MAIL)
    box = connect()
    box.select("INBOX")
    lower = server.store.add(MAIL, uid=highest - 5)
    assert box.list_after("INBOX", highest) == ()
    assert [m.ref.uid for m in box.list_all("INBOX")] == [lower, highest]


def test_a_mail_moved_back_from_the_spam_folder_arrives_with_a_new_number(server: Netease, connect: Connect) -> None:
    last = server.store.add(MAIL)
    spam = server.store.add(MAIL, "&V4NXPpCuTvY-")
    moved = server.store.move(spam, "&V4NXPpCuTvY-", "INBOX")
    assert [m.ref.uid for m in connect().list_after("INBOX", last)] == [moved]


def test_the_list_is_asked_for_in_batches(server: Netease, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailintake.mailbox.imap._LIST_BATCH", 10)
    uids = [server.store.add(MAIL) for _ in range(25)]
    assert [m.ref.uid for m in connect().list_all("INBOX")] == uids
    assert server.state.commands().count("FETCH") == 3
