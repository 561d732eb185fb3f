"""The state of the installation in figures, and what of it is not as it should be; for `status` and the metrics."""

import shutil
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from mailintake.app.active import standing
from mailintake.config import Configuration
from mailintake.model.letter import OutboxState
from mailintake.store.lock import service_of
from mailintake.store.port import Looks, MailboxState, for_good
from mailintake.worker.schedule import BACKUP_MADE

_GIGABYTE = 2**30
LITTLE_DISK = _GIGABYTE
_POLL_AGE, _DAILY_AGE = timedelta(hours=1), timedelta(hours=50)  # a daily task may miss one night
_ON_THE_WAY = (OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT)


class Trouble(StrEnum):
    """What is not as it should be."""

    NOT_RUNNING = "not_running"
    NOT_POLLED = "not_polled"  # a mailbox did not answer for an hour
    NOT_COMPARED = "not_compared"  # the whole list was not compared for two days
    DIFFERENCE = "difference"  # mails of the mailbox are not recorded
    PAUSED = "paused"
    FAULT = "fault"
    NO_BACKUP = "no_backup"  # a folder for it is named, and the last one is two days old
    DISK = "disk"  # less than a gigabyte is left
    RESTORED = "restored"  # from a backup, and not every mailbox was seen again since


def troubles(state: dict[str, Any], now: datetime) -> tuple[Trouble, ...]:
    """All that `status --exit-code` answers with 1 to; `state` as `state_of` gives it."""

    def old(at: str | None, age: timedelta) -> bool:
        return at is None or now - datetime.fromisoformat(at) >= age

    boxes = state["mailboxes"]
    found = {
        Trouble.NOT_RUNNING: not state["service"]["running"],
        Trouble.NOT_POLLED: any(old(box["at"], _POLL_AGE) for box in boxes),
        Trouble.NOT_COMPARED: any(old(box["reconciled_at"], _DAILY_AGE) for box in boxes),
        Trouble.DIFFERENCE: any(box["difference"] for box in boxes),
        Trouble.PAUSED: state["paused"],
        Trouble.FAULT: bool(state["faults"]),
        Trouble.NO_BACKUP: state["backup"]["wanted"] and old(state["backup"]["at"], _DAILY_AGE),
        Trouble.DISK: state["disk_free"] < LITTLE_DISK,
        Trouble.RESTORED: state["restored"],
    }
    return tuple(trouble for trouble, is_so in found.items() if is_so)


def state_of(store: Looks, configuration: Configuration, now: datetime) -> dict[str, Any]:
    """Service, last polls, queues, open cases, copies, disk, faults. Nothing personal."""
    settings = configuration.settings
    made = store.last_event(BACKUP_MADE)
    boxes = [store.mailbox(box.name) for box in settings.mailboxes]
    pause, last = store.pause(), store.last_digest()
    until = pause.until if pause is not None and pause.until > now else None
    service, restored = service_of(settings.database_url), store.restored()
    return {
        "service": {"running": service.running, "pid": service.pid},
        "last_mail": _moment(store.newest_message()),
        "backup": {"wanted": settings.backup.folder is not None, "at": _moment(made.at if made else None)},
        "disk_free": _free(settings.data_folder),
        "restored": restored is not None and restored.caught_up_at is None,
        "mailboxes": [_mailbox(box) for box in boxes],
        "received": store.count_messages("received"),
        "processing": store.count_messages("processing"),
        "workers": int(service.running) if (others := store.workers()) is None else others,
        "quarantined": store.count_messages("quarantined"),
        "waiting": store.count_letters((OutboxState.WAITING,)),
        "ready": store.count_letters(_ON_THE_WAY),
        "open": store.count_cases(),
        "notices": store.count_notices(),
        "version": configuration.version,
        "rules": _rules(configuration),
        "calendar": configuration.rules.calendar.known_until.isoformat(),
        "paused": until is not None,
        "paused_until": until.isoformat() if until else None,
        "paused_for_good": until is not None and for_good(until, now),
        "digest": last.day.isoformat() if last else None,
        "faults": _faults(boxes, pause.why if pause is not None and until is not None else ""),
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _free(folder: Path) -> int:
    """Bytes that are left where the data lie."""
    place = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(place).free


def _rules(configuration: Configuration) -> dict[str, Any]:
    found = standing(configuration)
    return {
        "active": found.active,
        "on_disk": found.on_disk,
        "applied": found.applied,
        "since": found.since.isoformat() if found.since else None,
        "edited": found.edited.isoformat() if found.edited else None,
        "settings_broken": found.settings_broken,
        "proposed_by": found.proposed_by or None,
    }


def _faults(boxes: list[MailboxState], paused_for: str) -> list[str]:
    found = [f"{box.name}: {box.fault}" for box in boxes if box.fault]
    return [*found, f"SMTP: {paused_for}"] if paused_for else found


def _mailbox(box: MailboxState) -> dict[str, Any]:
    known = box.on_server is not None and box.recorded is not None
    return {
        "name": box.name,
        "at": box.polled_at.isoformat() if box.polled_at else None,
        "on_server": box.on_server,
        "recorded": box.recorded,
        "reconciled_at": box.reconciled_at.isoformat() if box.reconciled_at else None,
        "difference": (box.on_server or 0) - (box.recorded or 0) if known else None,
    }
