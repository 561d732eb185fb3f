"""Looking into a mailbox: what is new at every pass, and once a day the whole list against our records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from mailintake.mailbox.port import Listed, Mailbox
from mailintake.model.sizes import came_short
from mailintake.model.understanding import StaffNotice
from mailintake.model.zone import SHANGHAI
from mailintake.worker.intake.fetching import Place, Polled, Source, Watch, failures, fetch_all, forget_late, never
from mailintake.worker.intake.ranges import joined, parse
from mailintake.worker.notices import notice_once
from mailintake.worker.shells import Shells, log_event

__all__ = ["Polled", "Reconciled", "Watch", "poll", "reconcile"]
_INBOX = "INBOX"


def poll(shells: Shells, mailbox: Mailbox, watch: Watch, stop: Callable[[], bool] = never) -> Polled:
    """Fetch what is new in every watched folder. MailboxUnavailable ends it; what was fetched stays."""
    source = Source(shells, mailbox, watch, stop)
    total = Polled()
    for place in _places(source):
        last = int(shells.store.value(place.mark) or 0)
        total = total.plus(fetch_all(source, place, mailbox.list_after(place.folder, last)))
    with shells.store.begin() as unit:
        unit.set_value(f"polled:{mailbox.name}", shells.clock().isoformat())
    return total


def _places(source: Source) -> Iterator[Place]:
    """The watched folders that exist, opened, each with its first look behind it. One that is missing is told once."""
    shells, mailbox = source.shells, source.mailbox
    mailbox.open()
    present = {name.upper() if name.upper() == _INBOX else name for name in mailbox.folders()} | {_INBOX}
    for name in source.watch.folders:
        folder = _INBOX if name.upper() == _INBOX else name
        if folder in present:
            place = Place(mailbox.name, folder, mailbox.select(folder).uidvalidity)
            if shells.store.value(place.mark) is None:
                _first_look(source, place)
            yield place
        else:
            _missing(shells, mailbox.name, folder)


def _missing(shells: Shells, mailbox: str, folder: str) -> None:
    key = f"missing:{mailbox}:{folder}"
    if shells.store.value(key) is None:
        now = shells.clock()
        with shells.store.begin() as unit:
            unit.set_value(key, now.isoformat())
            notice_once(shells, unit, StaffNotice("mailbox.folder_missing", f"{mailbox}: {folder}"), now)


def _first_look(source: Source, place: Place) -> None:
    """Nobody is answered by surprise: what is already there is noted as "before" unless the watch says otherwise.

    A changed UIDVALIDITY also leads here. Mails of ours are then fetched again and recognised by their bytes; those
    from before our time were never fetched, and are told by when they came.
    """
    shells, watch = source.shells, source.watch
    if watch.everything:
        before: list[Listed] = []
        boundary = ""
    else:
        listed = source.mailbox.list_all(place.folder)
        known = shells.store.value(place.first)
        before = [m for m in listed if _is_before(m, watch.since, known)]
        boundary = max((m.internal_date for m in before if m.internal_date), key=_moment, default="")
        boundary = boundary if known is None else known
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_value(place.before, joined(m.ref.uid for m in before))
        unit.set_value(place.mark, "0")
        unit.set_value(place.first, boundary)
        log_event(unit, now, "mailbox.first_look", mailbox=place.mailbox, before=str(len(before)))


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
        known = _whole(shells, place, listed)
        brought = fetch_all(source, place, [m for m in listed if m.ref.uid not in known])
        known = _whole(shells, place, listed)
        fetched += brought.fetched
        on_server += len(listed) - brought.vanished
        recorded += sum(m.ref.uid in known for m in listed)
    if stop():  # half a list proves nothing
        return Reconciled(on_server, recorded, fetched)
    with shells.store.begin() as unit:
        unit.set_value(f"reconciled:{mailbox.name}", f"{shells.clock().isoformat()} {on_server} {recorded}")
    return Reconciled(on_server, recorded, fetched)


def _known(shells: Shells, place: Place) -> set[int]:
    before = parse(shells.store.value(place.before) or "")
    return before | shells.store.known_uids(place.mailbox, place.folder, place.uidvalidity)


def _whole(shells: Shells, place: Place, listed: tuple[Listed, ...]) -> set[int]:
    """UIDs known whole. What we hold less of than the server has is fetched again; its bytes are another mail."""
    sizes = shells.store.known_sizes(place.mailbox, place.folder, place.uidvalidity)
    return _known(shells, place) - {
        mail.ref.uid for mail in listed if mail.ref.uid in sizes and came_short(sizes[mail.ref.uid], mail.size)
    }


def _forget_gone(shells: Shells, place: Place, listed: tuple[Listed, ...]) -> None:
    gone = failures(shells, place).keys() - {m.ref.uid for m in listed}
    if gone:
        with shells.store.begin() as unit:
            forget_late(shells, unit, place, gone)
