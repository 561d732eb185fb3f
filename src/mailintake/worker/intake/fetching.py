"""From the server to our files and rows: raw first, then the row, then anything else."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mailintake.errors import MailboxUnavailable, MessageVanished
from mailintake.mailbox.port import Listed, Mailbox
from mailintake.model.understanding import StaffNotice
from mailintake.store.port import Unit
from mailintake.worker.intake.ranges import parse
from mailintake.worker.notices import notice_once
from mailintake.worker.shells import Shells, log_event

HEAD_BYTES = 256 * 1024  # of a mail that is too large: enough for its header and what it says
_MAX_FAILURES = 3


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
    too_large: int = 0  # of those fetched
    vanished: int = 0

    def plus(self, other: "Polled") -> "Polled":
        """Both together."""
        return Polled(
            self.fetched + other.fetched,
            self.known + other.known,
            self.too_large + other.too_large,
            self.vanished + other.vanished,
        )


@dataclass(frozen=True)
class Place:
    """A folder under one UIDVALIDITY, and the names under which its progress is kept."""

    mailbox: str
    folder: str
    uidvalidity: int

    @property
    def mark(self) -> str:
        """Highest UID below which nothing is left to fetch."""
        return f"uid:{self.mailbox}:{self.folder}:{self.uidvalidity}"

    @property
    def before(self) -> str:
        """UIDs that were there before us and are not ours to answer."""
        return f"before:{self.mailbox}:{self.folder}:{self.uidvalidity}"

    @property
    def late(self) -> str:
        """UIDs that could not be fetched, with how often: "7:1 9:2"."""
        return f"late:{self.mailbox}:{self.folder}:{self.uidvalidity}"

    @property
    def first(self) -> str:
        """When the newest mail came that was there before us; the same whatever the server renumbers."""
        return f"first:{self.mailbox}:{self.folder}"


@dataclass(frozen=True)
class Source:
    """Where mails are fetched from, and how to know that it is time to stop."""

    shells: Shells
    mailbox: Mailbox
    watch: Watch
    stop: Callable[[], bool]


def never() -> bool:
    """Nobody asks to stop."""
    return False


def fetch_all(source: Source, place: Place, listed: Iterable[Listed]) -> Polled:
    """Store each mail in its own transaction and move the mark. One that broke the connection before goes last, so
    that it cannot keep out the mails behind it; after three such failures it is left to the daily reconciliation.

    MailboxUnavailable ends it; what was fetched stays.
    """
    everything = sorted(listed, key=lambda mail: mail.ref.uid)
    late = failures(source.shells, place)
    todo = _to_do(source.shells, place, everything, late)
    ceiling = min((m.ref.uid for m in todo if late.get(m.ref.uid, _MAX_FAILURES) < _MAX_FAILURES), default=0) - 1
    total = Polled()
    for mail in sorted(todo, key=lambda m: m.ref.uid in late):
        if source.stop():
            return total
        mark = mail.ref.uid if ceiling < 0 else min(mail.ref.uid, ceiling)
        try:
            total = total.plus(_fetch(source, place, mail, mark))
        except MailboxUnavailable as fault:
            _remember(source, place, mail, str(fault), others=total != Polled())
            raise
    if everything:
        _finish(source.shells, place, everything[-1].ref.uid, late.keys() & {m.ref.uid for m in todo})
    return total


def _to_do(shells: Shells, place: Place, listed: list[Listed], late: dict[int, int]) -> list[Listed]:
    """What is neither from before our time nor, while the mark waits for a stubborn mail, recorded already."""
    mark = int(shells.store.value(place.mark) or 0)
    done = parse(shells.store.value(place.before) or "")
    if any(uid > mark for uid in late):
        done |= shells.store.known_uids(place.mailbox, place.folder, place.uidvalidity)
    return [mail for mail in listed if mail.ref.uid not in done]


def _fetch(source: Source, place: Place, mail: Listed, mark: int) -> Polled:
    shells = source.shells
    too_large = mail.size > source.watch.max_bytes
    with tempfile.TemporaryDirectory(dir=shells.spool) as folder:
        target = Path(folder, "raw")
        try:
            source.mailbox.fetch(mail, target, HEAD_BYTES if too_large else None)
        except MessageVanished:
            return Polled(vanished=1)
        size = target.stat().st_size
        sha256 = shells.store.files.put(target)
    cut = too_large and size >= HEAD_BYTES  # a row that tells more bytes than its file holds is a part of a mail
    now = shells.clock()
    with shells.store.begin() as unit:
        new = unit.add_message(sha256, mail.ref, mail.size if cut else size, now)
        if mark > int(shells.store.value(place.mark) or 0):
            unit.set_value(place.mark, str(mark))
        if new:
            what = "message.too_large" if cut else "message.received"
            log_event(unit, now, what, message=sha256, mailbox=place.mailbox, size=str(mail.size))
    return Polled(fetched=1, too_large=int(cut)) if new else Polled(known=1)


def _finish(shells: Shells, place: Place, last: int, fetched_late: set[int]) -> None:
    """The mark goes past mails that are not ours, too: else each poll would list them anew."""
    behind = last > int(shells.store.value(place.mark) or 0)
    if behind or fetched_late:
        with shells.store.begin() as unit:
            if behind:
                unit.set_value(place.mark, str(last))
            forget_late(shells, unit, place, fetched_late)


def failures(shells: Shells, place: Place) -> dict[int, int]:
    """UIDs that could not be fetched, and how often others could while they could not."""
    rows = (row.partition(":") for row in (shells.store.value(place.late) or "").split())
    return {int(uid): int(count) for uid, _, count in rows}


def forget_late(shells: Shells, unit: Unit, place: Place, uids: Iterable[int]) -> None:
    """They were fetched after all, or are gone from the server."""
    left = failures(shells, place)
    for uid in uids:
        left.pop(uid, None)
    _write(unit, place, left)


def _write(unit: Unit, place: Place, late: dict[int, int]) -> None:
    unit.set_value(place.late, " ".join(f"{uid}:{count}" for uid, count in sorted(late.items())))


def _remember(source: Source, place: Place, mail: Listed, fault: str, *, others: bool) -> None:
    """A failure counts against a mail only when others could be fetched beside it: else it is the server's."""
    shells, late, uid = source.shells, failures(source.shells, place), mail.ref.uid
    late[uid] = late.get(uid, 0) + (uid in late and others)
    now = shells.clock()
    with shells.store.begin() as unit:
        _write(unit, place, late)
        if late[uid] == _MAX_FAILURES and others:
            unit.set_value(place.mark, str(max(uid, int(shells.store.value(place.mark) or 0))))
            about = f"{place.mailbox}/{place.folder}/{uid}: "
            notice_once(shells, unit, StaffNotice("message.unfetchable", about + fault), now, about)
            log_event(unit, now, "message.unfetchable", mailbox=place.mailbox, uid=str(uid))
