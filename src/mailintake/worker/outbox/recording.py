"""What follows from the server's yes."""

from dataclasses import replace
from datetime import datetime

from mailintake.model.case import SentLetter
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.stages.deadline import on_sent
from mailintake.store.port import Unit
from mailintake.worker.offices import for_case
from mailintake.worker.outbox.bounces import close_bounces
from mailintake.worker.outbox.consolidation import also_about
from mailintake.worker.outbox.table import moved
from mailintake.worker.shells import MACHINE, Shells


def record_sent(shells: Shells, entry: OutboxEntry, answer: str) -> bool:
    """The 250 arrived: outbox row, the deadlines of every case the letter speaks of, and event in one transaction.
    False: the letter has moved since, and nothing was written."""
    with shells.store.begin() as unit:
        return recorded(shells, unit, entry, answer)


def recorded(shells: Shells, unit: Unit, entry: OutboxEntry, answer: str, actor: str = MACHINE) -> bool:
    """The same inside a transaction that does more."""
    now = shells.clock()
    if not moved(unit, entry, OutboxState.SENT, now, actor, last_answer=answer):
        return False
    for number in also_about(shells, entry):
        case = shells.store.case(number)
        if case is not None:
            told = tuple(_stamped(letter, entry.message_id, now) for letter in case.letters)
            unit.save_case(on_sent(replace(case, letters=told), entry.letter, now, for_case(shells, case).rules))
    close_bounces(shells, unit, entry, now)
    return True


def count_as_sent(shells: Shells, entry: OutboxEntry, answer: str) -> bool:
    """A letter that waits or is ready, shadowed ones too, taken for approved and sent: for replays, where no server and
    no clerk is."""
    now = shells.clock()
    with shells.store.begin() as unit:
        for step in (OutboxState.READY, OutboxState.SENDING):
            if entry.state is not step and not moved(unit, entry, step, now):
                return False
            entry = replace(entry, state=step)
    return record_sent(shells, entry, answer)


def _stamped(letter: SentLetter, message_id: str, now: datetime) -> SentLetter:
    return replace(letter, sent_at=now) if letter.message_id == message_id else letter
