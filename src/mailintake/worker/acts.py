"""The acts of people, applied: every door calls this, and nothing else changes a case, a letter or a mail by hand.

`perform` loads what the act is about, looks whether the person has seen the present revision, asks stages.acts what
follows, and writes it in one transaction: cases with their versions, letters, lines for staff, the event, what the
person wrote, and the record by which the act can be taken back (worker.act_undo).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from mailintake.model.act import (
    Act,
    Approve,
    DocumentAct,
    Done,
    Edit,
    Erase,
    LetterAct,
    MailAct,
    NewAtWindow,
    NotSpam,
    Refused,
    Result,
    SentByHand,
    Signed,
    Target,
    Write,
    refused,
)
from mailintake.model.case import Case
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.model.record import CaseChange, Fated, LetterChange, MailChange, Record
from mailintake.model.understanding import NoticeRow
from mailintake.stages.acts.cases import on_case
from mailintake.stages.acts.documents import new_at_window, on_document
from mailintake.stages.acts.frame import Acted, Around, Fate, Move, Settled, stale, who_may
from mailintake.stages.acts.letters import on_letter, written
from mailintake.stages.acts.mails import StoredMail, on_mail
from mailintake.stages.decide.decide import decide
from mailintake.stages.words.numbers import make_number
from mailintake.store.port import LetterNote, Unit
from mailintake.store.unit_acts import words_sha256
from mailintake.worker.act_subject import Subject, opened_before, subject_of
from mailintake.worker.erasing import erasable, erased
from mailintake.worker.outbox.freshening import freshened, reworded
from mailintake.worker.outbox.queueing import SHANGHAI, Occasion, Queued, queue_orders, remembered
from mailintake.worker.outbox.recording import recorded
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import Shells, log_event

_BY_ACTS = 1000  # Message-IDs of letters that acts order are told apart by numbers from here on
REASON, _TEXT = "reason", "text"


class Rehearsed(Exception):
    """Rolls a dry run back, and carries what would have been done."""

    def __init__(self, made: Done) -> None:
        self.made = made


class _Overtaken(Exception):
    def __init__(self, entry: int) -> None:
        self.entry = entry


def perform(shells: Shells, signed: Signed, *, dry_run: bool = False) -> Done | Refused:
    """Do what the person says, or say why not; then nothing was changed. `dry_run` shows what would be done.

    TemplateBroken where a letter cannot be written; StoreBusy and StoreUnusable as everywhere.
    """
    opened = opened_before(shells, signed)
    fresh = _looked_at(shells, signed)
    if isinstance(fresh, Refused):
        return fresh
    try:
        with shells.store.begin() as unit:
            found = who_may(signed, shells.store.staff()) or subject_of(shells, signed, opened)
            made = found if isinstance(found, Refused) else _Performance(found, unit, signed).run()
            if dry_run and isinstance(made, Done):
                raise Rehearsed(made)
            return made
    except Rehearsed as rehearsed:
        return replace(rehearsed.made, event=0)
    except _Overtaken as overtaken:
        entry = shells.store.outbox_entry(overtaken.entry)
        return refused("letter.state", id=overtaken.entry, state=entry.state.value if entry else "")


def _looked_at(shells: Shells, signed: Signed) -> Refused | None:
    """A letter is approved as it would go out today. Where its dates or facts have moved since it was written, it is
    written anew first, and whoever had seen the old bytes is asked to look once more."""
    if not isinstance(signed.act, Approve):
        return None
    before = _entry(shells, signed.target)
    if before is None or before.state is not OutboxState.WAITING:
        return None
    seen = signed.act.seen or before.sha256
    after = freshened(shells, before)
    if after is None:
        gone = shells.store.outbox_entry(before.id)
        return refused("letter.untrue", id=before.id, why=gone.last_answer if gone else "")
    return None if after.sha256 == seen else refused("letter.changed", id=after.id, seen=seen, sha256=after.sha256)


def _entry(shells: Shells, target: str) -> OutboxEntry | None:
    number = target.strip()
    return shells.store.outbox_entry(int(number)) if number.isascii() and number.isdigit() else None


class _Performance:
    """One act inside its transaction."""

    def __init__(self, subject: Subject, unit: Unit, signed: Signed) -> None:
        self.subject, self.unit, self.signed = subject, unit, signed
        self.shells, self.now = subject.shells, signed.at
        self._queued_now: tuple[OutboxEntry, ...] = ()

    def run(self) -> Done | Refused:
        case = self.subject.case
        if case is not None and (late := stale(case, self.signed, self.shells.store.events(case.number))):
            return late
        around = self._around()
        made = self._judged(around)
        if isinstance(made, Refused):
            return made
        if made.erases and around.erasable is not None:
            return erased(self.unit, self.signed, made.cases, around.erasable)
        return replace(self._applied(made), erases=around.erasable)

    def _around(self) -> Around:
        store, case = self.shells.store, self.subject.case
        going = erasable(store, case) if case is not None and isinstance(self.signed.act, Erase) else None
        others = (*self.subject.others, *(store.case(number) for number in (going.cases[1:] if going else ())))
        return Around(
            self.shells.rules,
            self.shells.configuration.letters,
            self.now,
            staff=store.staff(),
            others={one.number: one for one in others if one is not None},
            letters=store.outbox(cases=(case.number,)) if case is not None else (),
            message=self.subject.message,
            numbers=self._numbers(),
            erasable=going,
        )

    def _numbers(self) -> Iterator[str]:
        while True:
            year = self.now.astimezone(SHANGHAI).year
            yield make_number(year, self.unit.next_number(year))

    def _judged(self, around: Around) -> Acted | Refused:
        subject, signed = self.subject, self.signed
        act: Act = signed.act
        match act.target:
            case Target.CASE:
                return on_case(_needed(subject.case), act, signed, around)  # type: ignore[arg-type]
            case Target.DOCUMENT:
                return self._of_papers(act, around)  # type: ignore[arg-type]
            case Target.LETTER:
                return self._of_letter(act, around)  # type: ignore[arg-type]
            case Target.MAIL:
                return self._of_mail(act, around)  # type: ignore[arg-type]
            case _:
                assert_never(act.target)

    def _of_papers(self, act: DocumentAct, around: Around) -> Acted | Refused:
        if isinstance(act, NewAtWindow):
            return new_at_window(self.signed.target, act, around)
        return on_document(_needed(self.subject.case), self.subject.document, act, self.signed, around)

    def _of_letter(self, act: LetterAct, around: Around) -> Acted | Refused:
        subject = self.subject
        if isinstance(act, Write | Result) and subject.entry is None:
            to_mail = subject.message if subject.mail is not None else None
            return written(act, None if to_mail is not None else subject.case, to_mail, around)
        if subject.entry is None:
            return refused("letter.unknown", id=self.signed.target)
        return on_letter(subject.entry, act, self.signed, around)

    def _of_mail(self, act: MailAct, around: Around) -> Acted | Refused:
        mail = self.subject.mail or StoredMail("", None)
        if isinstance(act, NotSpam) and mail.situation is not None:
            at = replace(mail.situation, mail=replace(mail.situation.mail, rules=around.rules))
            mail = replace(mail, anew=decide(at, around.numbers))
        return on_mail(mail, act, self.signed, around)

    def _applied(self, acted: Acted) -> Done:
        before = self._letters(acted)
        lines = {row.id for row in self.shells.store.notices()}
        self._move(acted.moves)
        if isinstance(self.signed.act, Edit):
            self._edit(acted.text)
        closed = tuple(self._settle(acted.settled))
        for notice in acted.notices:
            self.unit.add_notice(notice, self.now)
        queued = self._queue(acted)
        changes = tuple(self._saved(acted, queued))
        mail = self._fated(acted.fate)
        event = self._logged(acted, changes, queued)
        now_open = {row.id for row in self.shells.store.notices()}
        letters = tuple(self._changed(before, acted))
        record = Record(
            event,
            self.now,
            self.signed.act.name,
            self.signed.target,
            self.signed.by,
            changes,
            letters,
            closed,
            tuple(sorted(now_open - lines)),
            mail,
        )
        self.unit.add_record(record)
        return self._done(acted, event, changes, letters)

    def _done(self, acted: Acted, event: int, changes: Sequence[CaseChange], letters: Sequence[LetterChange]) -> Done:
        signed = self.signed
        about = changes[0] if changes else None
        revision = about.after if about else self.subject.case.revision if self.subject.case else 0
        told = tuple(c.id for c in letters if c.after.state is not OutboxState.SUPERSEDED)
        numbers = tuple(change.number for change in changes)
        return Done(signed.act.name, signed.target, signed.by, event, revision, numbers, told, acted.waits_for)

    def _letters(self, acted: Acted) -> dict[int, OutboxEntry]:
        """Every letter that the act may move, as it is before."""
        numbers = {case.number for case in acted.cases} | ({self.subject.case.number} if self.subject.case else set())
        found = {entry.id: entry for entry in self.shells.store.outbox(cases=sorted(numbers))} if numbers else {}
        own = self.subject.entry
        return found if own is None else found | {own.id: own}

    def _changed(self, before: Mapping[int, OutboxEntry], acted: Acted) -> Iterator[LetterChange]:
        after = self._letters(acted) | {e.id: e for e in self._queued_now}
        for number, entry in sorted(after.items()):
            current = self.shells.store.outbox_entry(number) or entry
            if before.get(number) != current:
                yield LetterChange(number, before.get(number), current)

    def _move(self, moves: Sequence[Move]) -> None:
        for move in moves:
            entry = self.shells.store.outbox_entry(move.entry)
            if entry is None or entry.state is not move.before:
                raise _Overtaken(move.entry)
            if isinstance(self.signed.act, SentByHand):
                recorded(self.shells, self.unit, entry, f"sent by {self.signed.by}", f"staff:{self.signed.by}")
                continue
            note = self._note(entry, move)
            if not moved(self.unit, entry, move.after, self.now, f"staff:{self.signed.by}", **note):
                raise _Overtaken(move.entry)

    def _note(self, entry: OutboxEntry, move: Move) -> LetterNote:
        """What is written down with the step: whoever approves binds the bytes, whoever recalls frees them."""
        act = self.signed.act
        note = LetterNote(last_answer=move.why or f"{move.after.value} by {self.signed.by}")
        if isinstance(act, Approve):
            note["approved_by"], note["approved_sha256"] = self.signed.by, entry.sha256
            note["send_after"] = max(entry.send_after, self.now + timedelta(seconds=act.hold))
        elif move.after is OutboxState.WAITING:
            note["approved_by"], note["approved_sha256"] = "", ""
        return note

    def _edit(self, words: str) -> None:
        entry = self.subject.entry
        if entry is not None:
            self.unit.replace_letter(entry.id, reworded(self.shells, entry, words))

    def _settle(self, settled: Sequence[Settled]) -> Iterator[int]:
        for row in self.shells.store.notices():
            if any(_is_meant(row, one) for one in settled):
                self.unit.close_notice(row.id, self.now, f"{self.signed.act.name} by {self.signed.by}")
                yield row.id

    def _queue(self, acted: Acted) -> tuple[Queued, ...]:
        known = {case.number: case for case in (*self.subject.others, *acted.cases)}
        message, store = self.subject.message, self.shells.store
        number = self.subject.case.number if self.subject.case else ""
        known_letters = store.count_letters(in_answer_to=message.sha256) if message else 0
        known_letters += store.count_letters(cases=(number,)) if number else 0
        occasion = Occasion(message, self.now, _BY_ACTS + known_letters, self.signed.by, acted.for_approval)
        queued = queue_orders(self.shells, self.unit, acted.letters, known, occasion)
        found = (self.shells.store.letter(one.letter.message_id) for one in queued)
        self._queued_now = tuple(entry for entry in found if entry is not None)
        return queued

    def _saved(self, acted: Acted, queued: tuple[Queued, ...]) -> Iterator[CaseChange]:
        for case in acted.cases:
            current = self.shells.store.case(case.number)
            changed = remembered(self.subject.shells, case, queued, self.now)
            if current is not None and current == changed and case.number not in acted.opened:
                continue  # a note, a line that was read: nothing of the case itself
            after = self.unit.save_case(changed)
            yield CaseChange(case.number, None if current is None else current.revision, after)

    def _fated(self, fate: Fate | None) -> MailChange | None:
        row = self.subject.row
        if fate is None or row is None:
            return None
        before = Fated(row.disposition.value if row.disposition else "", row.message_class)
        kind = fate.message_class.value if fate.message_class else row.message_class
        after = Fated(fate.disposition.value, kind)
        self.unit.set_fate(fate.message, after)
        return MailChange(fate.message, before, after)

    def _logged(self, acted: Acted, changes: Sequence[CaseChange], queued: tuple[Queued, ...]) -> int:
        """The event of the act, and beside it, where they can be erased, the words it came with."""
        signed, subject = self.signed, self.subject
        words = {REASON: signed.reason, _TEXT: acted.text or _said_in(signed.act)}
        about = changes[0] if changes else None
        number = about.number if about else subject.case.number if subject.case else ""
        told = {"act": signed.act.name, "door": signed.door.value}
        if about is not None:
            told |= {"before": str(about.before or 0), "after": str(about.after)}
        if subject.entry is not None:
            told |= {"letter": str(subject.entry.id), "sha256": subject.entry.sha256}
        if subject.document is not None:
            told["document"] = subject.document.sha256
        told |= {f"{what}_sha256": words_sha256(text) for what, text in words.items() if text}
        message = subject.mail.sha256 if subject.mail else ""
        event = log_event(
            self.unit,
            self.now,
            f"act.{signed.act.name}",
            case=number,
            message=message,
            actor=f"staff:{signed.by}",
            **told,
        )
        for other in changes[1:]:
            log_event(self.unit, self.now, "case.changed", case=other.number, actor=f"staff:{signed.by}", by=str(event))
        for what, text in words.items():
            if text:
                self.unit.add_words(event, what, number, text)
        return event


def _said_in(act: Act) -> str:
    return act.text if isinstance(act, Write | Result) else ""


def _needed(case: Case | None) -> Case:
    assert case is not None  # noqa: S101 - act_subject gives a case or a refusal
    return case


def _is_meant(row: NoticeRow, settled: Settled) -> bool:
    if settled.line:
        return row.id == settled.line
    named = (settled.case and row.notice.case == settled.case) or (
        settled.message and row.notice.message == settled.message
    )
    return bool(named) and (not settled.codes or row.notice.code in settled.codes)
