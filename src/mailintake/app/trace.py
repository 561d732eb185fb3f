"""The way of a mail or a letter: from the UID in the mailbox by the case to the mail server's last answer.

One id goes all the way: the first digits of the sha256 of the mail's bytes. The log's lines carry it too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mailintake.model.letter import OutboxEntry
from mailintake.store.port import MessageRow, Store

LATEST = 20  # mails of an address that are followed at once


@dataclass(frozen=True)
class Way:
    """A mail with every letter that answers it; `mail` is None for letters that no mail brought about."""

    mail: MessageRow | None
    letters: tuple[OutboxEntry, ...] = ()


def ways(store: Store, what: str, latest: int | None = None) -> tuple[Way, ...]:
    """By number of a case, address, FOLDER/UID, or id, sha256 (its beginning) and Message-ID of a mail or a letter;
    oldest first. Empty where nothing of ours is called so. `latest`: of an address only so many mails."""
    asked = what.strip()
    if (case := store.case(asked)) is not None:
        return _of_case(store, case.number, case.messages)
    if (row := store.message(asked)) is not None:
        return (_of_mail(store, row),)
    if (entry := store.letter(asked) or store.letter(f"<{asked.strip('<>')}>")) is not None:
        row = store.message(entry.in_answer_to) if entry.in_answer_to else None
        return (Way(row, (entry,)),)
    folder, slash, uid = asked.rpartition("/")
    if slash and uid.isdigit():
        return tuple(_of_mail(store, row) for row in _in_place(store, folder, int(uid)))
    return _of_address(store, asked.lower(), latest) if "@" in asked else ()


def _of_mail(store: Store, row: MessageRow) -> Way:
    return Way(row, store.outbox(in_answer_to=row.sha256))


def _of_case(store: Store, number: str, mails: tuple[str, ...]) -> tuple[Way, ...]:
    """Its mails; then its letters that no mail of its own brought about (reminders, acts of people)."""
    rows = [row for sha256 in mails if (row := store.message(sha256)) is not None]
    told = [_of_mail(store, row) for row in rows]
    seen = {entry.id for way in told for entry in way.letters}
    others = tuple(entry for entry in store.outbox(cases=(number,)) if entry.id not in seen)
    return (*told, *([Way(None, others)] if others else []))


def older(store: Store, found: tuple[Way, ...], what: str) -> int:
    """How many mails of that address are older than those found."""
    address = what.strip().lower()
    mails = {way.mail.sha256 for way in found if way.mail is not None}
    return store.count_messages(sender=address) - len(mails) if len(mails) >= LATEST and "@" in address else 0


def _of_address(store: Store, address: str, latest: int | None) -> tuple[Way, ...]:
    rows = store.messages(sender=address, limit=latest)
    told = [_of_mail(store, row) for row in reversed(rows)]
    seen = {entry.id for way in told for entry in way.letters}
    others = tuple(entry for entry in store.outbox(reaching=(address,)) if entry.id not in seen)
    return (*told, *([Way(None, others)] if others else []))


def _in_place(store: Store, folder: str, uid: int) -> Iterator[MessageRow]:
    for row in reversed(store.messages(uid=uid)):
        if any(ref.uid == uid and folder in ("", ref.folder, f"{ref.mailbox}/{ref.folder}") for ref in row.refs):
            yield row
