"""A parsed mail, in the words of RFC 5322, 2045 and 2183."""

import re
from datetime import datetime
from enum import StrEnum

from mailintake.model.value import value


@value
class MessageRef:
    """Where a message lives (RFC 9051): never its identity, which is the sha256 of its bytes."""

    mailbox: str
    folder: str
    uidvalidity: int
    uid: int


@value
class Address:
    """One mailbox of an address header: display name (decoded, cleaned) and addr-spec in lower case."""

    name: str
    addr: str

    @property
    def domain(self) -> str:
        """The part behind the last @, or the empty string."""
        return self.addr.rpartition("@")[2]


_LOCAL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9.-]{1,255}")


def wire_form(addr: str) -> str:
    """The address as an SMTP command without SMTPUTF8 (NetEase has none) carries it: a Chinese domain in its ASCII form
    (RFC 5890). Empty for what nobody can be reached at: a Chinese local part (RFC 6531), or no address at all."""
    local, _, domain = addr.rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    return f"{local}@{domain}" if _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain) else ""


@value
class Attachment:
    """A part with data, whatever its disposition. `path` shows containers: 材料.zip/张三/照片.jpg."""

    path: str
    name: str
    part: str  # IMAP-style part number of the leaf or of its outermost container: "2.1"
    declared_type: str
    size: int
    sha256: str
    inline: bool = False
    ignored: str = ""  # why it is not a document ("signature logo", "calendar"); empty: it counts
    problem: str = ""  # finding code when the bytes could not be had: archive.encrypted, archive.unsafe …


@value
class CloudLink:
    """A large file that the provider replaced by an expiring link; it is recognised, never downloaded."""

    name: str
    size_text: str
    expires_text: str
    host: str
    expires: datetime | None = None


@value
class AuthenticationResult:
    """SPF and DKIM as the receiving hop saw them (RFC 8601); "unknown" where no trustworthy header exists."""

    spf: str = "unknown"
    dkim: str = "unknown"
    aligned: bool | None = None  # the domain that passed is the one in From; None: not known


@value
class Hop:
    """One station of a mail's way as its Received line tells (RFC 5321 section 4.4): who took it from whom."""

    by: str
    sender: str  # host and address it was taken from, as the line says
    protocol: str = ""
    at: datetime | None = None
    delay_seconds: int = 0  # since the station before; negative where clocks differ


@value
class Route:
    """How a mail came, for people to look at. Only what our own receiving host wrote is sure."""

    hops: tuple[Hop, ...] = ()  # from the sender to us
    handed_over: str = ""  # address of the host that gave it to the receiving host; empty: not told, or a private one
    defects: tuple[str, ...] = ()  # of the header, in the words of mail-parser


class Note(StrEnum):
    """What was unusual about the bytes; kept for explain and statistics."""

    CHARSET_GUESSED = "charset_guessed"
    RAW_8BIT_HEADER = "raw_8bit_header"
    BASE64_DAMAGED = "base64_damaged"
    BOUNDARY_MISSING = "boundary_missing"
    HEADER_LIMIT = "header_limit"
    DEPTH_LIMIT = "depth_limit"
    PARTS_LIMIT = "parts_limit"
    SIZE_LIMIT = "size_limit"
    SEVERAL_FROM = "several_from"
    NO_FROM = "no_from"
    BAD_DATE = "bad_date"
    ENCRYPTED_MAIL = "encrypted_mail"
    ENVELOPE_UNREADABLE = "envelope_unreadable"
    NOT_SCANNED = "not_scanned"  # the virus scanner could not be asked about every file


@value
class InboundMessage:
    """One mail as read. Texts are decoded, cleaned of control and bidi characters, line ends are \\n."""

    sha256: str
    size: int
    subject: str
    sender: Address | None  # the one From mailbox; None when absent or not one
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    return_path: str | None = None  # "" is the null path; None: no such header
    date: datetime | None = None  # aware
    message_id: str = ""  # with angle brackets, normalised
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()  # lower-case name, decoded value; in order, all of them
    content_type: str = "text/plain"
    report_type: str = ""
    new_text: str = ""  # what this sender wrote now
    quoted_text: str = ""  # history below it, with the texts of forwarded mails at the end
    signature_text: str = ""
    forwarded: tuple["InboundMessage", ...] = ()  # message/rfc822 children, depth first
    attachments: tuple[Attachment, ...] = ()  # those of forwarded mails included, by path
    cloud_links: tuple[CloudLink, ...] = ()
    received_hops: int = 0  # all of them, also those that `route` leaves out
    route: Route = Route()
    authentication: AuthenticationResult = AuthenticationResult()
    failed_recipients: tuple[str, ...] = ()  # of a delivery report: addresses that were not reached
    notes: tuple[Note, ...] = ()

    def header(self, name: str) -> str | None:
        """First value of the header of that name (any case), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def documents(self) -> tuple[Attachment, ...]:
        """Attachments that count as something the sender wanted us to have."""
        return tuple(a for a in self.attachments if not a.ignored)
