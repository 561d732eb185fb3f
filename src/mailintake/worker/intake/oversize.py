"""Mails beyond the size limit: their head is kept and read, and a person decides."""

import tempfile
from dataclasses import replace
from pathlib import Path

from mailintake.errors import ReaderFailed
from mailintake.model.message import InboundMessage
from mailintake.model.understanding import Decision, Disposition, StaffNotice
from mailintake.store.port import MessageRow
from mailintake.worker.shells import Shells, log_event

TOO_LARGE = "too_large"


def is_part(shells: Shells, row: MessageRow) -> bool:
    """Does the row tell more bytes than we hold? Then only the head of the mail was fetched."""
    return row.size > shells.store.files.path(row.sha256).stat().st_size


def decided_by_size(shells: Shells, row: MessageRow) -> tuple[InboundMessage | None, Decision]:
    """Record the fate of such a mail: for staff, with who sent it and how large it is. Its files do not count."""
    now, message = shells.clock(), _head(shells, row)
    sender = message.sender.addr if message is not None and message.sender else ""
    text = " ".join(filter(None, (sender, f"{row.size / 2**20:.0f} MB")))
    notice = StaffNotice("message.too_large", text, message=row.sha256)
    decision = Decision(Disposition.FOR_STAFF, notices=(notice,), decided_at=now)
    with shells.store.begin() as unit:
        unit.finish_message(row.id, message, decision, now, TOO_LARGE)
        unit.add_notice(notice, now)
        log_event(unit, now, "message.done", message=row.sha256, disposition=decision.disposition.value)
    return message, decision


def _head(shells: Shells, row: MessageRow) -> InboundMessage | None:
    with tempfile.TemporaryDirectory(dir=shells.spool) as folder:
        try:
            reading = shells.readers.message(shells.store.files.path(row.sha256), Path(folder))
        except ReaderFailed:
            return None
    return replace(reading.message, attachments=(), size=row.size)
