"""What a mail server's refusals mean: everything that imapclient, imaplib, ssl and sockets raise, in our own errors.

The words operators read about each class are in templates/messages/mailbox.yaml, by the name of the class.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from mailintake.errors import MailboxLoginRefused, MailboxUnavailable, MailintakeError

THROTTLED_SECONDS = 300
_TEXT_LENGTH = 200
_LOGIN_ADVICE = (
    "163 and QQ want the client authorisation code made in the web mail's IMAP/SMTP settings, not the web password"
)
_BUSY = ("[unavailable]", "[limit]", "[throttled]", "[inuse]", "too many", "try again", "temporar", "busy")
_LOCKED = ("lock", "too many fail", "too much fail", "too many attempt", "too many login", "too many auth")


def said(error: BaseException) -> str:
    """The server's or the system's words on one line, without control characters, cut to a readable length."""
    first = error.args[0] if error.args else ""
    words = _decoded(first) if isinstance(first, bytes) else str(error)
    text = " ".join(words.split()) or type(error).__name__
    return "".join(c for c in text if c.isprintable())[:_TEXT_LENGTH]


def _decoded(answer: bytes) -> str:
    """UTF-8, else GB18030: QQ and 163 write their errors in it."""
    try:
        return answer.decode("utf-8")
    except UnicodeDecodeError:
        return answer.decode("gb18030", "replace")


def is_unsafe_login(error: BaseException) -> bool:
    """NetEase's refusal of SELECT before it has seen a well-formed ID on this connection."""
    return "unsafe login" in str(error).lower()


def is_busy(text: str) -> bool:
    """Response codes of RFC 5530 and plain words for "not now"."""
    lowered = text.lower()
    return any(word in lowered for word in _BUSY)


def unavailable(doing: str, error: BaseException) -> MailboxUnavailable:
    """The error of a server that hangs up, stalls, throttles or talks nonsense while we were `doing` something."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return MailboxUnavailable(
            f"{doing}: the server's certificate is not trusted: {error.verify_message}",
            fix="check host name and clock; for an authority of your own set ca_file. There is no way around TLS",
        )
    text = "no answer in time" if isinstance(error, TimeoutError) else said(error)
    return MailboxUnavailable(f"{doing}: {text}", retry_after_seconds=THROTTLED_SECONDS if is_busy(text) else 0)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Library calls only inside: a hostile server can make the libraries raise nearly anything."""
    try:
        yield
    except MailintakeError:
        raise
    except Exception as error:
        raise unavailable(doing, error) from error


def login_failure(user: str, error: Exception) -> MailintakeError:
    """Wrong credentials, a locked account, or a server that merely has no room now.

    imapclient reports a connection lost during LOGIN as a login error too; its context tells the difference.
    """
    cause = error.__context__ or error
    if isinstance(cause, imaplib.IMAP4.abort | OSError):
        return unavailable("logging in", cause)
    text = said(cause)
    if is_busy(text) and not any(word in text.lower() for word in _LOCKED):
        return unavailable("logging in", cause)
    return MailboxLoginRefused(f"login of {user} refused: {text}", fix=_LOGIN_ADVICE)
