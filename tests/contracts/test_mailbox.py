"""What every source of mail promises, on real servers, on the 163 stand-in and on folders."""

import imaplib
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.support.dovecot import Dovecot, dovecot
from tests.support.netease import netease
from tests.support.pymap_server import pymap_server

from mailintake.errors import MailboxUnavailable, MessageVanished
from mailintake.mailbox.folder import FolderMailbox
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailbox.port import Mailbox

SLICE = 4096
_users = itertools.count(1)


@dataclass(frozen=True)
class Peer:
    """A source of mail and the means to put mails into it and take them out behind our back."""

    connect: Callable[[], Mailbox]
    deliver: Callable[[bytes], None]
    remove_all: Callable[[], None]


@pytest.fixture(scope="module")
def real_dovecot() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def real_pymap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int, str, str]]:
    with pymap_server(tmp_path_factory.mktemp("pymap")) as server:
        yield server


@pytest.fixture(
    params=[pytest.param("dovecot", marks=pytest.mark.dovecot), "pymap", "netease", "eml_folder", "maildir"],
)
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    with ExitStack() as stack:
        if request.param == "dovecot":
            server: Dovecot = request.getfixturevalue("real_dovecot")
            yield imap_peer(server.host, server.port, f"user{next(_users)}", server.password)
        elif request.param == "pymap":
            found = imap_peer(*request.getfixturevalue("real_pymap"))
            yield found
            found.remove_all()
        elif request.param == "netease":
            fake = stack.enter_context(netease())
            yield Peer(
                lambda: ImapMailbox(
                    "box", fake.host, fake.imap_port, fake.user, fake.password, tls=False, slice_bytes=SLICE
                ),
                lambda raw: (fake.store.add(raw), None)[1],
                lambda: fake.store.expunge("INBOX", [m.uid for m in fake.store.mails()]),
            )
        else:
            yield folder_peer(tmp_path, maildir=request.param == "maildir")


def imap_peer(host: str, port: int, user: str, password: str) -> Peer:
    client = imaplib.IMAP4(host, port, timeout=20)
    client.login(user, password)

    def remove() -> None:
        client.select("INBOX")
        client.store("1:*", "+FLAGS", "(\\Deleted)")
        client.expunge()

    return Peer(
        lambda: ImapMailbox("box", host, port, user, password, tls=False, slice_bytes=SLICE),
        lambda raw: (client.append("INBOX", "", "", raw), None)[1],
        remove,
    )


def folder_peer(folder: Path, *, maildir: bool) -> Peer:
    numbers = itertools.count(1)
    if maildir:
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir()

    def deliver(raw: bytes) -> None:
        name = f"{next(numbers):04d}"
        (folder / "new" / f"{name}.host" if maildir else folder / f"{name}.eml").write_bytes(raw)

    def remove() -> None:
        for file in [*folder.glob("*.eml"), *folder.glob("new/*"), *folder.glob("cur/*")]:
            file.unlink()

    return Peer(lambda: FolderMailbox("box", folder), deliver, remove)


@pytest.fixture
def mailbox(peer: Peer) -> Iterator[Mailbox]:
    box = peer.connect()
    box.open()
    yield box
    box.close()


def mail(number: int, size: int = 200) -> bytes:
    head = f"From: li@example.com\r\nSubject: {number}\r\nMessage-ID: <{number}@example.com>\r\n\r\n".encode()
    return head + b"x" * (size - len(head) - 2) + b"\r\n"


def test_an_empty_mailbox_lists_nothing(mailbox: Mailbox) -> None:
    assert mailbox.select("INBOX").exists == 0
    assert mailbox.list_after("INBOX", 0) == mailbox.list_after("INBOX", 7) == mailbox.list_all("INBOX") == ()


@pytest.mark.parametrize("size", [100, SLICE - 1, SLICE, SLICE + 1, 2 * SLICE, 10 * SLICE + 17])
def test_the_bytes_are_those_that_were_delivered(peer: Peer, mailbox: Mailbox, tmp_path: Path, size: int) -> None:
    raw = mail(1, size)
    peer.deliver(raw)
    (listed,) = mailbox.list_after("INBOX", 0)
    mailbox.fetch(listed, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == raw
    assert listed.size == len(raw) == size


def test_the_list_tells_mailbox_folder_and_date(peer: Peer, mailbox: Mailbox) -> None:
    peer.deliver(mail(1))
    state = mailbox.select("INBOX")
    (listed,) = mailbox.list_all("INBOX")
    assert state.exists == 1
    assert (listed.ref.mailbox, listed.ref.folder, listed.ref.uidvalidity) == ("box", "INBOX", state.uidvalidity)
    assert listed.internal_date.startswith("20")


def test_only_newer_mails_are_listed_and_in_order(peer: Peer, mailbox: Mailbox) -> None:
    for number in range(3):
        peer.deliver(mail(number))
    uids = [listed.ref.uid for listed in mailbox.list_all("INBOX")]
    assert uids == sorted(set(uids))
    assert [listed.ref.uid for listed in mailbox.list_after("INBOX", uids[0])] == uids[1:]
    assert mailbox.list_after("INBOX", uids[-1]) == ()


def test_a_kept_connection_sees_what_arrives_later(peer: Peer, mailbox: Mailbox) -> None:
    peer.deliver(mail(1))
    mailbox.select("INBOX")
    (first,) = mailbox.list_after("INBOX", 0)
    assert mailbox.list_after("INBOX", first.ref.uid) == ()
    peer.deliver(mail(2))
    (second,) = mailbox.list_after("INBOX", first.ref.uid)
    assert second.ref.uid > first.ref.uid


def test_numbers_are_the_same_for_the_next_program_start(peer: Peer, mailbox: Mailbox) -> None:
    for number in range(3):
        peer.deliver(mail(number))
    before = mailbox.list_all("INBOX")
    mailbox.close()
    again = peer.connect()
    again.open()
    assert again.list_all("INBOX") == before
    again.close()


def test_a_mail_that_is_gone_is_told_as_vanished(peer: Peer, mailbox: Mailbox, tmp_path: Path) -> None:
    peer.deliver(mail(1))
    (listed,) = mailbox.list_all("INBOX")
    peer.remove_all()
    mailbox.close()  # a session that has not heard of it may still give the mail
    with pytest.raises(MessageVanished):
        mailbox.fetch(listed, tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()
    assert mailbox.list_all("INBOX") == ()


def test_a_mail_removed_between_listing_and_fetching_comes_whole_or_not_at_all(
    peer: Peer, mailbox: Mailbox, tmp_path: Path
) -> None:
    peer.deliver(mail(1, 3 * SLICE))
    (listed,) = mailbox.list_all("INBOX")
    peer.remove_all()
    try:
        mailbox.fetch(listed, tmp_path / "fetched")
    except MessageVanished:
        assert not (tmp_path / "fetched").exists()
    else:
        assert (tmp_path / "fetched").read_bytes() == mail(1, 3 * SLICE)
    assert mailbox.list_all("INBOX") == ()


def test_a_number_from_before_a_renumbering_never_fetches_another_mail(
    peer: Peer, mailbox: Mailbox, tmp_path: Path
) -> None:
    peer.deliver(mail(1))
    (listed,) = mailbox.list_all("INBOX")
    stale = replace(listed, ref=replace(listed.ref, uidvalidity=listed.ref.uidvalidity + 1))
    with pytest.raises(MessageVanished):
        mailbox.fetch(stale, tmp_path / "fetched")


def test_reading_changes_nothing_in_the_mailbox(peer: Peer, mailbox: Mailbox, tmp_path: Path) -> None:
    peer.deliver(mail(1))
    before = mailbox.list_all("INBOX")
    mailbox.fetch(before[0], tmp_path / "one")
    mailbox.fetch(before[0], tmp_path / "two")
    assert mailbox.list_all("INBOX") == before


def test_a_missing_folder_is_an_error_and_the_mailbox_goes_on(peer: Peer, mailbox: Mailbox) -> None:
    peer.deliver(mail(1))
    with pytest.raises(MailboxUnavailable):
        mailbox.select("没有这个文件夹")
    assert mailbox.select("INBOX").exists == 1
    assert "INBOX" in mailbox.folders()


@pytest.mark.parametrize("flag", ["Sent", "Drafts"])
def test_a_letter_put_into_a_folder_is_found_there_by_its_id(mailbox: Mailbox, flag: str) -> None:
    letter = b"Subject: letter\r\nMessage-ID:\r\n <%s.1@office.example>\r\n\r\nbody\r\n" % os.urandom(6).hex().encode()
    own = letter.split(b"<")[1].split(b">")[0].decode()
    assert not mailbox.has_message_id(flag, f"<{own}>")
    mailbox.append(flag, letter)
    assert mailbox.has_message_id(flag, f"<{own}>")
    assert not mailbox.has_message_id(flag, f"<x{own}>")


def test_closing_twice_is_fine_and_the_next_call_connects_again(peer: Peer, mailbox: Mailbox) -> None:
    peer.deliver(mail(1))
    mailbox.open()
    mailbox.close()
    mailbox.close()
    assert len(mailbox.list_all("INBOX")) == 1
