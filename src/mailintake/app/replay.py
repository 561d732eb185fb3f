"""The whole pipeline over .eml files, with a scratch store, a clock taken from the mails, and nothing sent."""

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

from mailintake.app.build import shells_for
from mailintake.app.contract import as_json
from mailintake.config import Configuration
from mailintake.errors import UsageError
from mailintake.mailer.drop import DropMailer
from mailintake.model.letter import Mode, OutboxState
from mailintake.model.message import MessageRef
from mailintake.worker.intake.process import Processed, process
from mailintake.worker.outbox.queueing import Queued
from mailintake.worker.outbox.recording import count_as_sent
from mailintake.worker.shells import Shells

_DATE = re.compile(rb"^Date:[ \t]*([^\r\n]{1,100})", re.IGNORECASE | re.MULTILINE)
_BEGINS = re.compile(rb"(?:From [^\r\n]*\r?\n)?[!-9;-~]{1,76}[ \t]*:[ \t]")  # RFC 5322 2.2
_HEAD, _LINE = 256 * 1024, 1000
_REPLAYED = "replay"  # the name of the mailbox that replayed mails come from
_OPEN = (OutboxState.WAITING, OutboxState.READY, OutboxState.SHADOWED)


@dataclass
class Clock:
    """A clock that stands where it is put."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def mail_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Every file named, folders opened and sorted by name. UsageError for what does not exist."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            found += [p for p in inside if p.suffix.lower() == ".eml" or (not p.suffix and _looks_like_mail(p))]
        elif path.is_file():
            found.append(path)
        else:
            raise UsageError(f"{path} does not exist", fix="name .eml files or folders")
    return tuple(found)


def _looks_like_mail(path: Path) -> bool:
    """Does a file without an ending begin as a mail does? A folder of originals holds attachments as well."""
    with path.open("rb") as stream:
        return _BEGINS.match(stream.read(_LINE)) is not None


def date_of(path: Path) -> datetime | None:
    """The Date header, aware, or None."""
    with path.open("rb") as stream:
        found = _DATE.search(stream.read(_HEAD))
    if found is None:
        return None
    try:
        when = parsedate_to_datetime(found[1].decode("ascii", "replace"))
    except (ValueError, TypeError, IndexError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


@contextmanager
def replay_shells(configuration: Configuration, state: Path | None, clock: Clock) -> Iterator[Shells]:
    """Shells over a scratch folder (or `state`, kept between calls); nothing reaches a network."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = state or Path(scratch)
        settings = replace(configuration.settings, data_folder=folder, database="", mailboxes=())
        drop = DropMailer(folder / "letters")
        with shells_for(replace(configuration, settings=settings), clock=clock, mailer=drop) as shells:
            yield shells


class Replayed(NamedTuple):
    """A file, what became of it, and its JSON object."""

    file: Path
    done: Processed
    row: dict[str, Any]


class _Delivered(NamedTuple):
    file: Path
    done: Processed


def replay(
    configuration: Configuration,
    files: tuple[Path, ...],
    *,
    now: datetime | None = None,
    state: Path | None = None,
    letters: Path | None = None,
) -> Iterator[Replayed]:
    """Each file with what became of it and its JSON object, as if the mails arrived one after another.

    A mail that follows within the quiet period is answered together with the one before it. `letters`: a folder where
    the written letters stay; without it they are gone with the scratch store.
    """
    clock = Clock(now or datetime.now(UTC))
    quiet = timedelta(seconds=configuration.letters.quiet_seconds)
    with replay_shells(configuration, state, clock) as shells:
        waiting: list[_Delivered] = []
        for position, file in enumerate(files):
            clock.now = now or date_of(file) or clock.now
            waiting.append(_Delivered(file, deliver(shells, file)))
            following = date_of(files[position + 1]) if position + 1 < len(files) and now is None else None
            if following is not None and timedelta(0) <= following - clock.now < quiet:
                continue
            yield from _answered(shells, waiting, letters)
            waiting = []


def deliver(shells: Shells, file: Path) -> Processed:
    """Store and process one file, as a poll would."""
    sha256 = shells.store.files.put_bytes(file.read_bytes())
    with shells.store.begin() as unit:
        ref = MessageRef(_REPLAYED, "", 1, unit.next_uid(_REPLAYED))
        new = unit.add_message(sha256, ref, file.stat().st_size, shells.clock())
    row = shells.store.claim_next(shells.clock()) if new else None
    if row is not None:
        return process(shells, row)
    known = shells.store.message(sha256)
    assert known is not None  # noqa: S101 - it was stored three lines above
    return Processed(known)


def _answered(shells: Shells, waiting: list[_Delivered], kept: Path | None) -> Iterator[Replayed]:
    """The quiet period is over: letters count as sent, deadlines start, the lines can be written."""
    for entry in shells.store.outbox(_OPEN):
        raw = shells.store.files.path(entry.sha256).read_bytes()
        shells.mailer.send(raw, shells.rules.office.intake_address, entry.to)
        count_as_sent(shells, entry, _REPLAYED)
    for file, done in waiting:
        numbers = tuple(case.number for case in done.decision.cases) if done.decision else ()
        cases = [case for n in numbers if (case := shells.store.case(n)) is not None]
        letters = [row for one in done.letters if (row := _letter(shells, kept, one)) is not None]
        yield Replayed(file, done, as_json(file.name, done, cases, letters))


def _letter(shells: Shells, kept: Path | None, queued: Queued) -> dict[str, Any] | None:
    letter = queued.letter
    entry = shells.store.letter(letter.message_id)
    if entry is None or entry.state is OutboxState.SUPERSEDED:
        return None
    written = shells.store.files.path(entry.sha256)
    if kept is not None:
        copy = kept / f"{entry.sha256}.eml"
        copy.write_bytes(written.read_bytes())
        written = copy
    return {
        "letter": queued.order.letter.value,
        "mode": (letter.mode if letter.mode is not Mode.OFF else Mode.SHADOW).value,
        "to": list(letter.to),
        "subject": letter.subject,
        "message_id": letter.message_id,
        "case": queued.order.case or None,
        "eml": str(written),
    }
