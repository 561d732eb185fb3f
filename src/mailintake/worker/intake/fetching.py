"""From the server to our files and rows: raw first, then the row, then anything else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from mailintake.errors import MailboxUnavailable, MessageVanished
from mailintake.mailbox.download import Arriving
from mailintake.mailbox.port import Listed, Mailbox
from mailintake.model.understanding import StaffNotice
from mailintake.store.port import FolderPlace, FolderProgress
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
class Source:
    """Where mails are fetched from, and how to know that it is time to stop."""

    shells: Shells
    mailbox: Mailbox
    watch: Watch
    stop: Callable[[], bool]


def fetch_all(source: Source, place: FolderPlace, listed: Sequence[Listed]) -> Polled:
    """Store each mail, in the order of their numbers, in its own transaction and move the mark. One that broke the
    connection before goes last, so that it cannot keep out the mails behind it; after three such failures it is left
    to the daily reconciliation. Nothing is held for each of 100,000 but what the list itself holds.

    MailboxUnavailable ends it; what was fetched stays.
    """
    known = progress(source.shells, place)
    late, is_ours = known.late, _to_do(source.shells, place, known)
    again = tuple(mail for mail in listed if mail.ref.uid in late and is_ours(mail.ref.uid))
    ceiling = min((m.ref.uid for m in again if late[m.ref.uid] < _MAX_FAILURES), default=0) - 1
    total = Polled()
    for mail in chain((m for m in listed if m.ref.uid not in late and is_ours(m.ref.uid)), again):
        if source.stop():
            return total
        mark = mail.ref.uid if ceiling < 0 else min(mail.ref.uid, ceiling)
        try:
            total = total.plus(_fetch(source, place, mail, mark))
        except MailboxUnavailable as fault:
            _remember(source, place, mail, str(fault), others=total != Polled())
            raise
    if listed:
        _finish(source.shells, place, listed[-1].ref.uid, {mail.ref.uid for mail in again})
    return total


def progress(shells: Shells, place: FolderPlace) -> FolderProgress:
    """How far that folder was read; nowhere yet, when nobody looked."""
    return shells.store.folder(place) or FolderProgress(0)


def _to_do(shells: Shells, place: FolderPlace, known: FolderProgress) -> Callable[[int], bool]:
    """Told by its number: what is neither from before our time nor, while the mark waits for a stubborn mail, recorded
    already."""
    waits = any(uid > known.mark for uid in known.late)
    done = shells.store.known_uids(place.mailbox, place.folder, place.uidvalidity) if waits else set[int]()
    return lambda uid: uid not in done and not known.was_before(uid)


def _fetch(source: Source, place: FolderPlace, mail: Listed, mark: int) -> Polled:
    shells = source.shells
    too_large = mail.size > source.watch.max_bytes
    limit = HEAD_BYTES if too_large else None
    arriving = Arriving(source.mailbox.slices(mail, limit))
    try:
        sha256 = shells.store.files.take(arriving, limit or mail.size)
    except MessageVanished:
        return Polled(vanished=1)
    size = arriving.size
    cut = too_large and size >= HEAD_BYTES  # a row that tells more bytes than its file holds is a part of a mail
    now = shells.clock()
    with shells.store.begin() as unit:
        new = unit.add_message(sha256, mail.ref, mail.size if cut else size, now)
        unit.raise_mark(place, mark)
        if new:
            what = "message.too_large" if cut else "message.received"
            log_event(unit, now, what, message=sha256, mailbox=place.mailbox, size=str(mail.size))
    return Polled(fetched=1, too_large=int(cut)) if new else Polled(known=1)


def _finish(shells: Shells, place: FolderPlace, last: int, fetched_late: set[int]) -> None:
    """The mark goes past mails that are not ours, too: else each poll would list them anew."""
    if last > progress(shells, place).mark or fetched_late:
        with shells.store.begin() as unit:
            unit.raise_mark(place, last)
            unit.forget_late(place, fetched_late)


def _remember(source: Source, place: FolderPlace, mail: Listed, fault: str, *, others: bool) -> None:
    """A failure counts against a mail only when others could be fetched beside it: else it is the server's."""
    shells, uid = source.shells, mail.ref.uid
    late = progress(shells, place).late
    failures = late.get(uid, 0) + (uid in late and others)
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.note_late(place, uid, failures)
        if failures == _MAX_FAILURES and others:
            unit.raise_mark(place, uid)
            about = f"{place.mailbox}/{place.folder}/{uid}"
            unit.add_notice_once(StaffNotice("message.unfetchable", f"{about}: {fault}"), now, about)
            log_event(unit, now, "message.unfetchable", mailbox=place.mailbox, uid=str(uid))
