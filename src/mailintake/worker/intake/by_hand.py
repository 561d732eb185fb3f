"""What a clerk answered by hand, found in Sent: to the sender, in the thread of the mail or with the case's number.

Such an answer is our notice: the case remembers it, and what the digest said about the mail is seen to. Found wrongly,
it is taken back like any other act.
"""

import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from mailintake.errors import MessageVanished, ReaderFailed
from mailintake.mailbox.port import Listed, Mailbox
from mailintake.model.case import Case
from mailintake.model.message import InboundMessage
from mailintake.model.record import CaseChange, Fated, MailChange, Record
from mailintake.model.understanding import Disposition
from mailintake.stages.words.numbers import find_numbers
from mailintake.store.port import FolderPlace, MessageRow, Unit
from mailintake.worker.intake.fetching import HEAD_BYTES
from mailintake.worker.shells import Shells, log_event

_EVERY = timedelta(minutes=10)
_FLAG = "Sent"


class Answers:
    """Looks into Sent of one mailbox now and then. What lay there before the first look is nobody's answer to us."""

    def __init__(self, shells: Shells, mailbox: Mailbox, watched: Collection[str]) -> None:
        self._shells, self._mailbox, self._watched = shells, mailbox, watched
        self._looked: datetime | None = None

    def look(self, over: Callable[[], bool]) -> int:
        """How many were found. MailboxUnavailable ends it; what was found stays."""
        now = self._shells.clock()
        if self._looked is not None and timedelta(0) <= now - self._looked < _EVERY:
            return 0
        self._looked = now
        folder = self._mailbox.special_folder(_FLAG)
        if folder is None or folder in self._watched:
            return 0
        state = self._mailbox.select(folder)
        place = FolderPlace(self._mailbox.name, folder, state.uidvalidity)
        known = self._shells.store.folder(place)
        if known is None:
            self._begin(place)
            return 0
        found = 0
        for listed in self._mailbox.list_after(folder, known.mark):
            if over():
                break
            found += self._read(listed)
            with self._shells.store.begin() as unit:
                unit.raise_mark(place, listed.ref.uid)
        return found

    def _begin(self, place: FolderPlace) -> None:
        there = self._mailbox.list_all(place.folder)
        with self._shells.store.begin() as unit:
            unit.open_folder(place, "", ())
            unit.raise_mark(place, max((listed.ref.uid for listed in there), default=0))

    def _read(self, listed: Listed) -> bool:
        with tempfile.TemporaryDirectory(dir=self._shells.spool) as folder:
            raw, parts = Path(folder, "raw"), Path(folder, "parts")
            parts.mkdir()
            try:
                self._mailbox.fetch(listed, raw, HEAD_BYTES)
                message = self._shells.readers.message(raw, parts).message
            except (MessageVanished, ReaderFailed):
                return False
        return counted(self._shells, message)


@dataclass(frozen=True)
class _Answer:
    """What one mail of ours answers."""

    mails: tuple[MessageRow, ...]
    cases: tuple[Case, ...]


def counted(shells: Shells, message: InboundMessage) -> bool:
    """Record a mail that we sent as the answer it is; False when it answers nothing, or is one of our letters."""
    from mailintake.letters.compose import LOOP_HEADER, is_own_message_id  # seldom: few answer by hand

    if message.header(LOOP_HEADER) is not None or is_own_message_id(message.message_id):
        return False
    with shells.store.begin() as unit:
        answer = _answered(shells, message)
        fresh = [case for case in answer.cases if all(s.message_id != message.message_id for s in case.letters)]
        if not fresh and not any(row.disposition is Disposition.FOR_STAFF for row in answer.mails):
            return False
        _record(shells, unit, message, _Answer(answer.mails, tuple(fresh)))
    return True


def _answered(shells: Shells, message: InboundMessage) -> _Answer:
    told = {address.addr for address in (*message.to, *message.cc)}
    thread = (*message.in_reply_to, *reversed(message.references))
    mails = {r.sha256: r for i in thread if (r := shells.store.message(i)) is not None and r.sender in told}
    numbers = dict.fromkeys(number for row in mails.values() for number in row.cases)
    numbers |= dict.fromkeys(find_numbers(message.subject, message.new_text))
    numbers |= dict.fromkeys(e.case for i in thread if (e := shells.store.letter(i)) is not None and e.case)
    found = (shells.store.case(number) for number in numbers)
    cases = tuple(c for c in found if c is not None and told & {p.addr for p in c.participants})
    return _Answer(tuple(mails.values()), cases)


def _record(shells: Shells, unit: Unit, message: InboundMessage, answer: _Answer) -> None:
    from mailintake.model.act import Answered
    from mailintake.stages.acts.mails import with_answer

    now, by = shells.clock(), _author(shells, message)
    closed = tuple(_settled(shells, unit, answer, f"{Answered.name} by {by}", now))
    changes = []
    for case in answer.cases:
        after = unit.save_case(with_answer(case, by, message.message_id, now))
        changes.append(CaseChange(case.number, case.revision, after))
    fate = _fated(unit, answer)
    number = answer.cases[0].number if answer.cases else ""
    mail = answer.mails[0].sha256 if answer.mails else ""
    told = {"answer": message.message_id, "act": Answered.name}
    event = log_event(unit, now, "answer.found", case=number, message=mail, **told)
    for other in answer.cases[1:]:
        log_event(unit, now, "case.changed", case=other.number, by=str(event))
    unit.add_record(Record(event, now, Answered.name, mail or number, by, tuple(changes), closed=closed, mail=fate))


def _author(shells: Shells, message: InboundMessage) -> str:
    """The colleague of that address, else the address."""
    addr = message.sender.addr if message.sender else ""
    return next((one.name for one in shells.store.staff() if one.mail.lower() == addr), addr)


def _settled(shells: Shells, unit: Unit, answer: _Answer, why: str, now: datetime) -> Iterator[int]:
    """Lines about the mails, and those of the cases that are about a mail."""
    mails, numbers = {row.sha256 for row in answer.mails}, {case.number for case in answer.cases}
    for row in shells.store.notices():
        about_mail = row.notice.message in mails or (row.notice.case in numbers and row.notice.message)
        if about_mail:
            unit.close_notice(row.id, now, why)
            yield row.id


def _fated(unit: Unit, answer: _Answer) -> MailChange | None:
    row = next((r for r in answer.mails if r.disposition is Disposition.FOR_STAFF and not r.cases), None)
    if row is None:
        return None
    before = Fated(Disposition.FOR_STAFF.value, row.message_class)
    after = Fated(Disposition.ANSWERED.value, row.message_class)
    unit.set_fate(row.sha256, after)
    return MailChange(row.sha256, before, after)
