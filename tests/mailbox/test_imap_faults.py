"""Servers that refuse, stall, drip and hang up: each ends in one of our errors, in time, and nothing is lost."""

import logging
import time
from pathlib import Path

import pytest
from tests.mailbox.conftest import Connect
from tests.support.netease import Fault, Netease, refused_port

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable, MessageVanished, UnsafeLogin
from mailintake.mailbox.imap import ImapMailbox

MAIL = b"From: li@example.com\r\nSubject: one\r\n\r\n" + b"x" * 20000 + b"\r\n"
GREETING = b"* OK IMAP4 ready\r\n"
CAPABILITY = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
LOGIN = b"TAG OK done\r\n"


def on_port(port: int, **settings: float) -> ImapMailbox:
    usual = {"connect_timeout": 2, "read_timeout": 1, "session_deadline": 1.5}
    return ImapMailbox("box", "127.0.0.1", port, "u", "p", tls=False, **(usual | settings))  # type: ignore[arg-type]


def fetched(box: ImapMailbox, target: Path) -> bytes:
    (listed,) = box.list_all("INBOX")
    box.fetch(listed, target)
    return target.read_bytes()


def test_f1_a_refused_connection_is_unavailable() -> None:
    with pytest.raises(MailboxUnavailable, match="connecting to"):
        on_port(refused_port()).open()


def test_f1_a_name_that_does_not_exist_is_unavailable() -> None:
    box = ImapMailbox("box", "imap.invalid", 993, "u", "p", connect_timeout=2)
    with pytest.raises(MailboxUnavailable, match=r"imap\.invalid"):
        box.open()


@pytest.mark.parametrize("where", ["greeting", "LOGIN", "ID", "EXAMINE", "FETCH"])
@pytest.mark.parametrize("what", ["bye", "drop"])
def test_f2_after_a_bye_or_a_lost_connection_the_next_pass_goes_on(
    server: Netease, connect: Connect, tmp_path: Path, where: str, what: str
) -> None:
    server.store.add(MAIL)
    server.switches.faults.append(Fault(where, what))
    box = connect()
    with pytest.raises(MailboxUnavailable):
        fetched(box, tmp_path / "raw")
    assert fetched(box, tmp_path / "raw") == MAIL


@pytest.mark.parametrize("where", ["greeting", "LOGIN", "FETCH"])
@pytest.mark.parametrize("what", ["stall", "drip"])
def test_f3_a_stall_or_one_byte_after_the_other_ends_in_time(
    server: Netease, connect: Connect, tmp_path: Path, where: str, what: str
) -> None:
    server.store.add(MAIL)
    server.switches.faults.append(Fault(where, what))
    box = connect(read_timeout=0.5, session_deadline=0.8)
    start = time.monotonic()
    with pytest.raises(MailboxUnavailable):
        fetched(box, tmp_path / "raw")
    assert time.monotonic() - start < 30  # dripping to its end takes minutes
    assert fetched(box, tmp_path / "raw") == MAIL


def test_f3_a_literal_that_drips_ends_in_time_and_leaves_no_file(
    server: Netease, connect: Connect, tmp_path: Path
) -> None:
    server.store.add(MAIL)
    box = connect(session_deadline=0.6)
    (listed,) = box.list_all("INBOX")
    text = b"* 1 FETCH (UID %d BODY[]<0> {20040}\r\n" % listed.ref.uid + b"x" * 20000
    server.switches.faults.append(Fault("FETCH", "drip", text=text, pause=0.01))
    with pytest.raises(MailboxUnavailable, match="no answer in time"):
        box.fetch(listed, tmp_path / "raw")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("at", [1, 4095, 9000])
def test_f4_a_connection_lost_inside_a_mail_leaves_no_half_file(
    server: Netease, connect: Connect, tmp_path: Path, at: int
) -> None:
    server.store.add(MAIL)
    box = connect()
    (listed,) = box.list_all("INBOX")
    server.switches.faults.append(Fault("FETCH", "drop", size=at))
    with pytest.raises(MailboxUnavailable):
        box.fetch(listed, tmp_path / "raw")
    assert list(tmp_path.iterdir()) == []
    box.fetch(listed, tmp_path / "raw")
    assert (tmp_path / "raw").read_bytes() == MAIL


@pytest.mark.parametrize("text", ["[THROTTLED] slow down", "[UNAVAILABLE] later", "Too many connections from your IP"])
def test_f6_a_throttled_login_is_no_wrong_password_and_asks_for_a_longer_wait(
    server: Netease, connect: Connect, text: str
) -> None:
    server.switches.faults.append(Fault("LOGIN", "no", text=text))
    box = connect()
    with pytest.raises(MailboxUnavailable) as told:
        box.open()
    assert told.value.retry_after_seconds >= 300
    box.open()


def test_f6_a_throttled_listing_loses_nothing(server: Netease, connect: Connect) -> None:
    server.store.add(MAIL)
    server.switches.faults.append(Fault("FETCH", "no", text="[LIMIT] too many commands"))
    box = connect()
    with pytest.raises(MailboxUnavailable):
        box.list_all("INBOX")
    assert len(box.list_all("INBOX")) == 1


def test_f7_unsafe_login_is_an_error_of_its_own(server: Netease, connect: Connect) -> None:
    server.switches.id_needed = 99
    with pytest.raises(UnsafeLogin):
        connect().list_all("INBOX")


def test_f9_after_three_refused_logins_no_further_one_is_tried(server: Netease, connect: Connect) -> None:
    server.switches.lock_out_after = 5
    box = connect(password="wrong")
    for _ in range(6):
        with pytest.raises(MailboxLoginRefused) as told:
            box.open()
        assert "authorisation code" in told.value.fix
    assert server.state.wrong_logins == 3


def test_f9_the_password_is_in_no_message_and_no_log_line(
    server: Netease, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(MailboxLoginRefused) as told:
        connect(password="Geheim-9931").open()
    connect().open()
    assert "Geheim-9931" not in caplog.text + str(told.value) + told.value.fix
    assert server.password not in caplog.text


def test_f9_a_password_with_full_width_letters_is_refused_without_asking_the_server(
    server: Netease, connect: Connect
) -> None:
    with pytest.raises(MailboxLoginRefused, match="outside ASCII"):
        connect(password="ＡＢＣＤ").open()
    assert "LOGIN" not in server.state.commands()


def test_f9_a_connection_lost_during_login_is_no_wrong_password(server: Netease, connect: Connect) -> None:
    server.switches.faults.append(Fault("LOGIN", "drop", times=5))
    box = connect()
    for _ in range(5):
        with pytest.raises(MailboxUnavailable):
            box.open()
    box.open()


def test_f10_a_number_from_before_a_renumbering_is_told_as_vanished(
    server: Netease, connect: Connect, tmp_path: Path
) -> None:
    server.store.add(MAIL)
    box = connect()
    (listed,) = box.list_all("INBOX")
    server.store.renumber()
    box.select("INBOX")
    with pytest.raises(MessageVanished):
        box.fetch(listed, tmp_path / "raw")


def test_f12_a_mail_that_vanishes_before_it_is_fetched_does_not_stop_the_others(
    server: Netease, connect: Connect, tmp_path: Path
) -> None:
    gone = server.store.add(MAIL)
    server.store.add(MAIL)
    server.switches.fetch_misses.add(gone)
    box = connect()
    first, second = box.list_all("INBOX")
    with pytest.raises(MessageVanished):
        box.fetch(first, tmp_path / "first")
    box.fetch(second, tmp_path / "second")
    assert (tmp_path / "second").read_bytes() == MAIL
    assert server.state.connections == 1


def test_a_poll_that_does_not_show_a_mail_finds_it_the_next_time(server: Netease, connect: Connect) -> None:
    uid = server.store.add(MAIL)
    server.switches.list_misses.add(uid)
    box = connect()
    assert box.list_all("INBOX") == ()
    server.switches.list_misses.clear()
    assert [m.ref.uid for m in box.list_all("INBOX")] == [uid]


def test_a_disk_that_takes_nothing_is_told(server: Netease, connect: Connect, tmp_path: Path) -> None:
    server.store.add(MAIL)
    with pytest.raises(MailboxUnavailable, match="No such file"):
        fetched(connect(), tmp_path / "absent" / "raw")
