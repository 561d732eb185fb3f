"""The envelope view: addresses and date by mail-parser from the header alone, by our own scanner where it gives up."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Any, NamedTuple

from mailintake.model.message import Address, Note
from mailintake.readers.addresses import Mailbox, scan_addresses
from mailintake.readers.charset import clean_line
from mailintake.readers.headers import HeaderBlock
from mailintake.readers.mime import Budget

_ADDRESS_HEADERS = ("from", "to", "cc", "reply-to")
_LONGEST_FOR_PARSER = 16 * 1024  # mail-parser takes seconds for tens of thousands of recipients
_OFFICE_ZONE = timezone(timedelta(hours=8))
_LONGEST_DATE = 200
_MOST_IDS = 200


class Envelope(NamedTuple):
    """Who, to whom, when."""

    senders: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    date: datetime | None = None
    return_path: str | None = None


def read_envelope(headers: HeaderBlock, budget: Budget) -> Envelope:
    """The envelope of one header block. Never raises: a fault of the library is a note and our own reading."""
    scanned = {name: _scanned(headers, name) for name in _ADDRESS_HEADERS}
    date = headers.first("date")[:_LONGEST_DATE].decode("ascii", "replace")
    view = _library_view(scanned, date, budget)
    found = {name: _addresses(scanned[name], view, name) for name in _ADDRESS_HEADERS}
    when = _date(date, view)
    if date.strip() and when is None:
        budget.note(Note.BAD_DATE)
    if len(headers.all("from")) > 1 or len(found["from"]) > 1:
        budget.note(Note.SEVERAL_FROM)
    elif not found["from"]:
        budget.note(Note.NO_FROM)
    several = len(headers.all("from")) > 1
    senders = () if several else found["from"]
    return Envelope(senders, found["reply-to"], found["to"], found["cc"], when, _return_path(headers))


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Every <id> of a Message-ID, In-Reply-To or References value, blanks of folds removed; rubbish between dropped."""
    text = clean_line(raw.decode("ascii", "replace"))
    ids: list[str] = []
    while len(ids) < _MOST_IDS:
        _, opening, text = text.partition("<")
        inside, closing, text = text.partition(">")
        if not (opening and closing):
            break
        ids.append(f"<{''.join(inside.split())}>")
    if not ids:
        ids = [f"<{word}>" for word in clean_line(raw.decode("ascii", "replace")).split() if "@" in word][:_MOST_IDS]
    return tuple(dict.fromkeys(ids))
