"""From rendered words to the bytes of a mail (RFC 5322, 2045, 3834), with headers nobody can break out of."""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from mailintake.letters.masking import clean
from mailintake.letters.render import Rendered
from mailintake.model.letter import LetterKind, ThreadingHeaders
from mailintake.model.message import Address, wire_form

LOOP_HEADER = "X-Mailintake-Letter"
_UNASKED = frozenset({LetterKind.REMINDER, LetterKind.OVERDUE, LetterKind.DIGEST, LetterKind.RESULT})
_OWN_ID = re.compile(r"<mailintake\.[0-9a-f]{32}\.[0-9]{1,6}@[a-z0-9.-]{1,253}>", re.IGNORECASE)
_ID = re.compile(r"<(?![^>]*=\?)[!-;=?-~]{3,250}>")  # no encoded word (RFC 2047, 5): a reader may decode what it hides
_REFERENCES = 20  # the first and the last ones; longer lists make some servers refuse the mail
_SUBJECT = 200
_LINE = 76  # characters of a line with encoded words (RFC 2047, 2)
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")  # IANA


@dataclass(frozen=True, slots=True)
class Attached:
    """A workbook that goes with a mail to staff."""

    name: str
    data: bytes


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
    recipients, copies = _mailboxes(to), _mailboxes(cc)
    if not recipients:
        raise ValueError("a letter needs a recipient")
    headers = (
        _office("From", sender),
        _listed("To", recipients, ","),
        _listed("Cc", copies, ",") if copies else "",
        _office("Reply-To", sender),
        f"Subject: {_encoded(clean(rendered.subject, _SUBJECT))}\r\n",
        f"Date: {format_datetime(date)}\r\n",
        _listed("Message-ID", message_id.split()),
        _thread(threading),
        f"Auto-Submitted: {'auto-generated' if kind in _UNASKED else 'auto-replied'}\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        f"{LOOP_HEADER}: {kind.value}\r\n",
        "MIME-Version: 1.0\r\n",
    )
    boundary = f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"  # same letter, same bytes
    both = _text("plain", rendered.text), _text("html", rendered.html)
    if attached:
        inner = _multipart("alternative", f"{boundary}1", both)
        body = _multipart("mixed", boundary, (inner, *map(_file, attached)))
    else:
        body = _multipart("alternative", boundary, both)
    return "".join(headers).encode("ascii") + body


@lru_cache(maxsize=16)
def _office(name: str, sender: Address) -> str:
    """The same in every letter of a mailbox."""
    address = HeaderAddress(clean(sender.name), addr_spec=sender.addr)
    folded: str = SMTP.header_store_parse(name, address)[1].fold(policy=SMTP)
    return folded


def _encoded(subject: str) -> str:
    """As words of RFC 2047 where it is not ASCII; a quarter of the time of the policy's parser."""
    return Header(subject, header_name="Subject", maxlinelen=_LINE).encode(linesep="\r\n")


def _listed(name: str, items: Sequence[str], comma: str = "") -> str:
    """Addresses or identifiers, one a line. The library would encode identifiers over 76 characters as RFC 2047 words,
    which no mail program reads there."""
    return f"{name}: " + f"{comma}\r\n ".join(items) + "\r\n"


def _text(subtype: str, text: str) -> bytes:
    """A part of text with its head (RFC 2045, 6.8); lines end in CRLF."""
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    lines = b"".join(line + b"\r\n" for line in text.encode().splitlines())
    return head.encode() + base64.encodebytes(lines).replace(b"\n", b"\r\n")


def _file(file: Attached) -> bytes:
    part = EmailMessage(policy=SMTP)
    part.set_content(file.data, maintype=_XLSX[0], subtype=_XLSX[1], disposition="attachment", filename=file.name)
    return part.as_bytes()


def _multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    """With its head (RFC 2046, 5.1)."""
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'
    start = f"--{boundary}\r\n".encode()
    return head.encode() + b"".join(start + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def _thread(threading: ThreadingHeaders) -> str:
    answered = _ids((threading.in_reply_to,))
    earlier = _ids((*threading.references, threading.in_reply_to))
    kept = earlier if len(earlier) <= _REFERENCES else (earlier[0], *earlier[1 - _REFERENCES :])
    return (_listed("In-Reply-To", answered[:1]) if answered else "") + (_listed("References", kept) if kept else "")


def _ids(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Well-formed identifiers in order, each once; a stranger's References may hold anything."""
    return tuple(dict.fromkeys(found for text in texts for found in _ID.findall(text)))


def _mailboxes(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Each address once, as it stands on the wire; what nobody can be reached at is left out. Plain text, because the
    library's Address refuses addresses that work, such as those with two dots in a row."""
    return tuple(dict.fromkeys(found for a in addresses if (found := wire_form("".join(a.split())))))


def make_message_id(inbound_sha256: str, kind: str, sequence: int, domain: str) -> str:
    """Our identifier for a letter: the same for the same occasion, recognisable as ours, telling nothing to others."""
    digest = hashlib.sha256(f"{inbound_sha256}\n{kind}\n{sequence}".encode()).hexdigest()[:32]
    return f"<mailintake.{digest}.{sequence}@{domain.lower()}>"


def is_own_message_id(message_id: str) -> bool:
    """Does it have the form of `make_message_id`? Only the store knows whether we really sent it."""
    return _OWN_ID.fullmatch(message_id.strip()) is not None
