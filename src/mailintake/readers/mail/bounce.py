"""Who could not be reached, as a delivery report says it: Mailman's collection of the forms such reports have."""

import logging
from email import message_from_bytes
from pathlib import Path

from mailintake.model.message import InboundMessage

# The library's patterns take the square of a line's length, and the parser of reports the square of their number.
# The report stands before the mail that it returns, and RFC 5322 2.1.1 asks for lines below 78 characters.
_ENOUGH, _LINE, _LINES = 32 * 1024, 500, 1000
_MOST = 20
_MACHINES = ("mailer-daemon", "mailerdaemon", "postmaster")


def failed_recipients(raw: Path, message: InboundMessage) -> tuple[str, ...]:
    """Addresses in lower case that will not be reached; none for a mail in which nothing speaks of a report, and none
    for a delay. A report that the library cannot read says nothing."""
    if not _may_be_a_report(message):
        return ()
    from flufl.bounce import scan_message

    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what the mail says
    with raw.open("rb") as stream:
        lines = stream.read(_ENOUGH).split(b"\n")[:_LINES]
    try:
        found = scan_message(message_from_bytes(b"\n".join(line[:_LINE] for line in lines)))
    except Exception:  # written for reports, handed a stranger's bytes
        return ()
    texts = (address.decode("ascii", "replace").strip("<> \t\r\n").lower() for address in found)
    return tuple(sorted(text for text in texts if "@" in text and text.isprintable()))[:_MOST]


def _may_be_a_report(message: InboundMessage) -> bool:
    local = message.sender.addr.partition("@")[0] if message.sender else ""
    return message.content_type == "multipart/report" or message.return_path == "" or local.startswith(_MACHINES)
