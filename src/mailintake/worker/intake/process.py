"""One mail from "received" to its recorded fate, in one transaction at the end."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from traceback import extract_tb

from mailintake.errors import MailintakeError, Reaction
from mailintake.model.message import InboundMessage
from mailintake.model.situation import KnownMail, Situation
from mailintake.model.understanding import Candidates, Decision, Disposition
from mailintake.model.zone import SHANGHAI
from mailintake.stages.decide.decide import decide
from mailintake.stages.decided import decided_of
from mailintake.stages.lookup import lookup
from mailintake.stages.understand import understand
from mailintake.stages.words.numbers import make_number
from mailintake.store.port import MessageRow, Unit
from mailintake.worker.intake.answers import with_answers
from mailintake.worker.intake.failing import given_up, retried
from mailintake.worker.intake.oversize import decided_by_size, is_part
from mailintake.worker.intake.reading import Opened, open_mail, understand_files
from mailintake.worker.offices import for_mail
from mailintake.worker.outbox.bounces import log_bounces, with_bounced_letters
from mailintake.worker.outbox.queueing import Occasion, Queued, queue_orders, remembered
from mailintake.worker.shells import Shells, log_event

_log = logging.getLogger(__name__)
_OVER = ("done", "quarantined")


@dataclass(frozen=True)
class Processed:
    """What became of one mail; for reports, replay and explain."""

    row: MessageRow
    message: InboundMessage | None = None
    decision: Decision | None = None
    letters: tuple[Queued, ...] = ()
    failure: str = ""


def process(shells: Shells, row: MessageRow) -> Processed:
    """Read, understand, decide, commit. A failure is recorded and retried; the third one quarantines the mail.

    What stops the program (errors.Reaction.STOP) is raised, and so is what concerns a whole channel (PAUSE).
    """
    now = shells.clock()
    with shells.store.begin() as unit:
        if shells.store.status(row.id) in _OVER:
            return Processed(_row(shells, row))
        attempts = unit.start_processing(row.id)
    if attempts > shells.configuration.settings.poll.attempts:  # each time so far the program itself ended over it
        return _failed(shells, row, given_up(shells, row, "the program ended while working on it"))
    try:
        if is_part(shells, row):
            message, decision = decided_by_size(shells, row)
            return Processed(_row(shells, row), message, decision)
        message, facts = open_mail(shells, row.sha256)
        message = with_answers(shells, message)
        mine = for_mail(shells, row, message)
        opened = understand_files(mine, message, facts, row.received_at)
        return _decide_and_commit(mine, row, opened, now)
    except MailintakeError as fault:
        if fault.reaction in (Reaction.STOP, Reaction.PAUSE):
            raise
        return _failed(shells, row, retried(shells, row, attempts, fault))
    except Exception as bug:
        # A fault of ours met by one mail must not stop the others; what it says may be a stranger's words: not logged.
        where = extract_tb(bug.__traceback__)[-1]
        _log.error("mail %s: %s at %s:%s", row.sha256[:12], type(bug).__name__, Path(where.filename).name, where.lineno)
        return _failed(shells, row, retried(shells, row, attempts, bug))


def _decide_and_commit(shells: Shells, row: MessageRow, opened: Opened, now: datetime) -> Processed:
    with shells.store.begin() as unit:
        if shells.store.status(row.id) in _OVER:  # it took so long that another worker has done it meanwhile
            return Processed(_row(shells, row))
        candidates = _candidates(shells, opened)
        mail = KnownMail(opened.message, opened.people, candidates, shells.rules)
        understood = understand(mail)
        candidates = with_bounced_letters(shells, opened.message, understood, candidates)
        at = Situation(replace(mail, candidates=candidates), understood, row.received_at)
        decision = decide(at, _numbers(unit, row))
        known = (*candidates.by_sender, *candidates.by_company_domain, *candidates.token_cases, *candidates.by_number)
        cases = {case.number: case for case in (*known, *decision.cases)}
        queued = queue_orders(shells, unit, decision.letters, cases, Occasion(opened.message, now))
        revisions = _save(shells, unit, decision, queued, now)
        log_bounces(unit, decision, candidates, now)
        unit.finish_message(row.id, opened.message, decision, now)
        if (decided := decided_of(decision, revisions, shells.rules)) is not None:
            unit.keep_decision(row.sha256, decided)
        log_event(unit, now, "message.done", message=row.sha256, disposition=decision.disposition.value)
    return Processed(_row(shells, row), opened.message, decision, queued)


def _candidates(shells: Shells, opened: Opened) -> Candidates:
    keys = lookup(opened.message, opened.people, shells.rules)
    return shells.store.candidates(keys.tokens, keys.numbers, keys.sender, keys.company_domain, keys.identifiers)


def _numbers(unit: Unit, row: MessageRow) -> Iterator[str]:
    year = row.received_at.astimezone(SHANGHAI).year
    while True:
        yield make_number(year, unit.next_number(year))


def _save(shells: Shells, unit: Unit, decision: Decision, queued: tuple[Queued, ...], now: datetime) -> dict[str, int]:
    """Gives the revision of each of its cases."""
    revisions = {}
    for case in decision.cases:
        revisions[case.number] = unit.save_case(remembered(shells, case, queued, now))
        what = "case.opened" if case.number in decision.opened else "case.extended"
        log_event(unit, now, what, case=case.number, state=case.state.value, rules=case.rule_version)
    for case in decision.noted:
        unit.save_case(case)
        log_event(unit, now, "case.related", case=case.number, state=case.state.value)
    for notice in decision.notices:
        unit.add_notice(notice, now)
    return revisions


def _row(shells: Shells, row: MessageRow) -> MessageRow:
    return shells.store.message(row.sha256) or row


def _failed(shells: Shells, row: MessageRow, reason: str) -> Processed:
    return Processed(_row(shells, row), failure=reason)


def fate(processed: Processed) -> Disposition | None:
    """The disposition of a mail, quarantine included."""
    if processed.decision is not None:
        return processed.decision.disposition
    return Disposition.QUARANTINED if processed.row.status == "quarantined" else None
