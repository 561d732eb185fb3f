"""A real server: TLS as it is verified, folders with Chinese names, and flags that stay as they were."""

import imaplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.dovecot import Dovecot, dovecot

from mailintake.errors import ConfigError, MailboxLoginRefused, MailboxUnavailable
from mailintake.mailbox.imap import ImapMailbox

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def over_tls(server: Dovecot, user: str, password: str | None = None, **settings: object) -> ImapMailbox:
    password = server.password if password is None else password
    trusted = {"ca_file": str(server.authority)} | settings
    return ImapMailbox("box", server.host, server.tls_port, user, password, **trusted)  # type: ignore[arg-type]


def other_client(server: Dovecot, user: str) -> imaplib.IMAP4:
    client = imaplib.IMAP4(server.host, server.port, timeout=20)
    client.login(user, server.password)
    return client


def test_mail_is_read_over_verified_tls(server: Dovecot, tmp_path: Path) -> None:
    raw = b"Subject: over tls\r\n\r\n" + b"x" * 3_000_000 + b"\r\n"
    other_client(server, "tls").append("INBOX", "", "", raw)
    box = over_tls(server, "tls")
    (listed,) = box.list_all("INBOX")
    box.fetch(listed, tmp_path / "raw")
    box.close()
    assert (tmp_path / "raw").read_bytes() == raw


def test_an_unknown_authority_is_not_trusted(server: Dovecot) -> None:
    with pytest.raises(MailboxUnavailable, match="certificate is not trusted") as told:
        over_tls(server, "tls", ca_file=None).open()
    assert "ca_file" in told.value.fix


def test_a_server_without_tls_on_that_port_is_an_error(server: Dovecot) -> None:
    box = ImapMailbox("box", server.host, server.port, "tls", server.password, connect_timeout=2)
    with pytest.raises(MailboxUnavailable):
        box.open()


@pytest.mark.parametrize("host", ["imap.example.com", "192.0.2.1", "10.0.0.5"])
def test_clear_text_to_another_machine_is_a_configuration_error(host: str) -> None:
    with pytest.raises(ConfigError, match="TLS"):
        ImapMailbox("box", host, 143, "u", "p", tls=False)


def test_a_wrong_password_is_refused_with_advice(server: Dovecot) -> None:
    with pytest.raises(MailboxLoginRefused, match="Authentication failed") as told:
        over_tls(server, "tls", "wrong").open()
    assert "authorisation code" in told.value.fix


def test_unread_mail_stays_unread_and_read_mail_read(server: Dovecot, tmp_path: Path) -> None:
    client = other_client(server, "flags")
    client.append("INBOX", "", "", b"Subject: unread\r\n\r\nbody\r\n")
    client.append("INBOX", "(\\Seen \\Flagged)", "", b"Subject: read\r\n\r\nbody\r\n")
    box = over_tls(server, "flags")
    for number, listed in enumerate(box.list_all("INBOX")):
        box.fetch(listed, tmp_path / str(number))
    box.close()
    client.select("INBOX")
    flags = [imaplib.ParseFlags(line) for line in client.fetch("1:*", "(FLAGS)")[1]]
    assert b"\\Seen" not in flags[0]
    assert {b"\\Seen", b"\\Flagged"} <= set(flags[1])


def test_a_folder_with_a_chinese_name_is_read(server: Dovecot) -> None:
    client = other_client(server, "names")
    client.create('"&V4NXPpCuTvY-"')
    client.create('"a &- b"')
    client.append('"&V4NXPpCuTvY-"', "", "", b"Subject: x\r\n\r\nbody\r\n")
    box = over_tls(server, "names")
    assert {"垃圾邮件", "a & b", "Sent", "Spam"} <= set(box.folders())
    assert [box.select(name).exists for name in ("垃圾邮件", "a & b")] == [1, 0]
    box.close()


def test_ids_of_thousands_of_mails_are_listed_over_several_batches(
    server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailintake.mailbox.imap._LIST_BATCH", 7)
    client = other_client(server, "many")
    for number in range(30):
        client.append("INBOX", "", "", b"Subject: %d\r\n\r\nbody\r\n" % number)
    client.select("INBOX")
    client.store("3:9", "+FLAGS", "(\\Deleted)")
    client.expunge()
    box = over_tls(server, "many")
    assert [m.ref.uid for m in box.list_all("INBOX")] == [1, 2, *range(10, 31)]
    box.close()
