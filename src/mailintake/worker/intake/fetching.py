"""From the server to our files and rows: raw first, then the row, then anything else."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from mailintake.errors import MailboxUnavailable, MessageVanished
from mailintake.mailbox.download import Arriving
from mailintake.mailbox.port import Listed, Mailbox
from mailintake.model.understanding import StaffNotice
from mailintake.store.files import Incoming
from mailintake.store.port import FolderPlace, FolderProgress
from mailintake.worker.shells import Shells, log_event

HEAD_BYTES = 256 * 1024  # of a mail that is too large: enough for its header and what it says
_MAX_FAILURES = 3
_MOST_AT_ONCE, _BYTES_AT_ONCE = 8, 16 * 2**20  # mails that are kept together, and how large they may be


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


@dataclass(frozen=True)
class _Fetched:
    """A mail whose bytes are here."""

    mail: Listed
    mark: int  # where the folder's mark stands once it is kept
    sha256: str
    size: int
    is_part: bool  # a row that tells more bytes than its file holds is a part of a mail


@dataclass(frozen=True)
class _Round:
    """A few mails, and the one that ended it, if any did."""

    polled: Polled
    over: bool  # nothing more is to be fetched
    stopped: bool  # though there was
    failed: Listed | None = None
    fault: MailboxUnavailable | None = None


def fetch_all(source: Source, place: FolderPlace, listed: Sequence[Listed]) -> Polled:
    """Store each mail, in the order of their numbers, a few at a time, and move the mark. One that broke the
    connection before goes last, so that it cannot keep out the mails behind it; after three such failures it is left
    to the daily reconciliation. Nothing is held for each of 100,000 but what the list itself holds.

    MailboxUnavailable ends it; what was fetched stays.
    """
    known = progress(source.shells, place)
    late, is_ours = known.late, _to_do(source.shells, place, known)
    again = tuple(mail for mail in listed if mail.ref.uid in late and is_ours(mail.ref.uid))
    ceiling = min((m.ref.uid for m in again if late[m.ref.uid] < _MAX_FAILURES), default=0) - 1
    first = (mail for mail in listed if mail.ref.uid not in late and is_ours(mail.ref.uid))
    todo = ((mail, mail.ref.uid if ceiling < 0 else min(mail.ref.uid, ceiling)) for mail in chain(first, again))
    total, over = Polled(), False
    while not over:
        done = _fetch_some(source, place, todo)
        total, over = total.plus(done.polled), done.over
        if done.failed is not None and done.fault is not None:
            _remember(source, place, done.failed, str(done.fault), others=total != Polled())
            raise done.fault
        if done.stopped:
            return total
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


def _fetch_some(source: Source, place: FolderPlace, todo: Iterator[tuple[Listed, int]]) -> _Round:
    """The next few, each with the mark behind it: their bytes become durable at one go, then their rows in one
    transaction. What a crash leaves unrecorded was acknowledged to nobody and is fetched again."""
    fetched: list[_Fetched] = []
    vanished, over, stopped, failed, fault = 0, True, False, None, None
    with source.shells.store.files.together() as files:
        for mail, mark in todo:
            if stopped := source.stop():
                break
            try:
                fetched.append(_fetch(source, files, mail, mark))
            except MessageVanished:
                vanished += 1
            except MailboxUnavailable as error:
                failed, fault = mail, error
                break
            if len(fetched) == _MOST_AT_ONCE or sum(one.size for one in fetched) > _BYTES_AT_ONCE:
                over = False
                break
    brought = _recorded(source.shells, place, fetched) if fetched else Polled()
    return _Round(brought.plus(Polled(vanished=vanished)), over, stopped, failed, fault)


def _fetch(source: Source, files: Incoming, mail: Listed, mark: int) -> _Fetched:
    too_large = mail.size > source.watch.max_bytes
    limit = HEAD_BYTES if too_large else None
    arriving = Arriving(source.mailbox.slices(mail, limit))
    sha256 = files.take(arriving, limit or mail.size)
    return _Fetched(mail, mark, sha256, arriving.size, is_part=too_large and arriving.size >= HEAD_BYTES)


def _recorded(shells: Shells, place: FolderPlace, fetched: Sequence[_Fetched]) -> Polled:
    now, total = shells.clock(), Polled()
    with shells.store.begin() as unit:
        for one in fetched:
            told = one.mail.size
            new = unit.add_message(one.sha256, one.mail.ref, told if one.is_part else one.size, now)
            if new:
                what = "message.too_large" if one.is_part else "message.received"
                log_event(unit, now, what, message=one.sha256, mailbox=place.mailbox, size=str(told))
            total = total.plus(Polled(fetched=1, too_large=int(one.is_part)) if new else Polled(known=1))
        unit.raise_mark(place, max(one.mark for one in fetched))
    return total


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
