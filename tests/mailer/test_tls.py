"""Letters are handed over under TLS, verified, without any way back to clear text."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.support.certificates import Certificates, make_certificates
from tests.support.debian import free_ports
from tests.support.netease import PASSWORD, USER, Netease, netease
from tests.support.smtp_peer import dialogue, scripted

from mailintake.errors import ConfigError, MailerUnavailable
from mailintake.mailer.smtp import SmtpMailer

LETTER = f"From: {USER}\r\n\r\nbody\r\n".encode()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def server(certificates: Certificates) -> Iterator[Netease]:
    with netease(context=certificates.server_context()) as running:
        yield running


def test_a_server_of_a_known_authority_is_trusted(server: Netease, certificates: Certificates) -> None:
    mailer = SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, ca_file=str(certificates.authority), timeout=5)
    assert mailer.send(LETTER, USER, ["li@example.com"]).answer.startswith("250")
    mailer.close()


def test_an_unknown_authority_is_not_trusted_and_nothing_is_said(server: Netease) -> None:
    with pytest.raises(MailerUnavailable, match="certificate is not trusted") as told:
        SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, timeout=5).send(LETTER, USER, ["li@example.com"])
    assert "no way around TLS" in told.value.fix
    assert server.state.log == []


def test_a_certificate_for_another_name_is_not_trusted(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = make_certificates(tmp_path_factory.mktemp("other"), "DNS:mail.evil.example")
    with netease(context=other.server_context()) as server:
        mailer = SmtpMailer(server.host, server.smtp_port, USER, PASSWORD, ca_file=str(other.authority), timeout=5)
        with pytest.raises(MailerUnavailable, match="not trusted"):
            mailer.send(LETTER, USER, ["li@example.com"])


def test_a_stripped_starttls_sends_nothing_and_no_password() -> None:
    with scripted(dialogue(b"220 hi\r\n", b"250-hello\r\n250 AUTH PLAIN LOGIN\r\n")) as port:
        mailer = SmtpMailer("127.0.0.1", port, USER, PASSWORD, tls="starttls", timeout=2)
        with pytest.raises(MailerUnavailable, match="does not offer STARTTLS"):
            mailer.send(LETTER, USER, ["li@example.com"])


def test_starttls_protects_login_and_letter(certificates: Certificates) -> None:
    seen: list[bool] = []

    class Handler:
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            seen.append(session.ssl is not None)
            return "250 taken"

    (port,) = free_ports(1)
    context = certificates.server_context()
    controller = Controller(Handler(), hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    try:
        mailer = SmtpMailer("127.0.0.1", port, "", "", tls="starttls", ca_file=str(certificates.authority), timeout=5)
        assert mailer.send(LETTER, USER, ["li@example.com"]).answer == "250 taken"
        mailer.close()
        with pytest.raises(MailerUnavailable, match="not trusted"):
            SmtpMailer("127.0.0.1", port, "", "", tls="starttls", timeout=5).send(LETTER, USER, ["li@example.com"])
    finally:
        controller.stop()
    assert seen == [True]


def test_clear_text_to_another_machine_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError):
        SmtpMailer("smtp.example.com", 25, USER, PASSWORD, tls="none")
    with pytest.raises(ConfigError):
        SmtpMailer("127.0.0.1", 25, USER, PASSWORD, tls="perhaps")
