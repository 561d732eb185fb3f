"""Is a mail for us to answer at all? Automatic mail is parked: recorded, counted, never answered, never a case.

Theory. Three kinds of signs: shapes that only machines produce, words, header fields. Header fields alone park nothing
that brings documents, asks something or names a person: rules of servers and lists put them on people's mail. Words
park nothing that brings documents. Words that people use, too ("I am away until …") count in full only where the mail
answers a letter of ours or its sender has a machine's name. What is left and has nothing to do with our matter is shown
to staff and not answered.
"""

from collections.abc import Iterator

from mailintake.model.document import Evidence
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet, Where
from mailintake.model.situation import KnownMail
from mailintake.model.understanding import Screening
from mailintake.stages.classify.questions import asks_this_office
from mailintake.stages.screen.adverts import reads_like_an_advert
from mailintake.stages.screen.ours import (
    brings_documents,
    is_ours,
    says_something,
    speaks_for_himself,
    tells_facts,
    wants_something,
)
from mailintake.stages.screen.shapes import CERTAIN, STRONG, answers_our_letter, header_signs, robot_sender, shapes
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import find
from mailintake.stages.words.speech import any_of

_ENOUGH = 3.0
_SHOWN = 80  # characters of what reads like an advert
_DOUBTFUL = 2.0
_MORE = 2.0  # what an answer to our letter, or a machine's name, adds to words
_WEAK = (MessageClass.SPAM, MessageClass.FINANCE, MessageClass.PROVIDER_NOTICE)
_MACHINES = (MessageClass.AUTO_REPLY, MessageClass.BOUNCE, MessageClass.READ_RECEIPT)
NOT_OURS = "not_ours"
_MILD = frozenset(
    {"spam.event", "spam.call", "spam.advert", "spam.offer", "spam.pitch_service", "alike"}
)  # words of an invitation, too
_NOTICE = ("notice_wanted_patterns", "notice_addressed_patterns", "notice_sells_patterns")


def screen(mail: KnownMail) -> Screening:
    """The class of an automatic mail, or None for one that a person wrote, with every sign found.

    Documents outweigh words: an application forwarded by a person, with an advert or our own letter quoted under it, is
    never parked. Only shapes that a person's mail program cannot produce outweigh them.
    """
    message, people, rules = mail.message, mail.people, mail.rules
    documents = brings_documents(message, people, rules)
    words = tuple(_words(message, rules))
    if not documents and _spoken(words, MessageClass.SPAM) < _ENOUGH and _is_advert(mail):
        alike = "\n".join((message.subject, message.new_text))[:_SHOWN]
        words = (*words, Evidence(f"{MessageClass.SPAM}:alike", score=_ENOUGH, text=alike, where=Where.NEW_TEXT))
    certain = tuple(shapes(message, rules))
    headers = tuple(header_signs(message))
    kept = () if documents or says_something(message, people, rules) else headers
    evidence = (*certain, *kept, *words)
    totals = _totals(evidence)
    if not tells_facts(people) and not wants_something(message, rules):
        more = _MORE * (answers_our_letter(message, mail.candidates, rules) + robot_sender(message, rules))
        for kind in _MACHINES:
            if _DOUBTFUL <= totals.get(kind, 0.0) < _ENOUGH and _spoken(words, kind):
                totals[kind] += more
    shown = (*evidence, *(h for h in headers if h not in kept))
    kind, total = max(totals.items(), key=lambda item: item[1], default=(MessageClass.UNKNOWN, 0.0))
    by_words = kind is MessageClass.SPAM and _spoken(words, kind) == total
    mistaken = _asks_for_invoice(message, kind, evidence, rules) or (
        by_words and (speaks_for_himself(message, rules) or _is_notice(message, words, rules))
    )
    if total >= _needed(kind, documents=documents) and not mistaken:
        return Screening(kind, True, shown)
    suspect = _spoken(words, MessageClass.SPAM) >= _DOUBTFUL
    silent = "" if documents or is_ours(mail, suspect=suspect) else NOT_OURS
    return Screening(None, False, shown, silent)


def _is_advert(mail: KnownMail) -> bool:
    """Does a mail of somebody whom no case and no letter of ours knows, who tells no number, read like an advert?"""
    known = mail.candidates
    if known.by_sender or answers_our_letter(mail.message, known, mail.rules):
        return False
    return not tells_facts(mail.people) and reads_like_an_advert(mail.message, mail.rules)


def _is_notice(message: InboundMessage, words: tuple[Evidence, ...], rules: RuleSet) -> bool:
    """Does another office want a name, an answer or a report by a day, and sell nothing? A person has to see it; what
    lures, or changes an account, is no such notice."""
    if any(sign.rule.partition(":")[2] not in _MILD for sign in words if _class_of(sign) is MessageClass.SPAM):
        return False
    said = fold(f"{message.subject}\n{message.new_text[:4000]}")
    wanted, addressed, sold = (any_of(rules.vocabulary.words(name)).search(said) for name in _NOTICE)
    return bool(wanted and addressed) and not sold


def _asks_for_invoice(
    message: InboundMessage, kind: MessageClass, evidence: tuple[Evidence, ...], rules: RuleSet
) -> bool:
    """A subject that names an invoice is also that of whoever asks for one."""
    if kind is not MessageClass.FINANCE or any(sign.where is not Where.SUBJECT for sign in evidence):
        return False
    return asks_this_office(message.new_text, rules)


def _needed(kind: MessageClass, *, documents: bool) -> float:
    """How much must speak for parking."""
    if not documents:
        return _ENOUGH
    return CERTAIN + STRONG if kind in _WEAK else CERTAIN


def _totals(evidence: tuple[Evidence, ...]) -> dict[MessageClass, float]:
    totals: dict[MessageClass, float] = {}
    for sign in evidence:
        kind = _class_of(sign)
        totals[kind] = totals.get(kind, 0.0) + sign.score
    return totals


def _class_of(sign: Evidence) -> MessageClass:
    return MessageClass(sign.rule.partition(":")[0])


def _spoken(words: tuple[Evidence, ...], kind: MessageClass) -> float:
    return sum(sign.score for sign in words if _class_of(sign) is kind)


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
