"""What an operator may do with mail that could not be processed: give back, try now, bring in."""

from pathlib import Path

from mailintake.model.message import MessageRef
from mailintake.store.port import MessageRow
from mailintake.worker.intake.process import fate, process
from mailintake.worker.shells import Shells, log_event

_IMPORTED = "import"  # the name of the mailbox that imported mails come from


def give_back(shells: Shells, row: MessageRow, by: str) -> None:
    """Into the queue, due at once, its attempts forgotten."""
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.release_message(row.id, now)
        log_event(unit, now, "message.released", message=row.sha256, actor=f"operator:{by}")


def try_again(shells: Shells, row: MessageRow) -> tuple[str, str]:
    """Process it here and now: (disposition, ""), or ("", what failed) and it lies in quarantine as before."""
    give_back(shells, row, "retry")
    done = process(shells, shells.store.message(str(row.id)) or row)
    if done.failure:
        with shells.store.begin() as unit:
            unit.quarantine_message(row.id, done.failure, shells.clock())
        return "", done.failure
    disposition = fate(done)
    return disposition.value if disposition else "", ""


def import_file(shells: Shells, source: Path, by: str, *, dry_run: bool) -> tuple[str, bool]:
    """Store the bytes of that file as a mail that waits; (sha256, whether it is new to us)."""
    import hashlib

    raw = source.read_bytes()
    sha256 = hashlib.sha256(raw).hexdigest()
    if shells.store.message(sha256) is not None:
        return sha256, False
    if dry_run:
        return sha256, True
    shells.store.files.put_bytes(raw)
    now = shells.clock()
    with shells.store.begin() as unit:
        ref = MessageRef(_IMPORTED, "", 1, unit.next_uid(_IMPORTED))
        unit.add_message(sha256, ref, len(raw), now)
        log_event(unit, now, "message.imported", message=sha256, actor=f"operator:{by}")
    return sha256, True
