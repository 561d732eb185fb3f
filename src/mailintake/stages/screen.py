"""Is a mail for us to answer at all? Automatic mail is parked: recorded, counted, never answered, never a case."""

from collections.abc import Iterator

from mailintake.model.document import Evidence
from mailintake.model.identity import ours
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet, Where
from mailintake.model.understanding import Screening
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import kind_by_name, stem
from mailintake.stages.words.matching import find

_LOOP_HEADER = "x-mailintake-letter"
_OWN_ID = "<mailintake."
_MAX_HOPS = 50
_CERTAIN = 10.0  # a shape that only machines produce
_STRONG = 6.0  # words that a person's mail of ours does not have
_ENOUGH = 3.0
_AUTO_REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-mail-autoreply", "x-qq-auto-reply")
_BULK = ("bulk", "list", "junk", "auto_reply")
_WEAK = (MessageClass.SPAM, MessageClass.FINANCE, MessageClass.PROVIDER_NOTICE)


def screen(message: InboundMessage, rules: RuleSet) -> Screening:
    """The class of an automatic mail, or None for one that a person wrote, with every sign found.

    Files named like documents of ours outweigh words: an application forwarded by a person, with an advert or our own
    letter quoted under it, is never parked. Only shapes that a person's mail program cannot produce outweigh the files.
    """
    evidence = (*_shapes(message, rules), *_words(message, rules))
    totals: dict[MessageClass, float] = {}
    for sign in evidence:
        kind = MessageClass(sign.rule.partition(":")[0])
        totals[kind] = totals.get(kind, 0.0) + sign.score
    if not totals:
        return Screening(None, parked=False)
    kind, total = max(totals.items(), key=lambda item: item[1])
    needed = _needed(kind, _has_documents(message, rules))
    if total < needed:
        return Screening(None, False, evidence)
    return Screening(kind, True, evidence)


def _needed(kind: MessageClass, documents: bool) -> float:
    """How much must speak for parking."""
    if not documents:
        return _ENOUGH
    return _CERTAIN + _STRONG if kind in _WEAK else _CERTAIN


def _has_documents(message: InboundMessage, rules: RuleSet) -> bool:
    """At least one file named like a document of ours. Invoices and other attachments of machines are not."""
    return any(kind_by_name(stem(file.name), rules) for file in message.documents)


def _sign(kind: MessageClass, why: str, weight: float, text: str = "") -> Evidence:
    return Evidence(f"{kind.value}:{why}", score=weight, text=text[:200])


def _shapes(message: InboundMessage, rules: RuleSet) -> Iterator[Evidence]:
    yield from _own(message, rules)
    if message.report_type == "delivery-status":
        yield _sign(MessageClass.BOUNCE, "delivery_status", _CERTAIN)
    elif message.report_type == "disposition-notification":
        yield _sign(MessageClass.READ_RECEIPT, "disposition_notification", _CERTAIN)
    elif message.content_type == "multipart/report":
        yield _sign(MessageClass.BOUNCE, "report", _CERTAIN)
    if message.content_type == "text/calendar" or _only_calendar(message):
        yield _sign(MessageClass.CALENDAR, "calendar", _CERTAIN)
    yield from _automatic(message)


def _own(message: InboundMessage, rules: RuleSet) -> Iterator[Evidence]:
    if message.sender is not None and ours(message.sender.addr, rules):
        yield _sign(MessageClass.OWN, "address", _CERTAIN, message.sender.addr)
    if message.header(_LOOP_HEADER) is not None or message.message_id.lower().startswith(_OWN_ID):
        yield _sign(MessageClass.OWN, "loop", _CERTAIN)
    if message.received_hops > _MAX_HOPS:
        yield _sign(MessageClass.OWN, "hops", _CERTAIN, str(message.received_hops))
    if message.sender is not None and message.sender.addr == rules.office.finance_address.lower():
        yield _sign(MessageClass.FINANCE, "address", _CERTAIN + _STRONG, message.sender.addr)


def _only_calendar(message: InboundMessage) -> bool:
    types = {a.declared_type for a in message.attachments}
    return "text/calendar" in types and not message.documents


def _automatic(message: InboundMessage) -> Iterator[Evidence]:
    """RFC 3834 and its relatives. A null return path without more is a machine's mail; auto-generated mail may still
    be an office program that hands in an application, so files of ours outweigh it."""
    submitted = (message.header("auto-submitted") or "no").partition(";")[0].strip().lower()
    if submitted == "auto-replied":
        yield _sign(MessageClass.AUTO_REPLY, "auto_submitted", _CERTAIN, submitted)
    elif submitted not in ("no", ""):
        yield _sign(MessageClass.AUTO_REPLY, "auto_submitted", _STRONG, submitted)
    for name in _AUTO_REPLY_HEADERS:
        if (message.header(name) or "no").lower() not in ("no", "false", ""):
            yield _sign(MessageClass.AUTO_REPLY, name, _CERTAIN)
    if message.return_path == "":
        yield _sign(MessageClass.AUTO_REPLY, "null_return_path", _STRONG)
    precedence = (message.header("precedence") or "").strip().lower()
    if precedence in _BULK:
        yield _sign(
            MessageClass.AUTO_REPLY if precedence == "auto_reply" else MessageClass.SPAM,
            "precedence",
            _STRONG,
            precedence,
        )
    if any(message.header(name) for name in ("list-id", "list-unsubscribe", "feedback-campaign")):
        yield _sign(MessageClass.SPAM, "list", _STRONG)


def _words(message: InboundMessage, rules: RuleSet) -> Iterator[Evidence]:
    """Rules of config/screening.yaml. The raw subject is looked at: its first prefix is what tells."""
    places = {
        Where.SUBJECT: fold(message.subject),
        Where.NEW_TEXT: fold(message.new_text[:4000]),
        Where.SENDER: fold(f"{message.sender.name} {message.sender.addr}") if message.sender else "",
        Where.HEADER: "\n".join(f"{name}: {value}".lower() for name, value in message.headers[:200]),
        Where.FILE_NAME: "\n".join(fold(a.name) for a in message.attachments),
    }
    for rule in rules.screening:
        for where in rule.where:
            hits = find(rule, places.get(where, ""))
            if hits.words and rule.message_class is not None:
                text = ", ".join(hits.words[:3])
                yield Evidence(f"{rule.message_class.value}:{rule.id}", rule.source, rule.score, text, where)
                break
