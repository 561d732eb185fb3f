"""When the daily reconciliation is due; like everything that is due, read from the database."""

from datetime import datetime, timedelta

from mailintake.model.zone import SHANGHAI
from mailintake.worker.shells import Shells


def reconcile_due(shells: Shells, mailbox: str) -> bool:
    """At the hour of the settings, once a day; the very first time at once; after a sleep when it wakes up."""
    last = shells.store.mailbox(mailbox).reconciled_at
    if last is None:
        return True
    now = shells.clock().astimezone(SHANGHAI)
    latest = datetime.combine(now.date(), shells.configuration.settings.poll.reconcile_at, SHANGHAI)
    if latest > now:
        latest -= timedelta(days=1)
    return not latest <= last <= now
