"""Submission over SMTP (RFC 5321, 6409): one kept connection, and certainty about what was handed over."""

import ipaddress
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from mailintake.errors import ConfigError, MailerInDoubt, MailerRefused, MailerUnavailable, MailintakeError
from mailintake.mailer.addresses import wire_address
from mailintake.mailer.answers import Phase, decoded, refusal
from mailintake.mailer.peer import Peer
from mailintake.mailer.port import Accepted

_FINAL_WAIT = 600.0  # RFC 5321 4.5.3.2.6: giving up earlier is what makes duplicates (RFC 1047)
_GOODBYE_SECONDS = 5.0
_YES = 250


class _Refused(NamedTuple):
    recipient: str
    code: int
    answer: bytes


class SmtpMailer:
    """Times in seconds. `timeout` bounds the connection and every answer, `final_wait` the one after the final dot.

    There is no fall-back from TLS; clear text is for servers on this machine. Without `user` there is no login.
    """

    def __init__(  # noqa: PLR0913 -- all of them are the operator's settings
        self,
        host: str,
        port: int,
        user: str,
        password: str,
        *,
        tls: str = "implicit",
        timeout: float = 60,
        final_wait: float = _FINAL_WAIT,
        ca_file: str | None = None,
        local_hostname: str = "[127.0.0.1]",
    ) -> None:
        if tls not in ("implicit", "starttls", "none"):
            raise ConfigError(f"{tls} is no protection of a connection: implicit, starttls or none")
        if tls == "none" and not _is_loopback(host):
            raise ConfigError(f"{host}: letters are sent with TLS; clear text is for servers on this machine only")
        self._server = (host, port)
        self._credentials = (user, password)
        self._tls = tls
        self._context = ssl.create_default_context(cafile=ca_file) if tls != "none" else None
        self._timeout, self._final_wait = timeout, final_wait
        self._local_hostname = local_hostname
        self._peer: Peer | None = None

    def send(self, raw: bytes, sender: str, recipients: Sequence[str]) -> Accepted:
        """One mail, one transaction. A connection left over from the last letter is used again when it answers."""
        envelope_from = wire_address(sender)
        envelope_to = [wire_address(recipient) for recipient in dict.fromkeys(recipients)]
        if not envelope_to:
            raise MailerRefused("the letter has no recipient")
        try:
            peer = self._begun(raw, envelope_from)
            refused = self._envelope(peer, raw, envelope_to)
            return Accepted(self._hand_over(peer, raw), refused)
        except MailintakeError:
            self._drop()
            raise

    def open(self) -> None:
        """Connect and log in, or see that the kept connection still answers; nothing is sent. Raises as `send` does."""
        try:
            self._ready()
        except MailintakeError:
            self._drop()
            raise

    def would_take(self, sender: str, recipient: str) -> str:
        """The server's answer to an envelope that is taken back before DATA (RSET, RFC 5321 4.1.1.5): nothing is sent.
        Raises as `send` does."""
        try:
            peer = self._ready()
            with _before_the_dot(Phase.SENDER):
                _demand(peer.mail(wire_address(sender)), (_YES,), Phase.SENDER)
            with _before_the_dot(Phase.RECIPIENT):
                code, answer = peer.rcpt(wire_address(recipient))
                _demand((code, answer), (_YES, 251), Phase.RECIPIENT)
                _demand(peer.rset(), (_YES,), Phase.RECIPIENT)
        except MailintakeError:
            self._drop()
            raise
        return f"{code} {decoded(answer)}"

    def extensions(self) -> dict[str, str]:
        """What the server offers after EHLO (RFC 5321 4.1.1.1), by name in capitals, with parameters."""
        try:
            return {name.upper(): str(told) for name, told in self._ready().esmtp_features.items()}
        except MailintakeError:
            self._drop()
            raise

    def close(self) -> None:
        """QUIT with little patience; never raises."""
        if self._peer is not None:
            self._peer.patience = _GOODBYE_SECONDS
            with suppress(Exception):
                self._peer.quit()
        self._drop()

    def _begun(self, raw: bytes, sender: str) -> Peer:
        """MAIL. On a connection left over from the last letter anything but a yes is the farewell of a server that grew
        tired, or is said again on a new one: no question goes before it."""
        if self._peer is not None:
            with suppress(Exception):
                if _mail(self._peer, raw, sender)[0] == _YES:
                    return self._peer
            self._drop()
        peer = self._connected()
        with _before_the_dot(Phase.SENDER):
            _demand(_mail(peer, raw, sender), (_YES,), Phase.SENDER)
        return peer

    def _ready(self) -> Peer:
        if self._peer is not None:
            with suppress(Exception):
                if self._peer.noop()[0] == _YES:
                    return self._peer
            self._drop()
        return self._connected()

    def _connected(self) -> Peer:
        context = self._context if self._tls == "implicit" else None
        peer = self._peer = Peer(self._server[0], self._local_hostname, self._timeout, context)
        with _before_the_dot(Phase.CONNECT):
            self._greet(peer)
        with _before_the_dot(Phase.LOGIN):
            self._log_in(peer)
        return peer

    def _greet(self, peer: Peer) -> None:
        _demand(peer.connect(*self._server), (220,), Phase.CONNECT)
        _demand(peer.ehlo(), (_YES,), Phase.CONNECT)
        if self._tls == "starttls":
            if not peer.has_extn("starttls"):
                raise MailerUnavailable(
                    f"{self._server[0]} does not offer STARTTLS; nothing is sent in clear text",
                    fix="use implicit TLS (465), or find out who stripped it",
                )
            _demand(peer.starttls(context=self._context), (220,), Phase.CONNECT)
            _demand(peer.ehlo(), (_YES,), Phase.CONNECT)

    def _log_in(self, peer: Peer) -> None:
        user, password = self._credentials
        if not user:
            return
        if not (user + password).isascii():
            raise refusal(535, "user or password holds characters outside ASCII", Phase.LOGIN)
        try:
            _demand(peer.auth_once(user, password), (235,), Phase.LOGIN)
        except smtplib.SMTPAuthenticationError as error:
            raise refusal(error.smtp_code, error.smtp_error, Phase.LOGIN) from error

    def _envelope(self, peer: Peer, raw: bytes, recipients: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """RCPT and DATA; gives the recipients that were refused while others were taken."""
        refused: list[_Refused] = []
        with _before_the_dot(Phase.RECIPIENT):
            for recipient in recipients:
                code, answer = peer.rcpt(recipient)
                if code not in (_YES, 251):
                    refused.append(_Refused(recipient, code, answer))
            if len(refused) == len(recipients):
                _, code, answer = min(refused, key=lambda row: row.code)  # one "later" among them: all of it later
                raise refusal(code, answer, Phase.RECIPIENT)
        with _before_the_dot(Phase.DATA):
            _demand(peer.docmd("DATA"), (354,), Phase.DATA)
            peer.send(dot_stuffed(raw))
            if peer.spoke_unasked():
                raise MailerUnavailable("the server answers before it is asked; the mail was not handed over")
        return tuple((recipient, f"{code} {decoded(answer)}") for recipient, code, answer in refused)

    def _hand_over(self, peer: Peer, raw: bytes) -> str:
        """The final dot. From here on only the server's answer tells; without one the mail is in doubt."""
        peer.patience = self._final_wait
        try:
            peer.send(b".\r\n")
            code, answer = peer.getreply()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise MailerInDoubt(f"no answer after the final dot: {error}") from error
        finally:
            peer.patience = self._timeout
        if 400 <= code < 600:
            raise refusal(code, answer, Phase.DATA)
        if not 200 <= code < 300:
            raise MailerInDoubt(f"no answer after the final dot that means anything: {code} {decoded(answer)}")
        return f"{code} {decoded(answer)}"

    def _drop(self) -> None:
        peer, self._peer = self._peer, None
        if peer is not None:
            with suppress(Exception):
                peer.close()


def _mail(peer: Peer, raw: bytes, sender: str) -> tuple[int, bytes]:
    options = [f"size={len(raw)}"] if peer.has_extn("size") else []
    options += ["BODY=8BITMIME"] if not raw.isascii() and peer.has_extn("8bitmime") else []
    answer: tuple[int, bytes] = peer.mail(sender, options)
    return answer


def dot_stuffed(raw: bytes) -> bytes:
    """CRLF line ends, leading dots doubled (RFC 5321 4.5.2), an end of line at the end; the final dot is not in it."""
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    stuffed = (b"." if lines.startswith(b".") else b"") + lines.replace(b"\r\n.", b"\r\n..")
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _demand(answer: tuple[int, bytes], wanted: tuple[int, ...], phase: Phase) -> None:
    code, text = answer
    if code not in wanted:
        raise refusal(code, text, phase)


@contextmanager
def _before_the_dot(phase: Phase) -> Iterator[None]:
    """Whatever breaks here, the server cannot have taken the mail."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise MailerUnavailable(
            f"{phase.value}: the server's certificate is not trusted: {error.verify_message}",
            fix="check host name and clock; for an authority of your own set ca_file. There is no way around TLS",
        ) from error
    except smtplib.SMTPServerDisconnected as error:
        raise MailerUnavailable(f"{phase.value}: {error}") from error
    except smtplib.SMTPResponseException as error:
        raise refusal(error.smtp_code, error.smtp_error, phase) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise MailerUnavailable(f"{phase.value}: {decoded(str(error))}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
