"""What follows from the server's yes."""

from dataclasses import replace
from datetime import datetime

from mailintake.model.case import SentLetter
from mailintake.model.letter import OutboxEntry, OutboxState
from mailintake.stages.deadline import on_sent
from mailintake.worker.intake.offices import for_case
from mailintake.worker.outbox.bounces import close_bounces
from mailintake.worker.outbox.consolidation import also_about
from mailintake.worker.shells import Shells, log_event


def record_sent(shells: Shells, entry: OutboxEntry, answer: str) -> None:
    """The 250 arrived: outbox row, the deadlines of every case the letter speaks of, and event in one transaction."""
    now = shells.clock()
    with shells.store.begin() as unit:
        unit.set_outbox(entry.id, OutboxState.SENT, now, answer=answer)
        for number in also_about(shells, entry):
            case = shells.store.case(number)
            if case is not None:
                told = tuple(_stamped(letter, entry.message_id, now) for letter in case.letters)
                unit.save_case(on_sent(replace(case, letters=told), entry.letter, now, for_case(shells, case).rules))
        close_bounces(shells, unit, entry, now)
        log_event(unit, now, "letter.sent", case=entry.case, letter=entry.letter.value)


def _stamped(letter: SentLetter, message_id: str, now: datetime) -> SentLetter:
    return replace(letter, sent_at=now) if letter.message_id == message_id else letter
