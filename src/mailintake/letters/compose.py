"""From rendered words to the bytes of a mail (RFC 5322, 2045, 3834), with headers nobody can break out of."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any, cast

from mailintake.letters.masking import clean
from mailintake.letters.render import Rendered
from mailintake.model.letter import LetterKind, ThreadingHeaders
from mailintake.model.message import Address, wire_form

LOOP_HEADER = "X-Mailintake-Letter"
_UNASKED = frozenset({LetterKind.REMINDER, LetterKind.OVERDUE, LetterKind.DIGEST, LetterKind.RESULT})
_OWN_ID = re.compile(r"<mailintake\.[0-9a-f]{32}\.[0-9]{1,6}@[a-z0-9.-]{1,253}>", re.IGNORECASE)
_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_REFERENCES = 20  # the first and the last ones; longer lists make some servers refuse the mail
_SUBJECT = 200
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")  # IANA


@dataclass(frozen=True, slots=True)
class Attached:
    """A workbook that goes with a mail to staff."""

    name: str
    data: bytes


class _IdList:
    """References and In-Reply-To: one identifier a line. The library would encode identifiers over 76 characters as
    RFC 2047 words, which no mail program reads there."""

    max_count = 1
    parse = UnstructuredHeader.parse
    value_parser = staticmethod(UnstructuredHeader.value_parser)

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep  # type: ignore[attr-defined]


class _Registry(HeaderRegistry):
    """The library's, which makes a new class for each header of each mail; the first one of a name does."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The class for headers of that name."""
        lower = name.lower()
        if lower not in self._made:
            self._made[lower] = super().__getitem__(name)
        return self._made[lower]


def _policy() -> Any:
    registry = _Registry()
    for name in ("references", "in-reply-to", "message-id"):
        registry.map_to_type(name, cast("Any", _IdList))
    return SMTP.clone(header_factory=registry)


_POLICY = _policy()


def compose(  # noqa: PLR0913 -- the parts of an envelope, all needed
    rendered: Rendered,
    *,
    kind: LetterKind,
    sender: Address,
    to: tuple[str, ...],
    cc: tuple[str, ...],
    message_id: str,
    threading: ThreadingHeaders,
    date: datetime,
    attached: tuple[Attached, ...] = (),
) -> bytes:
    """The finished mail: multipart/alternative, UTF-8, CRLF; inside multipart/mixed where something is attached. `date`
    must be aware.

    Addresses, subject and identifiers are cleaned of line breaks and control characters before they become headers.
    ValueError when no recipient is left.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mailbox(sender)
    recipients = _mailboxes(to)
    if not recipients:
        raise ValueError("a letter needs a recipient")
    mail["To"] = recipients
    if copies := _mailboxes(cc):
        mail["Cc"] = copies
    mail["Reply-To"] = _mailbox(sender)
    mail["Subject"] = clean(rendered.subject, _SUBJECT)
    mail["Date"] = format_datetime(date)
    mail["Message-ID"] = message_id
    _thread(mail, threading)
    mail["Auto-Submitted"] = "auto-generated" if kind in _UNASKED else "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = kind.value
    mail.set_content(rendered.text, charset="utf-8", cte="base64")
    mail.add_alternative(rendered.html, subtype="html", charset="utf-8", cte="base64")
    for file in attached:
        mail.add_attachment(file.data, maintype=_XLSX[0], subtype=_XLSX[1], filename=file.name)
    digest = hashlib.sha256(message_id.encode()).hexdigest()[:32]
    for number, part in enumerate(p for p in mail.walk() if p.is_multipart()):
        part.set_boundary(f"=_{digest}{number or ''}")  # same letter, same bytes
    return mail.as_bytes()


def _thread(mail: EmailMessage, threading: ThreadingHeaders) -> None:
    answered = _ids((threading.in_reply_to,))
    earlier = _ids((*threading.references, threading.in_reply_to))
    if answered:
        mail["In-Reply-To"] = answered[0]
    if earlier:
        kept = earlier if len(earlier) <= _REFERENCES else (earlier[0], *earlier[1 - _REFERENCES :])
        mail["References"] = " ".join(kept)


def _ids(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Well-formed identifiers in order, each once; a stranger's References may hold anything."""
    return tuple(dict.fromkeys(found for text in texts for found in _ID.findall(text)))


def _mailbox(address: Address) -> HeaderAddress:
    return HeaderAddress(clean(address.name), addr_spec=address.addr)


def _mailboxes(addresses: tuple[str, ...]) -> str:
    """Each address once, as it stands on the wire; what nobody can be reached at is left out. Plain text, because the
    library's Address refuses addresses that work, such as those with two dots in a row."""
    return ", ".join(dict.fromkeys(found for a in addresses if (found := wire_form("".join(a.split())))))


def make_message_id(inbound_sha256: str, kind: str, sequence: int, domain: str) -> str:
    """Our identifier for a letter: the same for the same occasion, recognisable as ours, telling nothing to others."""
    digest = hashlib.sha256(f"{inbound_sha256}\n{kind}\n{sequence}".encode()).hexdigest()[:32]
    return f"<mailintake.{digest}.{sequence}@{domain.lower()}>"


def is_own_message_id(message_id: str) -> bool:
    """Does it have the form of `make_message_id`? Only the store knows whether we really sent it."""
    return _OWN_ID.fullmatch(message_id.strip()) is not None
