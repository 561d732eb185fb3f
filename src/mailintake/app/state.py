"""The state of the installation in figures; for `status`."""

from typing import Any

from mailintake.model.letter import OutboxState
from mailintake.worker.outbox import pausing
from mailintake.worker.shells import Shells


def state_of(shells: Shells, mailboxes: tuple[str, ...]) -> dict[str, Any]:
    """Last polls, queues, open cases, faults. Nothing personal."""
    store = shells.store
    return {
        "mailboxes": [_mailbox(shells, name) for name in mailboxes],
        "received": len(store.messages("received", limit=10_000)),
        "quarantined": len(store.messages("quarantined", limit=10_000)),
        "waiting": len(store.outbox((OutboxState.WAITING,), limit=10_000)),
        "ready": len(store.outbox((OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT), limit=10_000)),
        "open": len(store.cases(open_only=True, limit=100_000)),
        "notices": len(store.notices()),
        "version": shells.rules.version,
        "calendar": shells.rules.calendar.known_until.isoformat(),
        "paused": pausing.is_paused(shells),
        "faults": _faults(shells, mailboxes),
    }


def _faults(shells: Shells, mailboxes: tuple[str, ...]) -> list[str]:
    found = [f"{name}: {fault}" for name in mailboxes if (fault := shells.store.value(f"fault:{name}"))]
    if pausing.is_paused(shells):
        why = next((r.notice.text for r in shells.store.notices() if r.notice.code == "sending.paused"), "")
        found.append(f"SMTP: {why}")
    return found


def _mailbox(shells: Shells, name: str) -> dict[str, Any]:
    reconciled = (shells.store.value(f"reconciled:{name}") or "").split()
    on_server = int(reconciled[1]) if reconciled else None
    recorded = int(reconciled[2]) if reconciled else None
    return {
        "name": name,
        "at": shells.store.value(f"polled:{name}"),
        "on_server": on_server,
        "recorded": recorded,
        "difference": None if on_server is None or recorded is None else on_server - recorded,
    }
