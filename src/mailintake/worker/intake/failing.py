"""A mail that could not be processed: again later, or put aside; whose fault it was decides."""

import errno
from datetime import timedelta

from mailintake.errors import MailintakeError, StoreBusy
from mailintake.model.understanding import StaffNotice
from mailintake.store.port import MessageRow
from mailintake.worker.shells import Shells, log_event

_BACK_OFF = timedelta(minutes=5)
_LONGEST = timedelta(hours=1)
_OUR_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)


def retried(shells: Shells, row: MessageRow, attempts: int, fault: Exception) -> str:
    """Give the mail back to the queue with growing pauses; at the last attempt put it aside. Gives the reason.

    A locked database or a full disk is nobody's mail's fault: it is tried again for as long as that lasts.
    """
    reason = f"{type(fault).__name__}: {fault}"
    if attempts >= shells.configuration.settings.poll.attempts and not _ours(fault):
        return given_up(shells, row, reason)
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.retry_message(row.id, now + min(_BACK_OFF * attempts, _LONGEST), reason)
        log_event(unit, now, "message.retry", message=row.sha256, attempts=str(attempts), fault=type(fault).__name__)
    return reason


def given_up(shells: Shells, row: MessageRow, reason: str) -> str:
    """Put aside, whole, until a person looks. Gives the reason."""
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.quarantine_message(row.id, reason, now)
        unit.add_notice(StaffNotice("message.quarantined", reason, message=row.sha256), now)
        log_event(unit, now, "message.quarantined", message=row.sha256)
    return reason


def _ours(fault: Exception) -> bool:
    if isinstance(fault, MailintakeError):
        return isinstance(fault, StoreBusy)
    return isinstance(fault, OSError) and fault.errno in _OUR_DISK
