"""A real server: TLS as it is verified, folders with Chinese names, and flags that stay as they were."""

import imaplib
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from tests.support.dovecot import Dovecot, dovecot

from mailintake.app.build import make_mailbox
from mailintake.config import load
from mailintake.config.settings import MailboxSettings, Tls
from mailintake.errors import ConfigError, MailboxLoginRefused, MailboxUnavailable
from mailintake.mailbox.imap import ImapMailbox

pytestmark = pytest.mark.dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def over_tls(server: Dovecot, user: str, password: str | None = None, **settings: Any) -> ImapMailbox:
    password = server.password if password is None else password
    trusted = {"ca_file": str(server.authority)} | settings
    return ImapMailbox("box", server.host, server.tls_port, user, password, **trusted)


def upgraded(server: Dovecot, user: str, **settings: Any) -> ImapMailbox:
    trusted = {"ca_file": str(server.authority)} | settings
    return ImapMailbox("box", server.host, server.port, user, server.password, starttls=True, **trusted)


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


def test_mail_is_read_after_starttls(server: Dovecot, tmp_path: Path) -> None:
    raw = b"Subject: after starttls\r\n\r\n" + b"x" * 3_000_000 + b"\r\n"
    other_client(server, "starttls").append("INBOX", "", "", raw)
    box = upgraded(server, "starttls")
    (listed,) = box.list_all("INBOX")
    box.fetch(listed, tmp_path / "raw")
    secured = isinstance(box._connection._session._imap.sock, ssl.SSLSocket)  # type: ignore[union-attr]
    box.close()
    assert (tmp_path / "raw").read_bytes() == raw
    assert secured


def test_starttls_with_an_unknown_authority_ends_before_the_login(server: Dovecot) -> None:
    with pytest.raises(MailboxUnavailable, match="certificate is not trusted"):
        upgraded(server, "starttls", ca_file=None).open()


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
    flags = [imaplib.ParseFlags(cast("bytes", line)) for line in client.fetch("1:*", "(FLAGS)")[1]]
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


def test_letters_go_into_the_folders_that_the_settings_name(server: Dovecot) -> None:
    other_client(server, "named").create('"&V4NXPpCuTvY-"')
    box = over_tls(server, "named", named_folders={"Sent": "垃圾邮件"})
    box.append("Sent", b"Message-ID: <1@office.example>\r\n\r\nbody\r\n")
    assert [box.select(name).exists for name in ("垃圾邮件", "Sent")] == [1, 0]
    assert box.has_message_id("Sent", "<1@office.example>")
    box.close()


def test_a_named_folder_that_is_not_there_says_nothing_about_a_letter(server: Dovecot) -> None:
    box = over_tls(server, "misnamed", named_folders={"Sent": "Gesendet"})
    with pytest.raises(MailboxUnavailable, match="no folder Gesendet"):
        box.has_message_id("Sent", "<1@office.example>")
    other_client(server, "misnamed").create("Gesendet")
    assert not box.has_message_id("Sent", "<1@office.example>")
    box.close()


def test_what_the_settings_say_of_a_mailbox_is_done(server: Dovecot, tmp_path: Path) -> None:
    secret = tmp_path / "code"
    secret.touch(mode=0o600)
    secret.write_text(server.password)
    settings = MailboxSettings(
        "box",
        host=server.host,
        port=server.port,
        tls=Tls.STARTTLS,
        ca_file=server.authority,
        user="settings",
        password_file=secret,
        sent_folder="Spam",
        drafts_folder="Sent",
    )
    box = make_mailbox(settings, load(None, {}))
    box.append("Sent", b"Message-ID: <1@office.example>\r\n\r\nbody\r\n")
    box.append("Drafts", b"Message-ID: <2@office.example>\r\n\r\nbody\r\n")
    assert [box.select(name).exists for name in ("Spam", "Sent", "Drafts")] == [1, 1, 0]
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
