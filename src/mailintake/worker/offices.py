"""Whose rules hold: those of the mailbox by which a matter came in, for its whole life.

Where no mailbox has rules of its own, which is the rule, nothing is looked up.
"""

from dataclasses import replace

from mailintake.model.case import Case
from mailintake.model.letter import OutboxEntry
from mailintake.model.message import InboundMessage
from mailintake.store.port import MessageRow
from mailintake.worker.shells import Shells


def for_mail(shells: Shells, row: MessageRow, message: InboundMessage) -> Shells:
    """Shells with the rules for that mail: an answer to a letter of ours belongs where the letter's case does, whatever
    address it was sent to; any other mail to the mailbox it came in by."""
    if not shells.configuration.mailbox_rules:
        return shells
    for sent in shells.store.sent((*message.in_reply_to, *reversed(message.references))):
        case = shells.store.case(sent.case) if sent.case else None
        if case is not None:
            return for_case(shells, case)
    return replace(shells, mailbox=_mailbox_of(row))


def for_case(shells: Shells, case: Case) -> Shells:
    """Shells with the rules of the mailbox by which its first mail came in."""
    if not shells.configuration.mailbox_rules:
        return shells
    row = shells.store.message(case.messages[0]) if case.messages else None
    return replace(shells, mailbox="" if row is None else _mailbox_of(row))


def for_entry(shells: Shells, entry: OutboxEntry) -> Shells:
    """Shells with the rules by which that letter was written."""
    if not shells.configuration.mailbox_rules:
        return shells
    case = shells.store.case(entry.case) if entry.case else None
    if case is not None:
        return for_case(shells, case)
    row = shells.store.message(entry.in_answer_to) if entry.in_answer_to else None
    return replace(shells, mailbox="" if row is None else _mailbox_of(row))


def _mailbox_of(row: MessageRow) -> str:
    """The first by name, should the same bytes have come in by several."""
    return min((ref.mailbox for ref in row.refs), default="")
