"""Mail is read under TLS from a server that proves its name, or not at all (CWE-295). Letters: tests/mailer."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.support.certificates import Certificates, make_certificates
from tests.support.netease import PASSWORD, USER, Netease, netease

from mailintake.errors import ConfigError, MailboxUnavailable
from mailintake.mailbox.imap import ImapMailbox
from mailintake.mailer.smtp import SmtpMailer


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("authority"))


@contextmanager
def mailbox(server: Netease, authority: Path | None = None) -> Iterator[ImapMailbox]:
    trusted = str(authority) if authority else None
    box = ImapMailbox("box", server.host, server.imap_port, USER, PASSWORD, connect_timeout=3, ca_file=trusted)
    try:
        yield box
    finally:
        box.close()


def refused(server: Netease, authority: Path | None = None) -> str:
    with mailbox(server, authority) as box, pytest.raises(MailboxUnavailable) as told:
        box.open()
    assert server.state.log == []  # not a word was said, so no password either
    return f"{told.value} {told.value.fix}"


def test_the_right_server_is_read(certificates: Certificates) -> None:
    with netease(context=certificates.server_context()) as server, mailbox(server, certificates.authority) as box:
        box.open()
        assert "INBOX" in box.folders()


def test_an_unknown_authority_is_refused(certificates: Certificates) -> None:
    with netease(context=certificates.server_context()) as server:
        assert "not trusted" in refused(server)


def test_a_self_signed_certificate_is_refused(certificates: Certificates) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    key = certificates.authority.with_suffix(".key")
    context.load_cert_chain(certificates.authority, key)
    with netease(context=context) as server:
        assert "not trusted" in refused(server)


def test_a_certificate_for_another_name_is_refused(tmp_path: Path) -> None:
    other = make_certificates(tmp_path, "DNS:imap.evil.example")
    with netease(context=other.server_context()) as server:
        assert "not trusted" in refused(server, other.authority)


def test_an_old_protocol_is_refused(certificates: Certificates) -> None:
    context = certificates.server_context()
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with netease(context=context) as server:
        refused(server, certificates.authority)


def test_a_server_that_speaks_clear_text_gets_no_password() -> None:
    with netease() as server, mailbox(server) as box:
        with pytest.raises(MailboxUnavailable):
            box.open()
        assert not [line for line in server.state.log if PASSWORD in line or "LOGIN" in line]


@pytest.mark.parametrize("host", ["imap.163.com", "192.0.2.1", "127.0.0.1.evil.example", "localhost.evil.example"])
def test_clear_text_over_a_network_cannot_be_configured(host: str) -> None:
    with pytest.raises(ConfigError):
        ImapMailbox("box", host, 143, USER, PASSWORD, tls=False)
    with pytest.raises(ConfigError):
        SmtpMailer(host, 25, USER, PASSWORD, tls="none")
