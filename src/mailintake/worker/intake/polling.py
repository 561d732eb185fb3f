"""Looking into a mailbox: what is new at every pass, and once a day the whole list against our records."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mailintake.mailbox.port import Listed, Mailbox
from mailintake.model.sizes import came_short
from mailintake.model.understanding import StaffNotice
from mailintake.model.zone import SHANGHAI
from mailintake.store.port import FolderPlace
from mailintake.worker.intake.fetching import Polled, Source, Watch, fetch_all, progress
from mailintake.worker.shells import Shells, log_event, never

__all__ = ["Polled", "Reconciled", "Watch", "poll", "reconcile"]
_INBOX = "INBOX"


def poll(shells: Shells, mailbox: Mailbox, watch: Watch, stop: Callable[[], bool] = never) -> Polled:
    """Fetch what is new in every watched folder. MailboxUnavailable ends it; what was fetched stays."""
    source = Source(shells, mailbox, watch, stop)
    total = Polled()
    for place in _places(source):
        listed = mailbox.list_after(place.folder, progress(shells, place).mark)
        total = total.plus(fetch_all(source, place, listed))
    with shells.store.begin() as unit:
        unit.note_mailbox(mailbox.name, polled_at=shells.clock())
    return total


def _places(source: Source) -> Iterator[FolderPlace]:
    """The watched folders that exist, opened, each with its first look behind it. One that is missing is told once."""
    shells, mailbox = source.shells, source.mailbox
    mailbox.open()
    present = {name.upper() if name.upper() == _INBOX else name for name in mailbox.folders()} | {_INBOX}
    for name in source.watch.folders:
        folder = _INBOX if name.upper() == _INBOX else name
        if folder in present:
            place = FolderPlace(mailbox.name, folder, mailbox.select(folder).uidvalidity)
            if shells.store.folder(place) is None:
                _first_look(source, place)
            yield place
        else:
            _missing(shells, mailbox.name, folder)


def _missing(shells: Shells, mailbox: str, folder: str) -> None:
    notice = StaffNotice("mailbox.folder_missing", f"{mailbox}: {folder}")
    if not shells.store.was_noticed(notice.code, notice.text):
        with shells.store.begin() as unit:
            unit.add_notice(notice, shells.clock())


def _first_look(source: Source, place: FolderPlace) -> None:
    """Nobody is answered by surprise: what is already there is noted as "before" unless the watch says otherwise.

    A changed UIDVALIDITY also leads here. Mails of ours are then fetched again and recognised by their bytes; those
    from before our time were never fetched, and are told by when they came.
    """
    shells, watch = source.shells, source.watch
    if watch.everything:
        before: Sequence[Listed] = ()
        boundary = ""
    else:
        listed = source.mailbox.list_all(place.folder)
        known = shells.store.boundary(place.mailbox, place.folder)
        before = [m for m in listed if _is_before(m, watch.since, known)]
        boundary = max((m.internal_date for m in before if m.internal_date), key=_moment, default="")
        boundary = boundary if known is None else known
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.open_folder(place, boundary, (m.ref.uid for m in before))
        log_event(unit, now, "mailbox.first_look", mailbox=place.mailbox, folder=place.folder, before=str(len(before)))


def _is_before(mail: Listed, since: date | None, boundary: str | None) -> bool:
    """`boundary`: None at the very first look, later when the newest mail came that was there then ("": none was)."""
    if since is not None:
        return bool(mail.internal_date) and _moment(mail.internal_date).astimezone(SHANGHAI).date() < since
    if boundary is None:
        return True
    return bool(boundary and mail.internal_date) and _moment(mail.internal_date) <= _moment(boundary)


def _moment(told: str) -> datetime:
    when = datetime.fromisoformat(told)
    return when if when.tzinfo else when.replace(tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Reconciled:
    """The daily proof: every mail on the server has a row, or was there before us."""

    on_server: int
    recorded: int
    fetched: int


def reconcile(shells: Shells, mailbox: Mailbox, watch: Watch, stop: Callable[[], bool] = never) -> Reconciled:
    """Compare the full UID list with our rows and fetch what is missing (moved back, delivered with a lower UID)."""
    source = Source(shells, mailbox, watch, stop)
    on_server = recorded = fetched = 0
    for place in _places(source):
        listed = mailbox.list_all(place.folder)
        _forget_gone(shells, place, listed)
        is_known = _knows(shells, place, listed)
        brought = fetch_all(source, place, [m for m in listed if not is_known(m.ref.uid)])
        is_known = _knows(shells, place, listed)
        fetched += brought.fetched
        on_server += len(listed) - brought.vanished
        recorded += sum(is_known(m.ref.uid) for m in listed)
    if stop():  # half a list proves nothing
        return Reconciled(on_server, recorded, fetched)
    with shells.store.begin() as unit:
        unit.note_mailbox(mailbox.name, reconciled_at=shells.clock(), on_server=on_server, recorded=recorded)
    return Reconciled(on_server, recorded, fetched)


def _knows(shells: Shells, place: FolderPlace, listed: Sequence[Listed]) -> Callable[[int], bool]:
    """Was that UID there before us, or has it a row of ours, whole? What we hold less of than the server has is fetched
    again; its bytes are another mail."""
    told, sizes = progress(shells, place), shells.store.known_sizes(place.mailbox, place.folder, place.uidvalidity)
    short = {m.ref.uid for m in listed if m.ref.uid in sizes and came_short(sizes[m.ref.uid], m.size)}
    return lambda uid: (uid in sizes and uid not in short) or told.was_before(uid)


def _forget_gone(shells: Shells, place: FolderPlace, listed: Sequence[Listed]) -> None:
    gone = progress(shells, place).late.keys() - {m.ref.uid for m in listed}
    if gone:
        with shells.store.begin() as unit:
            unit.forget_late(place, gone)
