"""From the server to our files and rows: raw first, then the row, then anything else."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from mailintake.errors import MessageVanished
from mailintake.mailbox.port import Listed, Mailbox
from mailintake.store.port import Unit
from mailintake.worker.ranges import joined, parse
from mailintake.worker.shells import Shells, log_event


@dataclass(frozen=True)
class Watch:
    """Which folders of a mailbox are read, and what counts as old at the very first look."""

    mailbox: str
    folders: tuple[str, ...]
    since: date | None  # first start: mails before that day are not ours to answer; None: none of those present
    everything: bool = False  # first start takes the whole box (demo, replay, folders)
    max_bytes: int = 80 * 2**20


@dataclass(frozen=True)
class Polled:
    """What one look at a mailbox brought."""

    fetched: int = 0
    known: int = 0
    too_large: int = 0

    def plus(self, other: "Polled") -> "Polled":
        """Both together."""
        return Polled(self.fetched + other.fetched, self.known + other.known, self.too_large + other.too_large)


def poll(shells: Shells, mailbox: Mailbox, watch: Watch) -> Polled:
    """Fetch what is new in every watched folder. MailboxUnavailable ends it; what was fetched stays."""
    mailbox.open()
    total = Polled()
    present = set(mailbox.folders())
    for folder in watch.folders:
        if folder in present:
            total = total.plus(_poll_folder(shells, mailbox, watch, folder))
    with shells.store.begin() as unit:
        unit.set_value(f"polled:{mailbox.name}", shells.clock().isoformat())
    return total


def _poll_folder(shells: Shells, mailbox: Mailbox, watch: Watch, folder: str) -> Polled:
    state = mailbox.select(folder)
    key = f"uid:{mailbox.name}:{folder}:{state.uidvalidity}"
    last = shells.store.value(key)
    if last is None:
        last = _first_look(shells, mailbox, watch, folder, key)
    return fetch_all(shells, mailbox, watch, mailbox.list_after(folder, int(last)), key)


def _first_look(shells: Shells, mailbox: Mailbox, watch: Watch, folder: str, key: str) -> str:
    """Nobody is answered by surprise: what is already there is noted as "before" unless the watch says otherwise.

    A changed UIDVALIDITY also leads here; then mails are fetched again and recognised by their bytes.
    """
    if watch.everything or shells.store.value(f"seen:{mailbox.name}:{folder}") is not None:
        before: list[Listed] = []
    else:
        before = [m for m in mailbox.list_all(folder) if watch.since is None or _day(m) < watch.since]
    last = 0 if watch.since or watch.everything else max((m.ref.uid for m in before), default=0)
    with shells.store.begin() as unit:
        unit.set_value(key.replace("uid:", "before:", 1), joined(m.ref.uid for m in before))
        unit.set_value(key, str(last))
        unit.set_value(f"seen:{mailbox.name}:{folder}", "yes")
        log_event(unit, shells.clock(), "mailbox.first_look", mailbox=mailbox.name, before=str(len(before)))
    return str(last)


def _day(listed: Listed) -> date:
    return datetime.fromisoformat(listed.internal_date).date() if listed.internal_date else date.max


def fetch_all(shells: Shells, mailbox: Mailbox, watch: Watch, listed: Iterable[Listed], key: str) -> Polled:
    """Store each mail in its own transaction, then move the mark past it."""
    before = parse(shells.store.value(key.replace("uid:", "before:", 1)) or "")
    total = Polled()
    for mail in listed:
        if mail.ref.uid in before:
            continue
        total = total.plus(_fetch(shells, mailbox, watch, mail, key))
    return total


def _fetch(shells: Shells, mailbox: Mailbox, watch: Watch, mail: Listed, key: str) -> Polled:
    now = shells.clock()
    if mail.size > watch.max_bytes:
        with shells.store.begin() as unit:
            _mark(shells, unit, key, mail.ref.uid)
            log_event(unit, now, "message.too_large", mailbox=mailbox.name, uid=str(mail.ref.uid), size=str(mail.size))
        return Polled(too_large=1)
    with tempfile.TemporaryDirectory(dir=shells.spool) as folder:
        target = Path(folder, "raw")
        try:
            mailbox.fetch(mail, target)
        except MessageVanished:
            return Polled()
        size = target.stat().st_size
        sha256 = shells.store.files.put(target)
    with shells.store.begin() as unit:
        new = unit.add_message(sha256, mail.ref, size, now)
        _mark(shells, unit, key, mail.ref.uid)
        if new:
            log_event(unit, now, "message.received", message=sha256, mailbox=mailbox.name)
    return Polled(fetched=1) if new else Polled(known=1)


def _mark(shells: Shells, unit: Unit, key: str, uid: int) -> None:
    if uid > int(shells.store.value(key) or 0):
        unit.set_value(key, str(uid))


@dataclass(frozen=True)
class Reconciled:
    """The daily proof: every mail on the server has a row, or was there before us."""

    on_server: int
    recorded: int
    fetched: int


def reconcile(shells: Shells, mailbox: Mailbox, watch: Watch) -> Reconciled:
    """Compare the full UID list with our rows and fetch what is missing (moved back, delivered with a lower UID)."""
    mailbox.open()
    on_server = recorded = fetched = 0
    present = set(mailbox.folders())
    for folder in watch.folders:
        if folder not in present:
            continue
        state = mailbox.select(folder)
        key = f"uid:{mailbox.name}:{folder}:{state.uidvalidity}"
        if shells.store.value(key) is None:
            _first_look(shells, mailbox, watch, folder, key)
        listed = mailbox.list_all(folder)
        known = shells.store.known_uids(mailbox.name, folder, state.uidvalidity)
        known |= parse(shells.store.value(key.replace("uid:", "before:", 1)) or "")
        missing = [m for m in listed if m.ref.uid not in known]
        fetched += fetch_all(shells, mailbox, watch, missing, key).fetched
        on_server, recorded = on_server + len(listed), recorded + len(listed) - len(missing)
    with shells.store.begin() as unit:
        unit.set_value(f"reconciled:{mailbox.name}", f"{shells.clock().isoformat()} {on_server} {recorded + fetched}")
    return Reconciled(on_server, recorded + fetched, fetched)
