"""The day's story in the log: one line a mail, one a letter that was tried, and the few events an operator waits for.

A line holds numbers of ours and answers of servers, never a name, address or text of an applicant.
"""

import logging
import re

from mailintake.letters.masking import mask_text
from mailintake.model.case import Event
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.store.port import MessageRow

_log = logging.getLogger("mailintake.story")
_TRACE = 12  # digits of the sha256 that follow a mail everywhere
_TOLD = frozenset(
    {
        *("mailbox.fault", "mailbox.well", "mailbox.first_look", "message.quarantined", "message.unfetchable"),
        *("digest.made", "backup.made", "rules.in_force", "sending.paused", "sending.resumed", "store.restored"),
    }
)
_ADDRESS = re.compile(r"[^\s<>]*@[^\s<>]*")


def trace_of(sha256: str) -> str:
    """The id that log lines and `mailintake trace` show; nothing for no mail."""
    return sha256[:_TRACE]


def tell_event(event: Event) -> None:
    """What happened to the installation; what happens to a mail or a letter has a line of its own."""
    if event.what in _TOLD:
        data = "".join(f" {key}={value}" for key, value in event.data)
        mail = f" trace={trace_of(event.message)}" if event.message else ""
        _log.info("%s%s%s", event.what, mail, data)


def tell_mail(row: MessageRow, fate: str, message_class: str, letters: tuple[str, ...]) -> None:
    """A mail that is over, or will be tried again: where it lay, what it was, what came of it."""
    places = ",".join(f"{ref.mailbox}/{ref.folder}/{ref.uid}" for ref in row.refs)
    _log.info(
        "mail trace=%s id=%d uid=%s class=%s fate=%s cases=%s letters=%s",
        trace_of(row.sha256), row.id, places, message_class or "-", fate or row.status,
        ",".join(row.cases) or "-", ",".join(letters) or "-",
    )  # fmt: skip


def tell_letter(entry: OutboxEntry, outcome: OutboxState, answer: str) -> None:
    """A letter that was tried, with the mail server's answer."""
    _log.info(
        "letter trace=%s id=%d kind=%s case=%s state=%s answer=%s",
        trace_of(entry.in_answer_to) or "-", entry.id, entry.letter.value, entry.case or "-", outcome.value,
        _codes(answer) or "-",
    )  # fmt: skip


def _codes(answer: str) -> str:
    """What a server says of itself, in ASCII (RFC 5321 4.2); of our letter it may repeat addresses, names, numbers."""
    return mask_text(_ADDRESS.sub("<address>", answer).encode("ascii", "ignore").decode())
