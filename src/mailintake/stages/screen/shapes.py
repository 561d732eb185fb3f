"""Signs that are no words: the shape of a mail, its header fields, who sends it, what it answers."""

from collections.abc import Iterator

from mailintake.model.document import Evidence
from mailintake.model.identity import ours
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.understanding import Candidates
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import folded_words
from mailintake.stages.words.numbers import find_numbers

CERTAIN = 10.0  # a shape that only machines produce
STRONG = 6.0  # words that a person's mail of ours does not have
_LOOP_HEADER = "x-mailintake-letter"
_OWN_ID = "<mailintake."
_MAX_HOPS = 50
_AUTO_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply", "x-qq-auto-reply")
_BULK = ("bulk", "list", "junk", "auto_reply")


def sign(kind: MessageClass, why: str, weight: float, text: str = "") -> Evidence:
    """Evidence for a class of automatic mail."""
    return Evidence(f"{kind.value}:{why}", score=weight, text=text[:200])


def shapes(message: InboundMessage, rules: RuleSet) -> Iterator[Evidence]:
    """What a person's mail program cannot produce: our own mail, reports (RFC 3464, 8098), invitations (RFC 5546)."""
    yield from _own(message, rules)
    if message.report_type == "delivery-status":
        yield sign(MessageClass.BOUNCE, "delivery_status", CERTAIN)
    elif message.report_type == "disposition-notification":
        yield sign(MessageClass.READ_RECEIPT, "disposition_notification", CERTAIN)
    elif message.content_type == "multipart/report":
        yield sign(MessageClass.BOUNCE, "report", CERTAIN)
    if message.content_type == "text/calendar" or _only_calendar(message):
        yield sign(MessageClass.CALENDAR, "calendar", CERTAIN)
    yield from _answered_by_itself(message)


def header_signs(message: InboundMessage) -> Iterator[Evidence]:
    """Fields that servers' rules, lists and office programs put on people's mail as well (RFC 3834, 2919, 2369)."""
    submitted = _submitted(message)
    if submitted not in ("no", "", "auto-replied"):
        yield sign(MessageClass.AUTO_REPLY, "auto_submitted", STRONG, submitted)
    precedence = (message.header("precedence") or "").strip().lower()
    if precedence in _BULK:
        kind = MessageClass.AUTO_REPLY if precedence == "auto_reply" else MessageClass.SPAM
        yield sign(kind, "precedence", STRONG, precedence)
    if any(message.header(name) for name in ("list-id", "list-unsubscribe", "feedback-campaign")):
        yield sign(MessageClass.SPAM, "list", STRONG)


def robot_sender(message: InboundMessage, rules: RuleSet) -> bool:
    """Is the sender's name, or the part before the @, that of a machine: system administrator, notify, helpdesk?"""
    if message.sender is None:
        return False
    local = message.sender.addr.partition("@")[0]
    said = fold(f"{message.sender.name} {local}")
    return any(word in said for word in folded_words(rules.vocabulary.words("robot_sender_words")))


def answers_our_letter(message: InboundMessage, candidates: Candidates, rules: RuleSet) -> bool:
    """Does it answer a letter that we sent, or bear the subject of one?"""
    known = bool(candidates.by_token or find_numbers(message.subject))
    return known or bears_our_mark(fold(message.subject), rules)


def bears_our_mark(folded: str, rules: RuleSet) -> bool:
    """Does a text quote a title as our letters bear it?"""
    return any(mark in folded for mark in folded_words(rules.vocabulary.words("own_subject_marks")))


def _own(message: InboundMessage, rules: RuleSet) -> Iterator[Evidence]:
    sender = message.sender.addr.lower() if message.sender is not None else ""
    finance = rules.office.finance_address.lower()
    if sender and sender != finance and ours(sender, rules):
        yield sign(MessageClass.OWN, "address", CERTAIN, sender)
    if message.header(_LOOP_HEADER) is not None or message.message_id.lower().startswith(_OWN_ID):
        yield sign(MessageClass.OWN, "loop", CERTAIN)
    if message.received_hops > _MAX_HOPS:
        yield sign(MessageClass.OWN, "hops", CERTAIN, str(message.received_hops))
    if sender == finance:
        yield sign(MessageClass.FINANCE, "address", CERTAIN + STRONG, sender)


def _only_calendar(message: InboundMessage) -> bool:
    types = {a.declared_type for a in message.attachments}
    return "text/calendar" in types and not message.documents


def _submitted(message: InboundMessage) -> str:
    return (message.header("auto-submitted") or "no").partition(";")[0].strip().lower()


def _answered_by_itself(message: InboundMessage) -> Iterator[Evidence]:
    """RFC 3834 and its relatives: the mail itself says that a machine answered. A null return path is for notices only
    (RFC 5321 section 4.5.5)."""
    if message.return_path == "":
        yield sign(MessageClass.AUTO_REPLY, "null_return_path", STRONG)
    if _submitted(message) == "auto-replied":
        yield sign(MessageClass.AUTO_REPLY, "auto_submitted", CERTAIN, "auto-replied")
    for name in _AUTO_REPLY_HEADERS:
        if (message.header(name) or "no").lower() not in ("no", "false", ""):
            yield sign(MessageClass.AUTO_REPLY, name, CERTAIN)
