"""The stand-in as a person starts it: a folder of mails, orders from the keyboard, addresses that misbehave."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from tests.support.debian import free_ports
from tests.support.netease import PASSWORD, USER, Netease, Switches, netease
from tests.support.netease_faults import ADDRESSES, DOMAIN
from tests.support.netease_folder import FolderStore
from tests.support.netease_orders import obey, switches

from mailintake.errors import (
    MailboxLoginRefused,
    MailboxUnavailable,
    MailerInDoubt,
    MailerPaused,
    MailerRefused,
    MailerUnavailable,
)
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailer.smtp import SmtpMailer

ROOT = Path(__file__).parents[2]
MAIL = b"From: li@example.com\r\nSubject: one\r\n\r\nbody\r\n"
Send = Callable[[str], str]


def mailbox(port: int) -> ImapMailbox:
    return ImapMailbox("box", "127.0.0.1", port, USER, PASSWORD, tls=False, read_timeout=20)


def letter(number: int = 1) -> bytes:
    return f"From: {USER}\r\nSubject: [LN-2026-000001-4] {number}\r\n\r\ntext {number}\r\n".encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Netease]:
    with netease(store=FolderStore(tmp_path / "mails")) as running:
        yield running


@pytest.fixture
def send(server: Netease) -> Iterator[Send]:
    """Writes one letter to that name at fault.example."""
    mailer = SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, tls="none", timeout=20, final_wait=2)
    yield lambda name: mailer.send(letter(), USER, [f"{name}@{DOMAIN}"]).answer
    mailer.close()


def test_a_person_starts_it_puts_a_mail_there_and_breaks_it_from_the_keyboard(tmp_path: Path) -> None:
    inbox = tmp_path / "mails" / "INBOX"
    inbox.mkdir(parents=True)
    (inbox / "first.eml").write_bytes(MAIL)
    imap, smtp = free_ports(2)
    command = [sys.executable, "-m", "tests.support.netease", "id_needed=2", "--mails", str(tmp_path / "mails")]
    command += ["--imap-port", str(imap), "--smtp-port", str(smtp)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1) as started:
        assert started.stdin is not None
        assert started.stdout is not None
        told = [started.stdout.readline() for _ in range(3)]
        assert told[0] == "id_needed = 2\n"
        assert f"IMAP 127.0.0.1:{imap}" in told[1]
        assert PASSWORD in told[2]
        box = mailbox(imap)
        assert len(box.list_all("INBOX")) == 1
        for order, answer in (("fault FETCH bye", "FETCH will bye, 1 times\n"), ("hopp", "? hopp: no such order")):
            started.stdin.write(f"{order}\n")
            assert started.stdout.readline().startswith(answer)
        with pytest.raises(MailboxUnavailable):
            box.list_all("INBOX")
        box.close()
        started.stdin.close()
        assert started.wait(60) == 0


def test_it_lists_every_switch_and_every_fault_address() -> None:
    command = [sys.executable, "-m", "tests.support.netease", "--list"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
    page = (ROOT / "tests" / "support" / "netease.md").read_text("utf-8")
    for name in (*switches(), *ADDRESSES, "bounce", "vacation"):
        assert name in told
        assert f"`{name}`" in page, name


def test_every_switch_is_set_by_its_name_and_read_as_what_it_is(server: Netease) -> None:
    for name, usual in switches().items():
        if isinstance(getattr(Switches(), name), bool):
            assert obey(server, f"{name}={'no' if usual == 'True' else 'yes'}")
            assert str(getattr(server.switches, name)) != usual
    obey(server, "list_misses=1390000003,1390000007")
    obey(server, "'smtp_features=AUTH PLAIN,8BITMIME'")
    obey(server, "sent_appears=0.5")
    assert server.switches.list_misses == {1390000003, 1390000007}
    assert server.switches.smtp_features == ("AUTH PLAIN", "8BITMIME")
    assert server.switches.sent_appears == 0.5


@pytest.mark.parametrize("order", ["speed=1", "keywords=perhaps", "id_needed=x", "fault FETCH burn", "mail /absent"])
def test_an_order_that_means_nothing_is_told(server: Netease, order: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        obey(server, order)


def test_mails_are_files_and_are_the_same_at_the_next_start(tmp_path: Path) -> None:
    with netease(store=FolderStore(tmp_path)) as first:
        (tmp_path / "INBOX" / "new.eml").write_bytes(MAIL)
        assert obey(first, "look") == "1 new"
        one = mailbox(first.imap_port)
        before = one.list_all("INBOX")
        one.append("Sent", b"Message-ID: <1@office>\r\n\r\nletter\r\n")
        one.close()
    with netease(store=FolderStore(tmp_path)) as second:
        again = mailbox(second.imap_port)
        assert again.list_all("INBOX")[0].ref == before[0].ref
        assert again.has_message_id("Sent", "<1@office>")
        again.close()


def test_what_a_clerk_or_the_server_does_to_the_mailbox_is_ordered(server: Netease, tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    file.write_bytes(MAIL)
    highest = int(obey(server, f"mail {file} li@example.com").split()[-1])
    assert b"(Coremail)" in server.store.mails()[0].raw
    assert int(obey(server, f"lower {file}").split()[-1]) < highest
    spam = server.store.add(MAIL, "&V4NXPpCuTvY-")
    moved = int(obey(server, f"rescue {spam}").split()[-1])
    assert moved > highest
    obey(server, f"expunge {moved}")
    obey(server, "renumber")
    assert server.store.folders["INBOX"].uidvalidity == 2
    files = {int(file.stem) for file in (tmp_path / "mails" / "INBOX").iterdir()}
    assert files == {mail.uid for mail in server.store.mails()}
    assert "INBOX" in obey(server, "list")


def test_a_mail_told_twice_is_listed_once_and_the_download_block_is_in_the_body(
    server: Netease, tmp_path: Path
) -> None:
    uid = server.store.add(b"Content-Type: text/html\r\n\r\n<html><body>x</body></html>\r\n")
    obey(server, f"list_doubles={uid}")
    obey(server, "download_block=yes")
    box = mailbox(server.imap_port)
    (listed,) = box.list_all("INBOX")
    box.fetch(listed, tmp_path / "raw")
    assert b"netease-attDown" in (tmp_path / "raw").read_bytes()
    box.close()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        *((name, MailerRefused) for name in ("unknown", "suspended", "gbk", "full", "illegal")),
        *((name, MailerUnavailable) for name in ("later", "busy", "suspicious")),
        *((name, MailerPaused) for name in ("quota", "spam", "daily")),
        *((name, MailerInDoubt) for name in ("lost", "taken", "silent", "slow")),
    ],
)
def test_an_address_misbehaves_as_its_name_says(server: Netease, send: Send, name: str, fault: type[Exception]) -> None:
    with pytest.raises(fault) as told:
        send(name)
    assert len(server.state.sent) == (name in ("taken", "silent", "slow"))
    assert name != "gbk" or "收件人地址不存在" in str(told.value)


def test_every_fault_address_is_tried_above() -> None:
    (marked,) = [m for m in vars(test_an_address_misbehaves_as_its_name_says)["pytestmark"] if m.name == "parametrize"]
    assert {name for name, _ in marked.args[1]} == set(ADDRESSES)


def test_one_address_bounces_and_one_is_away_and_neither_says_so_in_a_header(server: Netease, send: Send) -> None:
    send("bounce")
    send("vacation")
    back = [message_from_bytes(mail.raw, policy=default) for mail in server.store.mails()]
    assert [str(mail["Subject"]) for mail in back] == [
        "系统退信/The email is returned",
        "自动回复：[LN-2026-000001-4] 1",
    ]
    assert f"收件人：bounce@{DOMAIN}" in back[0].get_content()
    assert not [mail for mail in back if mail["Auto-Submitted"] or mail["Precedence"]]


def test_a_wrong_password_is_refused_in_gbk_by_both_sides(server: Netease) -> None:
    obey(server, "gbk_errors=yes")
    box = ImapMailbox("box", server.host, server.imap_port, USER, "wrong", tls=False)
    with pytest.raises(MailboxLoginRefused, match="授权码"):
        box.open()
    mailer = SmtpMailer(server.host, server.smtp_port, USER, "wrong", tls="none")
    with pytest.raises(MailerPaused, match="授权码"):
        mailer.send(letter(), USER, ["li@example.com"])


def test_quotas_follow_a_clock_that_can_be_put_forward(server: Netease) -> None:
    obey(server, "per_quarter=1")
    mailer = SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, tls="none", timeout=20)
    mailer.send(letter(1), USER, ["li@example.com"])
    with pytest.raises(MailerPaused):
        mailer.send(letter(2), USER, ["li@example.com"])
    obey(server, "skip 16")
    mailer.send(letter(2), USER, ["li@example.com"])
    mailer.close()
