"""What a mail brings, and whether it has to do with our matter at all: nobody else's mail is answered."""

import re

from mailintake.model.message import InboundMessage
from mailintake.model.question import Language
from mailintake.model.rules import RuleSet
from mailintake.model.situation import KnownMail
from mailintake.model.understanding import People
from mailintake.stages.classify.questions import asks_this_office, offers_something
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import kind_by_name, stem
from mailintake.stages.words.offices import is_city_domain
from mailintake.stages.words.own_words import OwnWords, is_empty
from mailintake.stages.words.speech import Request, any_of, asking_sentences, language_of, request_in

_IDENTIFYING = ("passport_no", "card_no")
_UNSAFE = "attachment.unsafe"
_MAX_TEXT = 6000
_LETTERS = re.compile(r"[\W\d_]+")
_HINTS = ("matter_hint_patterns", "question_complaint_patterns", "question_other_service_patterns")
_FEW = 3  # addresses of a mail that is meant for whoever reads it
_LITTLE = 12  # letters of a text that says too little to be of another matter


def brings_documents(message: InboundMessage, people: People, rules: RuleSet) -> bool:
    """At least one file recognised, or named like a document of ours. Invoices and what machines attach are not."""
    if any(document.kind for document in people.documents):
        return True
    return any(kind_by_name(stem(file.name), rules) for file in message.documents)


def tells_facts(people: People) -> bool:
    """A passport's or card's number."""
    told = {field.name for field in people.fields}
    return bool(told & {*_IDENTIFYING}) or any(a.passport_no or a.card_no for a in people.applicants)


def says_something(message: InboundMessage, people: People, rules: RuleSet) -> bool:
    """Does a mail name a person, tell a number or ask something?"""
    if people.applicants or tells_facts(people):
        return True
    return bool(asking_sentences(fold(f"{message.subject}\n{message.new_text[:_MAX_TEXT]}"), rules))


def wants_something(message: InboundMessage, rules: RuleSet) -> bool:
    """Does the sender himself ask something, or for something, about our matter?"""
    said = fold(message.new_text[:_MAX_TEXT])
    if not any_of(rules.vocabulary.words("matter_patterns")).search(said):
        return False
    return bool(asking_sentences(said, rules)) or request_in(said, rules) is not Request.NONE


def speaks_for_himself(message: InboundMessage, rules: RuleSet) -> bool:
    """Does somebody speak of his own card, application or standing, or ask whether what he was sent is genuine? Such a
    mail may hold the words of an advert and is none: a person reads it."""
    said = fold(f"{message.subject}\n{message.new_text[:_MAX_TEXT]}")
    words = rules.vocabulary.words
    return any(any_of(words(name)).search(said) for name in ("own_matter_patterns", "doubt_patterns"))


def is_ours(mail: KnownMail, *, suspect: bool) -> bool:
    """Has a mail to do with the card, its papers or this office? Whoever has a case here, and whoever says too little
    to tell, is met as if it had. `suspect`: it reads like an advert; then, and where everything that it brings is
    unsafe to open, only plain words of the matter count."""
    message, rules, known = mail.message, mail.rules, mail.candidates
    if known.by_token or known.by_number or known.by_sender or known.by_company_domain:
        return True
    domain = message.sender.domain if message.sender else ""
    if is_city_domain(domain, rules):
        return True
    if speaks_for_himself(message, rules):
        return True
    said = _said(message)
    if any_of(rules.vocabulary.words("matter_patterns")).search(said):
        return True
    documents = mail.people.documents
    if suspect or (documents and all(d.problem == _UNSAFE for d in documents)):
        return False
    if not message.documents and offers_something(said, rules):
        return False
    if any(any_of(rules.vocabulary.words(name)).search(said) for name in _HINTS) or message.cloud_links:
        return True
    own = f"{message.subject}\n{message.new_text}"
    little = is_empty(own, rules.vocabulary) or len(_LETTERS.sub("", own)) <= _LITTLE
    if little or asks_this_office(own, rules):
        return True
    chinese = language_of(OwnWords("", own)) is Language.ZH
    return (bool(message.documents) and chinese) or _asks_us(message, own, rules)


def _asks_us(message: InboundMessage, own: str, rules: RuleSet) -> bool:
    """Does a person ask something, in a mail of his own, of this mailbox and few others? Nobody who asks is met with
    silence, even where no word tells what about; the rest of somebody else's conversation is no question to us."""
    if message.in_reply_to or message.references or message.header("list-id"):
        return False
    if len({a.addr for a in (*message.to, *message.cc)}) > _FEW:
        return False
    return bool(asking_sentences(fold(own[:_MAX_TEXT]), rules))


def _said(message: InboundMessage) -> str:
    """Everything that its sender, or whose mail he forwards, says."""
    inner = "\n".join(f"{mail.subject}\n{mail.new_text}" for mail in message.forwarded[:5])
    names = "\n".join(file.name for file in message.documents)
    quoted = message.quoted_text[:_MAX_TEXT]
    return fold(f"{message.subject}\n{message.new_text[:_MAX_TEXT]}\n{names}\n{inner[:_MAX_TEXT]}\n{quoted}")
