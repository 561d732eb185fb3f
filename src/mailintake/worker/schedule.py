"""The tasks of a day, and when those of an hour are due: read from the database, like everything that is due."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from mailintake.model.zone import SHANGHAI

if TYPE_CHECKING:
    from mailintake.worker.shells import Shells

BACKUP_MADE = "backup.made"
_QUEUE_SECONDS = 2  # so long a mail waits at most for a worker that is free, and half a minute is promised


class Task(StrEnum):
    """What a day is made of. A pass and looks at queue and outbox come at intervals, the others at an hour of the
    settings."""

    PASS = "pass"
    QUEUE = "queue"  # between two passes, beside other workers: mails that they fetched, and what a dead one left
    SEND = "send"  # between two passes: the provider's pause between two letters is shorter than they are apart
    RECONCILE = "reconcile"
    BACKUP = "backup"
    DIGEST = "digest"


def hours(shells: "Shells") -> dict[Task, time]:
    """When each daily task begins by the settings; what they do not ask for is not in it."""
    settings = shells.configuration.settings
    found = {Task.RECONCILE: settings.poll.reconcile_at, Task.DIGEST: settings.digest.time}
    return found | ({} if settings.backup.folder is None else {Task.BACKUP: settings.backup.at})


def between(shells: "Shells") -> dict[Task, int]:
    """Seconds between two looks at the outbox, where a pass is not enough, and at what other workers left to do, where
    there can be any."""
    found = {}
    settings = shells.configuration.settings
    if 0 < settings.sending.gap_seconds < settings.poll.interval_seconds:
        found[Task.SEND] = settings.sending.gap_seconds
    if shells.store.workers() is not None:
        found[Task.QUEUE] = _QUEUE_SECONDS
    return found


def reconcile_due(shells: "Shells", mailbox: str) -> bool:
    """At the hour of the settings, once a day; the very first time at once; after a sleep when it wakes up."""
    return _due(shells, shells.store.mailbox(mailbox).reconciled_at, shells.configuration.settings.poll.reconcile_at)


def backup_due(shells: "Shells") -> bool:
    """The same for the copy of everything, where the settings name a folder for it."""
    settings = shells.configuration.settings.backup
    if settings.folder is None:
        return False
    last = shells.store.last_event(BACKUP_MADE)
    return _due(shells, last.at if last else None, settings.at)


def digest_due(shells: "Shells") -> bool:
    """Has today's hour come, is today a working day, and was none made since? Read from the database. One that somebody
    made by hand in the night is not this morning's."""
    now = shells.clock().astimezone(SHANGHAI)
    hour = datetime.combine(now.date(), shells.configuration.settings.digest.time, SHANGHAI)
    if now < hour or not shells.rules.calendar.is_working_day(now.date()):
        return False
    last = shells.store.last_digest()
    return last is None or last.made_at < hour


def _due(shells: "Shells", last: datetime | None, hour: time) -> bool:
    if last is None:
        return True
    now = shells.clock().astimezone(SHANGHAI)
    latest = datetime.combine(now.date(), hour, SHANGHAI)
    if latest > now:
        latest -= timedelta(days=1)
    return not latest <= last <= now
