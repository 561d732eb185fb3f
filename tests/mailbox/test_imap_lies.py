"""Servers that lie about lengths, answer nonsense or flood: the bytes are right or there are none, within memory."""

import contextlib
import tracemalloc
from pathlib import Path

import pytest
from tests.mailbox.conftest import Connect
from tests.support.netease import Fault, Netease
from tests.support.smtp_peer import dialogue, scripted

from mailintake.errors import MailboxUnavailable, MessageVanished
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


def test_f11_news_about_other_mails_between_the_answers_is_ignored() -> None:
    select = b"* 3 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\nTAG OK [READ-ONLY] done\r\n"
    answer = (
        b"* 2 FETCH (FLAGS (\\Seen))\r\n* 3 EXPUNGE\r\n* 9 EXISTS\r\n"
        b"* 1 FETCH (UID 0 RFC822.SIZE 10)\r\n* 1 FETCH (UID 7 RFC822.SIZE 10)\r\n"
        b"* 1 FETCH (UID 7 RFC822.SIZE 10)\r\n* 2 FETCH (UID 3 RFC822.SIZE 5)\r\nTAG OK done\r\n"
    )
    with scripted(dialogue(GREETING, CAPABILITY, LOGIN, CAPABILITY, select, answer)) as port:
        assert [(m.ref.uid, m.size) for m in on_port(port).list_after("INBOX", 4)] == [(7, 10)]


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


@pytest.mark.parametrize("came", [b"", b"Subject: x\r\n"], ids=["nothing", "a part"])
def test_less_than_the_server_has_is_a_fault_of_the_fetch_and_no_mail(came: bytes, tmp_path: Path) -> None:
    slices = [came, *([b""] if came else [])]
    answers = dialogue(
        *(GREETING, CAPABILITY, LOGIN, CAPABILITY),
        b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] fine\r\nTAG OK [READ-ONLY] done\r\n",
        b"* 1 FETCH (UID 7 RFC822.SIZE 5000)\r\nTAG OK done\r\n",
        *(
            b"* 1 FETCH (UID 7 BODY[]<%d> {%d}\r\n%b)\r\nTAG OK done\r\n" % (at * len(came), len(data), data)
            for at, data in enumerate(slices)
        ),
    )
    with scripted(answers) as port:
        box = on_port(port)
        (listed,) = box.list_all("INBOX")
        with pytest.raises(MailboxUnavailable, match="of 5000 bytes came"):
            box.fetch(listed, tmp_path / "raw")
    assert list(tmp_path.iterdir()) == []
