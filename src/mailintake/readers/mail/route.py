"""The way a mail came, and what is wrong with its header, as mail-parser reads it. Shown to people; decides nothing.

Any of it but the topmost Received line may be invented by the sender (RFC 5321 section 4.4). An exception of the
library means that nothing is known of the way, never that there is no mail.
"""

from datetime import datetime
from typing import Any

from mailintake.model.message import Hop, Note, Route
from mailintake.readers.mail.authentication import receiving_host
from mailintake.readers.mail.charset import clean_line
from mailintake.readers.mail.headers import HeaderBlock, HeaderField
from mailintake.readers.mail.mime import Budget

_MOST_HOPS, _MOST_DEFECTS = 30, 20
_LONGEST_FIELD, _LONGEST_TEXT = 2048, 200  # bytes given to the library, characters kept of what it says
_MOST_FIELDS = 100
# Other fields say nothing to it and cost their time; for those of MIME it would miss the parts that it is not given.
_READ = frozenset(["bcc", "cc", "date", "delivered-to", "from", "reply-to", "resent-date", "to"])


def read_route(headers: HeaderBlock, budget: Budget) -> Route:
    """Stations from the sender to us, who gave the mail to the receiving host, defects of the header. Never raises."""
    lines = [_line(field) for field in _given(headers)]
    try:
        import mailparser  # costs start-up time that a mere --help need not pay

        view = mailparser.parse_from_bytes(b"".join(lines) + b"\r\n")
        hops = tuple(_hop(found) for found in view.received or ())
        handed_over = ""
        if hops:  # asked about the topmost line alone: behind a private address it would go on to lines of anybody
            ours = mailparser.parse_from_bytes(lines[0] + b"\r\n") if len(hops) > 1 else view
            handed_over = ours.get_server_ipaddress(receiving_host(headers)) or ""
        return Route(hops, _text(handed_over), _defects(view))
    except Exception:
        budget.note(Note.ENVELOPE_UNREADABLE)
        return Route()


def _given(headers: HeaderBlock) -> list[HeaderField]:
    """The fields that the library sees: none that could keep it busy."""
    received = [field for field in headers.fields if field.name == "received"][:_MOST_HOPS]
    others = [f for f in headers.fields if f.name in _READ]
    return [f for f in (*received, *others[:_MOST_FIELDS]) if len(f.folded) <= _LONGEST_FIELD]


def _line(field: HeaderField) -> bytes:
    """The field as it stood: a folded one is still folded."""
    return field.name.encode() + b":" + field.folded.rstrip(b"\r\n") + b"\r\n"


def _hop(found: dict[str, Any]) -> Hop:
    at = found.get("date_utc")
    return Hop(
        by=_text(found.get("by", "")),
        sender=_text(found.get("from", "")),
        protocol=_text(found.get("with", "")),
        at=datetime.fromisoformat(at) if at else None,
        delay_seconds=int(found.get("delay") or 0),
    )


def _defects(view: Any) -> tuple[str, ...]:
    said = [text for defect in view.defects for texts in defect.values() for text in texts]
    return tuple(dict.fromkeys(_text(text) for text in said))[:_MOST_DEFECTS]


def _text(text: str) -> str:
    return clean_line(text)[:_LONGEST_TEXT]
