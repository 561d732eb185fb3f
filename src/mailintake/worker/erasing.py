"""Erasing a case: what hangs together with it, the act itself, and what follows after the commit.

The rows go in one transaction (store.unit_erasure). Then the originals are deleted, the pictures made of them, and the
pages of digests that named somebody; the list of what was erased is written beside the data and beside the backups,
which still hold it, so that a restore can do it again. Whatever is left over by a crash is done by the next pass.
"""

import shutil
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING

from mailintake.model.case import OPEN, Case, State
from mailintake.model.erasure import Erasable
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.zone import SHANGHAI
from mailintake.store.erased import Erased, read_list, write_list
from mailintake.store.port import Store, Unit
from mailintake.worker.shells import Shells, log_event

if TYPE_CHECKING:
    from mailintake.model.act import Done, Signed

PICTURES = "desk-pictures"  # below the data folder: pages as the desk shows them
_OPEN_FATE = (OutboxState.WAITING, OutboxState.READY, OutboxState.SENDING, OutboxState.IN_DOUBT, OutboxState.DRAFTED)
_NIGHT = (time(0, 30), time(5, 30))  # when nobody waits for the database
_AT_ONCE = 256 * 2**20  # bytes of a database that is written anew in a moment


def erasable(store: Store, case: Case) -> Erasable:
    """The case with every case that shares a mail or a letter with it, for these cannot be cut; and what is theirs."""
    cases = _together(store, case)
    numbers = tuple(cases)
    mails = tuple(dict.fromkeys(sha256 for one in cases.values() for sha256 in one.messages))
    letters = {entry.id: entry for entry in store.outbox(cases=numbers)}
    letters |= {entry.id: entry for sha256 in mails for entry in store.outbox(in_answer_to=sha256)}
    attached = _attached(store, cases.values(), mails)
    shared = store.held_elsewhere(attached, mails)
    written = (sha for entry in letters.values() for sha in (entry.sha256, entry.before_sha256, entry.approved_sha256))
    files = {*mails, *(attached - shared), *filter(None, written)}
    return Erasable(
        numbers,
        mails,
        tuple(sorted(letters)),
        tuple(sorted(files)),
        tuple(sorted(shared)),
        people=_people(cases.values()),
        unfinished=tuple(number for number, one in cases.items() if one.state in OPEN or one.state in _UNDER_WAY),
        unsent=tuple(sorted(number for number, entry in letters.items() if entry.state in _OPEN_FATE)),
    )


_UNDER_WAY = (State.CARD_DELIVERED,)  # delivered, and not closed yet


def _together(store: Store, case: Case) -> dict[str, Case]:
    found, todo = {case.number: case}, [case]
    while todo:
        for number in sorted(set(_beside(store, todo.pop())) - found.keys()):
            other = store.case(number)
            if other is not None and other.state is not State.ERASED:
                found[number] = other
                todo.append(other)
    return found


def _beside(store: Store, case: Case) -> Iterator[str]:
    for row in store.messages_of(case.messages).values():
        yield from row.cases
    for letter in case.letters:
        yield from letter.also
        entry: OutboxEntry | None = store.letter(letter.message_id)
        if entry is not None and entry.case:
            yield entry.case


def _attached(store: Store, cases: Iterable[Case], mails: Iterable[str]) -> frozenset[str]:
    """Every file that came with these mails, or that these cases name."""
    readings = (reading for sha256 in mails if (reading := store.reading(sha256)) is not None)
    found = {file.sha256 for reading in readings for file in reading.attachments}
    return frozenset(filter(None, found | {document.sha256 for case in cases for document in case.documents}))


def _people(cases: Iterable[Case]) -> int:
    """Who applies; somebody with a number is one person in however many cases."""
    return len({(one.passport_no or one.card_no or one.name or one.name_pinyin) for c in cases for one in c.applicants})


def erased(unit: Unit, signed: "Signed", cases: tuple[Case, ...], gone: Erasable) -> "Done":
    """Do it, inside the transaction of the act: one line of the log for each case, by whom and on what ground, and for
    nothing else a trace."""
    from mailintake.model.act import Done, Erase

    assert isinstance(signed.act, Erase)  # noqa: S101 - narrows the type only
    told = {"act": Erase.name, "door": signed.door.value, "ground": signed.act.ground.value}
    told |= {"before": str(cases[0].revision), "after": str(cases[0].revision + 1)}
    told |= {"mails": str(len(gone.mails)), "letters": str(len(gone.letters)), "files": str(len(gone.files))}
    actor = f"staff:{signed.by}"
    event = log_event(unit, signed.at, f"act.{Erase.name}", case=cases[0].number, actor=actor, **told)
    for other in cases[1:]:
        log_event(unit, signed.at, "case.erased", case=other.number, actor=actor, by=str(event))
    unit.erase(gone, cases, signed.at)
    return Done(
        Erase.name, signed.target, signed.by, event, cases[0].revision + 1, gone.cases, gone.letters, erases=gone
    )


def finish_erasing(shells: Shells) -> int:
    """What is left to do after the commit of an erasure; gives how many originals were deleted. Nothing is due: 0."""
    store, deleted = shells.store, 0
    left = store.left_by_erasing()
    if left.files:
        _forget_copies(shells, left.files)
        with store.begin() as unit:
            deleted = unit.delete_erased()
    if left.size and (left.size <= _AT_ONCE or _NIGHT[0] <= shells.clock().astimezone(SHANGHAI).time() <= _NIGHT[1]):
        store.compact()
    return deleted


def _forget_copies(shells: Shells, files: Collection[str]) -> None:
    """What was made of it beside the database: pictures of pages, pages of digests. The list of what was erased comes
    first: whatever happens then, it is known."""
    store, settings = shells.store, shells.configuration.settings
    known = Erased(store.erased_cases(), store.erased_mails(), tuple(files))
    for folder in (settings.data_folder, settings.backup.folder):
        if folder is not None:
            write_list(folder, read_list(folder).plus(known))
    shutil.rmtree(settings.data_folder / PICTURES, ignore_errors=True)
    mails = store.messages_of(files).values()
    words = (*known.cases, *(f"mail show {row.id}" for row in mails))
    for page in settings.digest_folder.glob("*.html"):
        text = page.read_text("utf-8", "replace")
        if any(word in text for word in words):
            for copy in (page, page.with_suffix(".xlsx"), page.with_suffix(".csv")):
                copy.unlink(missing_ok=True)


def erase_again(store: Store, known: Erased, now: datetime) -> tuple[str, ...]:
    """After a restore: what was erased since the backup goes once more, whatever state it had then; gives the numbers
    of the cases. Mails that the backup does not know are kept out when they are fetched."""
    again: list[str] = []
    for number in known.cases:
        case = store.case(number)
        if case is None or case.state is State.ERASED:
            continue
        gone = erasable(store, case)
        cases = tuple(one for n in gone.cases if n in known.cases and (one := store.case(n)) is not None)
        with store.begin() as unit:
            log_event(unit, now, "case.erased", case=number, restored="yes")
            unit.erase(gone, cases, now)
        again += [one.number for one in cases]
    with store.begin() as unit:
        unit.await_erased(known.mails)
    return tuple(again)
