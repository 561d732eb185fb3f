"""Servers that refuse, stall, drip, lie and hang up: each ends in one of our errors, in time, and nothing is lost."""

import contextlib
import logging
import time
import tracemalloc
from pathlib import Path

import pytest
from tests.mailbox.conftest import Connect
from tests.support.netease import Fault, Netease, refused_port
from tests.support.smtp_peer import dialogue, scripted

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
    assert time.monotonic() - start < 3
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


@pytest.mark.parametrize("announced", [5, 50, 9_999_999_999, 10**30])
def test_f5_a_literal_of_the_wrong_length_ends_the_session_at_once_within_memory(
    server: Netease, connect: Connect, tmp_path: Path, announced: int
) -> None:
    server.store.add(MAIL)
    box = connect()
    (listed,) = box.list_all("INBOX")
    server.switches.faults.append(Fault("FETCH", "literal", size=announced, text=b"x" * 20 + b")\r\n"))
    tracemalloc.start()
    with pytest.raises(MailboxUnavailable):
        box.fetch(listed, tmp_path / "raw")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * 2**20
    box.fetch(listed, tmp_path / "raw")
    assert (tmp_path / "raw").read_bytes() == MAIL


@pytest.mark.parametrize(
    "text",
    [
        b"* 1 FETCH (UID 5 BODY[]<0> {-5}\r\n)\r\n",
        b"* 1 FETCH (((((\r\nTAG OK done\r\n",
        b"* 1 FETCH " + b"(" * 5000 + b"\r\nTAG OK done\r\n",
        b"* 1 FETCH (UID 0 RFC822.SIZE -7)\r\nTAG OK done\r\n",
        b"* 99999999999999999999 FETCH (UID x)\r\nTAG OK done\r\n",
        b"\xff\xfe\x00 nonsense\r\n",
        b"TAG OK\r\n",
        b"ZZZ9 OK somebody else's answer\r\n",
        b"* 1 FETCH (UID 5 RFC822.SIZE 10" + b" " * 2_000_000 + b")\r\nTAG OK done\r\n",
    ],
)
def test_f5_nonsense_is_a_session_that_ended_and_never_a_crash(text: bytes) -> None:
    select = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\nTAG OK [READ-ONLY] done\r\n"
    script = dialogue(GREETING, CAPABILITY, LOGIN, CAPABILITY, select, text)
    with scripted(script) as port, contextlib.suppress(MailboxUnavailable):
        assert on_port(port).list_all("INBOX") == ()


def test_f5_endless_lines_are_cut_off_within_memory() -> None:
    def flood(connection: object) -> None:
        while True:
            connection.sendall(b"* OK " + b"x" * 60000 + b"\r\n")  # type: ignore[attr-defined]

    with scripted(flood) as port:
        tracemalloc.start()
        with pytest.raises(MailboxUnavailable):
            on_port(port, session_deadline=20).open()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 80 * 2**20


@pytest.mark.parametrize("lie", [-19000, -1, 1, 500])
def test_f5_a_wrong_size_does_not_cost_a_byte(server: Netease, connect: Connect, tmp_path: Path, lie: int) -> None:
    server.store.add(MAIL)
    server.switches.size_lie = lie
    assert fetched(connect(slice_bytes=4096), tmp_path / "raw") == MAIL


def test_f5_a_server_that_sends_without_end_is_stopped(server: Netease, connect: Connect, tmp_path: Path) -> None:
    server.store.add(b"Subject: big\r\n\r\n" + b"x" * 4_000_000)
    server.switches.size_lie = -3_999_000
    with pytest.raises(MailboxUnavailable, match="were announced"):
        fetched(connect(), tmp_path / "raw")


def test_a_server_that_ignores_partial_fetch_still_gives_the_whole_mail(
    server: Netease, connect: Connect, tmp_path: Path
) -> None:
    server.store.add(MAIL)
    server.switches.partial_works = False
    assert fetched(connect(slice_bytes=4096), tmp_path / "raw") == MAIL


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


def test_f11_news_about_other_mails_between_the_answers_is_ignored() -> None:
    select = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\nTAG OK [READ-ONLY] done\r\n"
    answer = (
        b"* 2 FETCH (FLAGS (\\Seen))\r\n* 3 EXPUNGE\r\n* 9 EXISTS\r\n"
        b"* 1 FETCH (UID 0 RFC822.SIZE 10)\r\n* 1 FETCH (UID 7 RFC822.SIZE 10)\r\n"
        b"* 1 FETCH (UID 7 RFC822.SIZE 10)\r\n* 2 FETCH (UID 3 RFC822.SIZE 5)\r\nTAG OK done\r\n"
    )
    with scripted(dialogue(GREETING, CAPABILITY, LOGIN, CAPABILITY, select, answer)) as port:
        assert [(m.ref.uid, m.size) for m in on_port(port).list_after("INBOX", 4)] == [(7, 10)]


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


def test_a_mail_that_turns_to_nil_in_the_middle_is_not_taken_for_complete(tmp_path: Path) -> None:
    answers = dialogue(
        *(GREETING, CAPABILITY, LOGIN, CAPABILITY),
        b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\nTAG OK [READ-ONLY] done\r\n",
        b"* 1 FETCH (UID 7 RFC822.SIZE 10)\r\nTAG OK done\r\n",
        b"* 1 FETCH (UID 7 BODY[]<0> {4}\r\nabcd)\r\nTAG OK done\r\n",
        b"* 1 FETCH (UID 7 BODY[]<4> NIL)\r\nTAG OK done\r\n",
    )
    with scripted(answers) as port:
        box = on_port(port, slice_bytes=4)
        (listed,) = box.list_all("INBOX")
        with pytest.raises(MessageVanished):
            box.fetch(listed, tmp_path / "raw")
    assert list(tmp_path.iterdir()) == []


def test_a_poll_that_does_not_show_a_mail_finds_it_the_next_time(server: Netease, connect: Connect) -> None:
    uid = server.store.add(MAIL)
    server.switches.list_misses.add(uid)
    box = connect()
    assert box.list_all("INBOX") == ()
    server.switches.list_misses.clear()
    assert [m.ref.uid for m in box.list_all("INBOX")] == [uid]


def test_a_large_mail_does_not_grow_the_memory(server: Netease, connect: Connect, tmp_path: Path) -> None:
    server.store.add(b"Subject: big\r\n\r\n" + b"x" * (24 * 2**20))
    box = connect(session_deadline=60)
    (listed,) = box.list_all("INBOX")
    tracemalloc.start()
    box.fetch(listed, tmp_path / "raw")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "raw").stat().st_size == listed.size
    assert peak < 12 * 2**20


def test_a_disk_that_takes_nothing_is_told(server: Netease, connect: Connect, tmp_path: Path) -> None:
    server.store.add(MAIL)
    with pytest.raises(MailboxUnavailable, match="No such file"):
        fetched(connect(), tmp_path / "absent" / "raw")
