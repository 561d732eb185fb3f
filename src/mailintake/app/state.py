"""The state of the installation in figures; for `status`."""

from typing import Any

from mailintake.app.active import standing
from mailintake.model.letter import OutboxState
from mailintake.store.port import MailboxState
from mailintake.worker.outbox.pausing import paused_until
from mailintake.worker.shells import Shells

_ON_THE_WAY = (OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT)


def state_of(shells: Shells, mailboxes: tuple[str, ...]) -> dict[str, Any]:
    """Last polls, queues, open cases, faults. Nothing personal."""
    store = shells.store
    boxes = [store.mailbox(name) for name in mailboxes]
    until, last = paused_until(shells), store.last_digest()
    return {
        "mailboxes": [_mailbox(box) for box in boxes],
        "received": store.count_messages("received"),
        "quarantined": store.count_messages("quarantined"),
        "waiting": store.count_letters((OutboxState.WAITING,)),
        "ready": store.count_letters(_ON_THE_WAY),
        "open": store.count_cases(),
        "notices": store.count_notices(),
        "version": shells.configuration.version,
        "rules": _rules(shells),
        "calendar": shells.rules.calendar.known_until.isoformat(),
        "paused": until is not None,
        "paused_until": until.isoformat() if until else None,
        "digest": last.day.isoformat() if last else None,
        "faults": _faults(shells, boxes),
    }


def _rules(shells: Shells) -> dict[str, Any]:
    found = standing(shells.configuration)
    return {
        "active": found.active,
        "on_disk": found.on_disk,
        "applied": found.applied,
        "since": found.since.isoformat() if found.since else None,
        "edited": found.edited.isoformat() if found.edited else None,
        "settings_broken": found.settings_broken,
        "proposed_by": found.proposed_by or None,
    }


def _faults(shells: Shells, boxes: list[MailboxState]) -> list[str]:
    found = [f"{box.name}: {box.fault}" for box in boxes if box.fault]
    pause = shells.store.pause()
    if pause is not None and paused_until(shells) is not None:
        found.append(f"SMTP: {pause.why}")
    return found


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
