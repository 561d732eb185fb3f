"""The figures of one pass, by name."""

from mailintake.model.understanding import Disposition
from mailintake.worker.passes import Report


def counted(report: Report) -> dict[str, int]:
    """What came, what became of it, what went out."""
    fates = report.fates
    return {
        "fetched": report.polled.fetched,
        "processed": report.processed,
        "opened": fates.get(Disposition.CASE_OPENED, 0),
        "extended": fates.get(Disposition.CASE_EXTENDED, 0),
        "answered": fates.get(Disposition.ANSWERED, 0),
        "staff": fates.get(Disposition.FOR_STAFF, 0),
        "parked": fates.get(Disposition.PARKED, 0),
        "duplicate": fates.get(Disposition.DUPLICATE, 0),
        "quarantined": fates.get(Disposition.QUARANTINED, 0),
        "reminders": report.reminders,
        "sent": report.sent.sent + report.sent.drafted,
        "waiting": report.sent.waiting,
    }
