"""What a mail gives staff to do."""

from collections.abc import Iterable, Iterator

from mailintake.model.case import Case
from mailintake.model.identity import Trust, trust
from mailintake.model.message import InboundMessage, Note
from mailintake.model.question import QuestionKind
from mailintake.model.rules import ASKING, MessageClass, RuleSet
from mailintake.model.told import Told, is_news, unmet
from mailintake.model.understanding import StaffNotice, Understanding
from mailintake.stages.assess.open_items import open_items

M, Q = MessageClass, QuestionKind
CONFLICT = "procedure.conflict"
FOREIGN = "account.foreign"
FORGED = "sender.forged"
COMPLAINT = "message.complaint"
_NEWS = (Told.CARD_LOST, Told.CANCEL_TOO)  # of a case: what staff have to act on
QUESTION = "message.question"
UNREACHABLE = "sender.unreachable"
_CHASE = "class.chase"  # rules of config/classification.yaml that see a wish to hear how something stands
_HEARSAY = "class.withdrawal.hearsay"
_SHOWN = 160  # characters of a mail's text
BRING = (*ASKING, M.SUPPLEMENT, M.PAYMENT_SLIP, M.CORRECTION)
# The letter says what lacks, that it came, and how long it takes; of a complaint there is a line already.
_TOLD_ANYWAY = frozenset({Q.PAPERS, Q.PROGRESS, Q.HOW_LONG, Q.COMPLAINT, Q.PHOTO})
UNSAFE = "attachment.unsafe"


def unreachable(message: InboundMessage) -> StaffNotice:
    """Nobody can be written to."""
    return StaffNotice(UNREACHABLE, message.sender.addr if message.sender else "", message=message.sha256)


def first_words(message: InboundMessage) -> str:
    """The beginning of what a mail says, on one line."""
    return " ".join(message.new_text.split())[:_SHOWN]


def mail_notices(message: InboundMessage, understood: Understanding, cases: Iterable[Case]) -> tuple[StaffNotice, ...]:
    """Notices about the mail itself, tied to its first case."""
    number = next((case.number for case in cases), "")
    return tuple(
        StaffNotice(code, text, case=number, message=message.sha256) for code, text in _said(message, understood)
    )


def _said(message: InboundMessage, understood: Understanding) -> Iterator[tuple[str, str]]:
    loose = [d.path for d in understood.people.documents if d.kind is None and not d.problem]
    if loose:
        yield "attachment.unassigned", ", ".join(loose)
    broken = [f"{a.path} ({a.problem})" for a in message.documents if a.problem and a.problem != UNSAFE]
    if broken:
        yield "attachment.problem", ", ".join(broken)
    if Note.NOT_SCANNED in message.notes:
        yield "attachment.not_scanned", ", ".join(a.path for a in message.documents)
    if message.cloud_links:
        yield "cloud_link.not_attached", ", ".join(link.name or link.host for link in message.cloud_links)
    unsafe = dict.fromkeys(d.path for d in understood.people.documents if d.problem == UNSAFE)
    unsafe |= dict.fromkeys(a.path for a in message.documents if a.problem == UNSAFE)
    if unsafe:
        yield UNSAFE, ", ".join(unsafe)
    if QuestionKind.COMPLAINT in understood.classification.questions:
        yield COMPLAINT, message.subject
    if _asks_besides(understood):
        yield QUESTION, first_words(message)
    yield from _heard(understood)
    yield from _news(understood)
    if understood.classification.conflict:
        yield CONFLICT, understood.classification.conflict
    seen = trust(message.authentication)
    if seen.answer is Trust.FORGED:
        yield FORGED, seen.why


def _heard(understood: Understanding) -> Iterator[tuple[str, str]]:
    """What a mail that withdraws nothing has heard of somebody who will not go on."""
    found = understood.classification
    if found.message_class is not M.WITHDRAWAL:
        yield from (("withdrawal.hearsay", e.text) for e in found.evidence if e.rule == _HEARSAY and e.fired)


def _news(understood: Understanding) -> Iterator[tuple[str, str]]:
    """What staff have to act on in a case that is about something else."""
    case = understood.link.case
    for one in understood.told if case is not None else ():
        if case is not None and one.told in _NEWS and is_news(one.told, case.procedure, case.variant):
            yield f"told.{one.told.value}", one.text


def _asks_besides(understood: Understanding) -> bool:
    """Does a mail that brings something ask besides what its letter does not answer by itself, or how another
    application stands?"""
    found = understood.classification
    if found.message_class not in BRING:
        return False
    elsewhere = found.message_class in ASKING and any(
        e.fired and e.score > 0 and e.rule.startswith(_CHASE) for e in found.evidence
    )
    return elsewhere or bool(set(found.questions) - _TOLD_ANYWAY)


def flag_notices(before: Case | None, case: Case) -> tuple[StaffNotice, ...]:
    """Flags that are new with this mail; those known before were shown already."""
    known = set(before.every_flag) if before is not None else set()
    return tuple(StaffNotice(f.code, f.evidence, case=case.number) for f in case.every_flag if f not in known)


def obstacle_notices(case: Case, understood: Understanding, rules: RuleSet) -> tuple[StaffNotice, ...]:
    """What this mail says cannot be had, and its letter therefore hands over."""
    asked = {item.kind: item.tolerable for item in open_items(case, rules)}
    said = (one.text for one in unmet(understood.told, asked))
    return tuple(StaffNotice(QUESTION, text, case=case.number, message=understood.message) for text in said)


def unverified(message: InboundMessage, understood: Understanding) -> StaffNotice:
    """Somebody who may not speak for a case wrote about it; the guesses help staff to decide."""
    sender = message.sender.addr if message.sender else ""
    guesses = ", ".join(f"{g.case} ({g.why})" for g in understood.link.guesses)
    named = understood.link.case.number if understood.link.case else ""
    return StaffNotice("sender.unverified", f"{sender}: {guesses or named}", case=named, message=message.sha256)
