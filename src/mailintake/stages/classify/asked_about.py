"""Whom a mail only asks about, beside what it asks for: "and when can Miss Shangguan's card be collected?"."""

from dataclasses import replace

from mailintake.model.case import Applicant
from mailintake.model.message import InboundMessage
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.understanding import People
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import find
from mailintake.stages.words.speech import Request, request_in, sentences_of

_MAX_TEXT = 8000  # characters of a mail


def without_asked_about(message: InboundMessage, people: People, rules: RuleSet) -> People:
    """The people without those whom nothing names but a question how their application stands: no paper is theirs, nor
    does a number stand beside their name. Where nobody else applies, all stay."""
    sentences = sentences_of(fold(f"{message.subject}\n{message.new_text[:_MAX_TEXT]}"))
    staying = tuple(a for a in people.applicants if not _only_asked_about(a, sentences, people, rules))
    return replace(people, applicants=staying) if staying else people


def _only_asked_about(person: Applicant, sentences: tuple[str, ...], people: People, rules: RuleSet) -> bool:
    if not person.name or any(d.applicant == person.key for d in people.documents):
        return False
    named = [sentence for sentence in sentences if fold(person.name) in sentence]
    numbers = tuple(fold(number) for number in (person.passport_no, person.card_no) if number)
    if any(number in sentence for number in numbers for sentence in named):
        return False
    return bool(named) and all(_asks_how_it_stands(sentence, rules) for sentence in named)


def _asks_how_it_stands(sentence: str, rules: RuleSet) -> bool:
    chases = (r for r in rules.classification if r.message_class is MessageClass.CHASE and r.score > 0)
    return request_in(sentence, rules) is Request.NONE and any(find(rule, sentence).words for rule in chases)
