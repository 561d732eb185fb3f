"""Which letter the sender gets, and at which address (design 5.6)."""

from collections.abc import Sequence

from mailintake.model.assessment import Verdict
from mailintake.model.case import Case, State
from mailintake.model.document import Outcome
from mailintake.model.identity import ours
from mailintake.model.letter import LetterKind
from mailintake.model.message import InboundMessage, wire_form
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Link
from mailintake.stages.assess.open_items import open_items

_CONTAINER = "archive."
_UNOPENED = (_CONTAINER, "attachment.")


def letter_for(cases: Sequence[Case], message: InboundMessage | None, rules: RuleSet) -> LetterKind:
    """The one letter about cases judged together; one with doubts makes it a letter that says nothing yet. `message` is
    the mail that it answers, None where it answers none."""
    if any(case.assessment is None or case.assessment.verdict is Verdict.FOR_STAFF for case in cases):
        return LetterKind.TO_STAFF
    items = [item for case in cases for item in open_items(case, rules)]
    if not items:
        return LetterKind.ACKNOWLEDGEMENT
    if _nothing_could_be_opened(cases, message) or _may_be_inside(cases, message):
        return LetterKind.UNREADABLE
    slips = {fee.slip_kind for fee in rules.fees.values()}
    if all(item.kind in slips for item in items):
        return LetterKind.PAYMENT_REMINDER
    if all(item.tolerable for item in items):
        return LetterKind.TOLERATED
    return LetterKind.CORRECTION


def state_for(case: Case) -> State:
    """Where the assessment puts a case of the mail side. Before its last part came it is only received."""
    if case.awaits_parts and case.state is State.RECEIVED:
        return State.RECEIVED
    if case.assessment is None or case.assessment.verdict is Verdict.FOR_STAFF:
        return State.NEEDS_TRIAGE
    complete = case.assessment.verdict is Verdict.COMPLETE
    return State.COMPLETE if complete else State.AWAITING_CORRECTION


def recipients(message: InboundMessage, link: Link, rules: RuleSet) -> tuple[str, ...]:
    """The sender; a Reply-To only at the company's own mail domain or an address that speaks for the case already.

    Empty when there is nobody to write to: no sender, one who cannot be reached by mail, or one of our own addresses.
    """
    sender = message.sender
    if sender is None:
        return ()
    known = {p.addr for p in link.case.participants} if link.case is not None and link.verified else set()
    public = rules.vocabulary.lists.get("public_mail_domains", ())
    company = "" if sender.domain in public else sender.domain  # at a public provider the same domain means nothing
    wanted = [a.addr for a in message.reply_to if a.domain == company or a.addr in known]
    chosen = wanted[:1] or [sender.addr]
    return tuple(addr for addr in chosen if wire_form(addr) and not ours(addr, rules))


def _may_be_inside(cases: Sequence[Case], message: InboundMessage | None) -> bool:
    """A container that this mail brought stayed shut, and something seems to lack: it may be in there, and nobody asks
    twice for what was sent."""
    shut = message is not None and any(a.problem.startswith(_CONTAINER) for a in message.documents)
    return shut and any(case.assessment.missing for case in cases if case.assessment)


def _nothing_could_be_opened(cases: Sequence[Case], message: InboundMessage | None) -> bool:
    """Did this mail bring files, none of which could be opened, and has nothing usable come before?"""
    if message is None:
        return False
    files = message.documents
    if not files and not message.cloud_links:
        return False
    if any(not a.problem.startswith(_UNOPENED) for a in files):
        return False
    judged = [d for case in cases if case.assessment for d in case.assessment.documents]
    return not any(d.outcome is not Outcome.NOT_OK for d in judged)
