"""Taking an act back, in one transaction: what stood before is written once more, and that too can be taken back."""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.act import UNDO, Done, Refused, TakeBack, refused
from mailintake.model.case import State
from mailintake.model.letter import OutboxState
from mailintake.model.record import CaseChange, Fated, LetterChange, MailChange, Record
from mailintake.model.staff import MAY_ACT
from mailintake.stages.acts.undo import undo
from mailintake.store.port import Unit
from mailintake.store.unit_acts import words_sha256
from mailintake.worker.acts import REASON, Rehearsed
from mailintake.worker.shells import Shells, log_event


def take_back(shells: Shells, wish: TakeBack, *, dry_run: bool = False) -> Done | Refused:
    """Take back the act of that event, or say what rests on it; then nothing was changed."""
    try:
        with shells.store.begin() as unit:
            made = _taken_back(shells, unit, wish)
            if dry_run and isinstance(made, Done):
                raise Rehearsed(made)
            return made
    except Rehearsed as rehearsed:
        return replace(rehearsed.made, event=0)


def _taken_back(shells: Shells, unit: Unit, wish: TakeBack) -> Done | Refused:
    store = shells.store
    record = store.record(wish.event)
    event = store.event(wish.event)
    case = store.case(event.case) if event is not None and event.case else None
    if case is not None and case.state is State.ERASED:
        return refused("undo.erased", event=wish.event, number=case.number)
    if record is None:
        return refused("undo.unknown", event=wish.event)
    by = wish.by or record.by
    person = next((one for one in store.staff() if one.name == by), None)
    if person is None:
        return refused("by.unknown", name=by)
    if person.role not in MAY_ACT:
        return refused("by.role", name=by, role=person.role.value)
    versions = {change.number: store.versions(change.number) for change in record.cases}
    letters = {c.id: e for c in record.letters if (e := store.outbox_entry(c.id)) is not None}
    made = undo(record, versions, letters, _fate(shells, record.mail))
    return made if isinstance(made, Refused) else _Restoring(shells, unit, record, replace(wish, by=by)).run()


def _fate(shells: Shells, mail: MailChange | None) -> Fated | None:
    row = shells.store.message(mail.sha256) if mail is not None else None
    if row is None:
        return None
    return Fated(row.disposition.value if row.disposition else "", row.message_class)


class _Restoring:
    """One undo inside its transaction."""

    def __init__(self, shells: Shells, unit: Unit, record: Record, wish: TakeBack) -> None:
        self.shells, self.unit, self.record, self.wish = shells, unit, record, wish

    def run(self) -> Done:
        record, wish = self.record, self.wish
        letters = tuple(self._letters())
        cases = tuple(self._cases())
        for number in record.closed:
            self.unit.reopen_notice(number)
        for number in record.added:
            self.unit.close_notice(number, wish.at, f"{UNDO} by {wish.by}")
        if record.mail is not None:
            self.unit.set_fate(record.mail.sha256, record.mail.before)
        event = self._logged(cases)
        self.unit.mark_undone(record.event, event)
        mail = record.mail and MailChange(record.mail.sha256, record.mail.after, record.mail.before)
        target = str(record.event)
        self.unit.add_record(
            Record(event, wish.at, UNDO, target, wish.by, cases, letters, record.added, record.closed, mail)
        )
        revision = cases[0].after if cases else 0
        numbers = tuple(change.number for change in cases)
        return Done(UNDO, target, wish.by, event, revision, numbers, tuple(change.id for change in letters))

    def _cases(self) -> Iterator[CaseChange]:
        """In the opposite order: what was opened last goes first."""
        store = self.shells.store
        for change in reversed(self.record.cases):
            before = store.version(change.number, change.before) if change.before is not None else None
            current = store.case(change.number)
            if before is None:
                after = self.unit.remove_case(change.number)
            else:
                after = self.unit.save_case(before, restores=change.before)
            yield CaseChange(change.number, None if current is None else current.revision, after)

    def _letters(self) -> Iterator[LetterChange]:
        store = self.shells.store
        for change in self.record.letters:
            now = store.outbox_entry(change.id)
            if now is None:
                continue
            if change.before is None:
                if now.state is not OutboxState.SUPERSEDED:
                    withdrawn = replace(now, state=OutboxState.SUPERSEDED, last_answer=f"{UNDO} by {self.wish.by}")
                    self.unit.put_letter_back(withdrawn, now.state)
            else:
                self.unit.put_letter_back(change.before, now.state)
            yield LetterChange(change.id, now, store.outbox_entry(change.id) or now)

    def _logged(self, cases: tuple[CaseChange, ...]) -> int:
        record, wish = self.record, self.wish
        first = cases[0] if cases else None
        told = {"act": UNDO, "undoes": str(record.event), "of": record.act, "door": wish.door.value}
        if first is not None:
            told |= {"before": str(first.before or 0), "after": str(first.after)}
        if wish.reason:
            told[f"{REASON}_sha256"] = words_sha256(wish.reason)
        number, message = (first.number if first else "", record.mail.sha256 if record.mail else "")
        actor = f"staff:{wish.by}"
        event = log_event(self.unit, wish.at, f"act.{UNDO}", case=number, message=message, actor=actor, **told)
        for other in cases[1:]:
            log_event(self.unit, wish.at, "case.changed", case=other.number, actor=actor, by=str(event))
        if wish.reason:
            self.unit.add_words(event, REASON, number, wish.reason)
        return event
