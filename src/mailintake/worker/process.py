"""One mail from "received" to its recorded fate, in one transaction at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailintake.errors import MailintakeError, Reaction
from mailintake.model.case import Case
from mailintake.model.letter import Letter, OutboxState
from mailintake.model.message import InboundMessage
from mailintake.model.understanding import Candidates, Decision, Disposition, LetterOrder, StaffNotice, Understanding
from mailintake.stages.decide import decide
from mailintake.stages.lookup import lookup
from mailintake.stages.numbers import make_number
from mailintake.stages.understand import understand
from mailintake.store.port import MessageRow, Unit
from mailintake.worker.outgoing import SHANGHAI, Occasion, queue_orders, with_letter
from mailintake.worker.reading import Opened, open_mail, understand_files
from mailintake.worker.shells import Shells, log_event

MAX_ATTEMPTS = 3
_BACK_OFF = timedelta(minutes=5)


@dataclass(frozen=True)
class Processed:
    """What became of one mail; for reports, replay and explain."""

    row: MessageRow
    message: InboundMessage | None = None
    decision: Decision | None = None
    letters: tuple[tuple[LetterOrder, Letter, OutboxState], ...] = ()
    failure: str = ""


def process(shells: Shells, row: MessageRow) -> Processed:
    """Read, understand, decide, commit. A failure is recorded and retried; the third one quarantines the mail."""
    now = shells.clock()
    with shells.store.begin() as unit:
        attempts = unit.start_processing(row.id, now)
    try:
        message, facts = open_mail(shells, row.sha256)
        opened = understand_files(shells, message, facts, row.received_at)
        return _decide_and_commit(shells, row, opened, now)
    except MailintakeError as fault:
        if fault.reaction in (Reaction.STOP, Reaction.PAUSE):
            raise
        return _failed(shells, row, attempts, f"{type(fault).__name__}: {fault}")
    except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError, AssertionError, AttributeError) as bug:
        # A fault of ours met by one mail must not stop the others; it is retried after an update, then shown to staff.
        return _failed(shells, row, attempts, f"{type(bug).__name__}: {bug}")


def _decide_and_commit(shells: Shells, row: MessageRow, opened: Opened, now: datetime) -> Processed:
    with shells.store.begin() as unit:
        candidates = _candidates(shells, opened)
        understood = understand(opened.message, opened.people, candidates, shells.rules)
        decision = _decision(shells, unit, opened.message, understood, candidates, row)
        occasion = Occasion(opened.message, now)
        cases = {case.number: case for case in (*candidates.token_cases, *candidates.by_number, *decision.cases)}
        queued = queue_orders(shells, unit, decision.letters, cases, occasion)
        _save(unit, decision, queued, now)
        unit.finish_message(row.id, opened.message, decision, now)
        log_event(unit, now, "message.done", message=row.sha256, disposition=decision.disposition.value)
    done = shells.store.message(row.sha256) or row
    return Processed(done, opened.message, decision, queued)


def _candidates(shells: Shells, opened: Opened) -> Candidates:
    keys = lookup(opened.message, opened.people, shells.rules)
    return shells.store.candidates(keys.tokens, keys.numbers, keys.sender, keys.company_domain, keys.identifiers)


def _decision(
    shells: Shells,
    unit: Unit,
    message: InboundMessage,
    understood: Understanding,
    candidates: Candidates,
    row: MessageRow,
) -> Decision:
    def numbers() -> Iterator[str]:
        while True:
            year = row.received_at.astimezone(SHANGHAI).year
            yield make_number(year, unit.next_number(year))

    policy = shells.configuration.letters
    return decide(message, understood, candidates, shells.rules, policy, row.received_at, numbers())


def _save(
    unit: Unit, decision: Decision, queued: tuple[tuple[LetterOrder, Letter, OutboxState], ...], now: datetime
) -> None:
    for case in decision.cases:
        remembered: Case = case
        for order, letter, _state in queued:
            if order.case == case.number:
                remembered = with_letter(remembered, letter, now)
        unit.save_case(remembered)
        what = "case.opened" if case.number in decision.opened else "case.extended"
        log_event(unit, now, what, case=case.number, state=case.state.value, rules=case.rule_version)
    for notice in decision.notices:
        unit.add_notice(notice, now)


def _failed(shells: Shells, row: MessageRow, attempts: int, reason: str) -> Processed:
    now = shells.clock()
    with shells.store.begin() as unit:
        if attempts >= MAX_ATTEMPTS:
            unit.quarantine_message(row.id, reason, now)
            unit.add_notice(StaffNotice("message.quarantined", reason, message=row.sha256), now)
            log_event(unit, now, "message.quarantined", message=row.sha256)
        else:
            unit.retry_message(row.id, now + _BACK_OFF * attempts, reason)
            log_event(unit, now, "message.retry", message=row.sha256, attempts=str(attempts))
    after = shells.store.message(row.sha256) or row
    return Processed(after, failure=reason)


def fate(processed: Processed) -> Disposition | None:
    """The disposition of a mail, quarantine included."""
    if processed.decision is not None:
        return processed.decision.disposition
    return Disposition.QUARANTINED if processed.row.status == "quarantined" else None
