"""The envelope view: addresses and date by mail-parser from header bytes, by our own scanner where it gives up."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Any, NamedTuple

from mailintake.model.message import Address, Note
from mailintake.model.zone import SHANGHAI
from mailintake.readers.mail.addresses import scan_addresses
from mailintake.readers.mail.charset import clean_line
from mailintake.readers.mail.encoded_words import decode_raw
from mailintake.readers.mail.headers import HeaderBlock
from mailintake.readers.mail.mime import Budget

_ADDRESS_HEADERS = ("from", "to", "cc", "reply-to")
_VIEWS = {"from": "from_", "to": "to", "cc": "cc", "reply-to": "reply_to"}
_LONGEST_FOR_LIBRARY = 16 * 1024  # it takes seconds for tens of thousands of recipients
_LONGEST_DATE = 200
_PLAIN_DATE = re.compile(
    rb"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:[0-5]\d [+-]\d\d[03]0(?: \([A-Z]{1,5}\))?"
)  # RFC 5322 3.3, as nearly all write it; a time and zone that the library and the standard library read alike
_MOST_IDS = 200


class Envelope(NamedTuple):
    """Who, to whom, when."""

    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    date: datetime | None
    return_path: str | None


def read_envelope(headers: HeaderBlock, budget: Budget) -> Envelope:
    """The envelope of one header block. Never raises: a fault of the library is a note and our own reading."""
    values = {name: b", ".join(field.value for field in headers.all(name)) for name in _ADDRESS_HEADERS}
    raw_date = headers.first("date")[:_LONGEST_DATE]
    view = None if _is_plain(values, raw_date) else _library_view(values, raw_date, budget)
    found = {name: _addresses(name, values[name], view) for name in _ADDRESS_HEADERS}
    date = _date(raw_date.decode("ascii", "replace"), view)
    if raw_date and date is None:
        budget.note(Note.BAD_DATE)
    sender = _sender(headers, found["from"], budget)
    return Envelope(sender, found["reply-to"], found["to"], found["cc"], date, _return_path(headers))


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Every <id> of a Message-ID, In-Reply-To or References value: blanks of folds removed, rubbish between dropped."""
    text = clean_line(raw.decode("ascii", "replace"))
    bare = text.split()
    ids: list[str] = []
    while len(ids) < _MOST_IDS:
        _, opening, text = text.partition("<")
        inside, closing, text = text.partition(">")
        if not (opening and closing):
            break
        ids.append(f"<{''.join(inside.split())}>")
    return tuple(dict.fromkeys(ids or [f"<{word}>" for word in bare[:_MOST_IDS] if "@" in word]))


def _sender(headers: HeaderBlock, found: tuple[Address, ...], budget: Budget) -> Address | None:
    if len(headers.all("from")) > 1 or len(found) > 1:
        budget.note(Note.SEVERAL_FROM)
        return None
    if not found:
        budget.note(Note.NO_FROM)
        return None
    return found[0]


def _is_plain(values: dict[str, bytes], date: bytes) -> bool:
    """One address in each field and a date of the usual form: the library, a large part of a mail's parsing, could say
    nothing that changes our own reading."""
    fields = all(value.count(b"@") <= 1 and value.isascii() and b"\0" not in value for value in values.values())
    return fields and (not date or _PLAIN_DATE.fullmatch(date) is not None)


def _library_view(values: dict[str, bytes], date: bytes, budget: Budget) -> Any:
    """mail-parser's object for a header of the four address fields and the date; None when it cannot."""
    fields = {name: value for name, value in values.items() if value and len(value) <= _LONGEST_FOR_LIBRARY}
    lines = [name.encode() + b": " + _line(value) for name, value in (*fields.items(), ("date", date)) if value]
    try:
        import mailparser  # costs start-up time that a mere --help need not pay

        return mailparser.parse_from_bytes(b"\r\n".join(lines) + b"\r\n\r\n")
    except Exception:
        budget.note(Note.ENVELOPE_UNREADABLE)
        return None


def _line(value: bytes) -> bytes:
    text = value if value.isascii() else decode_raw(value).encode("utf-8", "replace")
    return text.translate(None, b"\r\n\0")


def _addresses(name: str, value: bytes, view: Any) -> tuple[Address, ...]:
    """The library's addresses under our names; ours alone where we see more of them (a list parted by semicolons)."""
    ours = scan_addresses(value)
    if view is None or len(value) > _LONGEST_FOR_LIBRARY:
        return ours
    names = {address.addr: address for address in ours}
    theirs = [addr.strip().lower() for _, addr in getattr(view, _VIEWS[name]) or ()]
    agreed = tuple(names[addr] for addr in theirs if addr in names)
    return agreed if len(agreed) == len(theirs) >= len(ours) else ours


def _date(text: str, view: Any) -> datetime | None:
    zone = text.split()[-1:]
    found: datetime | None = getattr(view, "date", None)
    try:
        if found is not None and zone != ["CST"]:  # in these mails CST is China's time, RFC 5322 says America's
            return found.astimezone(timezone(timedelta(hours=float(view.timezone))))
        return _own_date(text, forced=zone == ["CST"])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _own_date(text: str, *, forced: bool) -> datetime | None:
    parts = parsedate_tz(text)
    if parts is None:
        when = datetime.fromisoformat(text.strip())
        return when if when.tzinfo else when.replace(tzinfo=SHANGHAI)
    no_zone = ":" in text.rsplit(maxsplit=1)[-1] or parts[9] is None
    zone = SHANGHAI if forced or no_zone else timezone(timedelta(seconds=parts[9] or 0))
    return datetime(*parts[:6], tzinfo=zone)


def _return_path(headers: HeaderBlock) -> str | None:
    fields = headers.all("return-path")
    if not fields:
        return None
    found = scan_addresses(fields[0].value)
    return found[0].addr if found else ""
