"""Which letter the sender gets, and at which address."""

from collections.abc import Sequence

from mailintake.model.assessment import Verdict
from mailintake.model.case import Case, State
from mailintake.model.document import Outcome
from mailintake.model.identity import ours
from mailintake.model.letter import LetterKind
from mailintake.model.message import InboundMessage, wire_form
from mailintake.model.rules import RuleSet
from mailintake.model.traits import slips
from mailintake.model.understanding import Link
from mailintake.stages.assess.open_items import open_items

_ORIGINAL_SENDER = ("x-original-from", "x-original-sender")
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
    if all(item.kind in slips(rules) for item in items):
        return LetterKind.PAYMENT_REMINDER
    if all(item.tolerable for item in items):
        return LetterKind.TOLERATED
    return LetterKind.CORRECTION


def slip_letter(cases: Sequence[Case], rules: RuleSet) -> LetterKind:
    """What somebody hears who sent slips alone: what lacks of these, or that they came."""
    lacks = any(item.kind in slips(rules) for case in cases for item in open_items(case, rules))
    return LetterKind.PAYMENT_REMINDER if lacks else LetterKind.ACKNOWLEDGEMENT


def state_for(case: Case) -> State:
    """Where the assessment puts a case of the mail side. Before its last part came it is only received."""
    if case.awaits_parts and case.state is State.RECEIVED:
        return State.RECEIVED
    if case.assessment is None or case.assessment.verdict is Verdict.FOR_STAFF:
        return State.NEEDS_TRIAGE
    complete = case.assessment.verdict is Verdict.COMPLETE
    return State.COMPLETE if complete else State.AWAITING_CORRECTION


def recipients(message: InboundMessage, link: Link, rules: RuleSet) -> tuple[str, ...]:
    """The sender; a Reply-To only at the company's own mail domain (or one below or above it) or an address that speaks
    for the case already. Where a list has put its own address into From (DMARC, RFC 7489), the person whom Reply-To or
    the list's note of the original sender names at the same organisation.

    Empty when there is nobody to write to: no sender, one who cannot be reached by mail (nobody reads noreply@), a
    whole list, or one of our own addresses.
    """
    sender = message.sender
    if sender is None:
        return ()
    known = {p.addr for p in link.case.participants} if link.case is not None and link.verified else set()
    public = rules.vocabulary.lists.get("public_mail_domains", ())
    company = "" if sender.domain in public else sender.domain  # at a public provider the same domain means nothing
    rewritten = is_rewritten(message, rules)
    named = [a.addr for a in message.reply_to]
    named += [(message.header(name) or "").strip("<> ").lower() for name in _ORIGINAL_SENDER] if rewritten else []
    wanted = [addr for addr in named if addr != sender.addr and (_same_house(addr, company) or addr in known)]
    chosen = [*wanted, *([] if rewritten else [sender.addr])]
    read = [addr for addr in chosen if somebody_reads(addr, rules)]
    return tuple(addr for addr in read[:1] if wire_form(addr) and not ours(addr, rules))


def is_rewritten(message: InboundMessage, rules: RuleSet) -> bool:
    """Did a mailing list (RFC 2919, 2369) put its own address into From? Everybody on the list would read an answer."""
    sender = message.sender
    if sender is None:
        return False
    list_id = (message.header("list-id") or "").rpartition("<")[2].rstrip("> ").lower()
    post = (message.header("list-post") or "").lower()
    if list_id == sender.addr.replace("@", ".") or f"mailto:{sender.addr}" in post:
        return True
    marks = rules.vocabulary.words("list_name_marks")
    return bool(list_id) and any(mark.lower() in f" {sender.name} ".lower() for mark in marks)


def somebody_reads(addr: str, rules: RuleSet) -> bool:
    """Not noreply@, nor noreply+case7@ and noreply-hr@: what is sent there reaches nobody, or comes back."""
    unread, local = rules.vocabulary.words("noreply_locals"), addr.partition("@")[0].lower()
    return local not in unread and not any(local.startswith((f"{n}+", f"{n}-", f"{n}_", f"{n}.")) for n in unread)


def _same_house(addr: str, company: str) -> bool:
    """The company's mail domain, or one above or below it (groups.firm.example and firm.example)."""
    domain = addr.rpartition("@")[2]
    if not company or not domain:
        return False
    short, long = sorted((domain, company), key=len)
    return short == long or (short.count(".") >= 1 and long.endswith("." + short))


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
