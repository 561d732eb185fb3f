"""One mail into a case: papers accumulate, people are recognised, contradictions are recorded, never overwritten."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from mailintake.model.case import Case, Participant, State
from mailintake.model.document import Document, Evidence, Outcome
from mailintake.model.facts import Field
from mailintake.model.message import Address, InboundMessage
from mailintake.model.procedure import Scope
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.series import Series, begun, with_part
from mailintake.model.situation import Situation
from mailintake.model.traits import requests, slips
from mailintake.model.understanding import Intent, LinkedBy, Understanding
from mailintake.stages.assess.documents import SENT_TO_FINANCE
from mailintake.stages.assess.requirements import listed, role_of, variant_of
from mailintake.stages.decide.letter import is_rewritten, recipients
from mailintake.stages.decide.people import merge_people, only_one_told_of

_CITY, _FINANCE, _APPLICANT = "city_office", "finance", "applicant"  # roles of participants


def merge(case: Case | None, intent: Intent | None, at: Situation) -> Case:
    """The case with this mail in it. `case` None: a new one, without number yet, from `intent`.

    Participants grow only by a sender who opened the case or is verified. ValueError when there is neither.
    """
    if case is None and intent is None:
        raise ValueError("a new case needs an intent")
    understanding, rules, now = at.understood, at.rules, at.now
    base = case if case is not None else _opened(understanding, intent, rules, now)  # type: ignore[arg-type]
    people = understanding.people
    chosen = _chosen(understanding, intent) if case is None else frozenset(a.key for a in people.applicants)
    incoming = tuple(a for a in people.applicants if a.key in chosen) or only_one_told_of(base, people.fields)
    known = merge_people(base, incoming, corrects=_corrects(understanding))
    documents = _documents(understanding, known.keys, frozenset(chosen))
    merged = replace(
        base,
        applicants=known.people,
        flags=tuple(dict.fromkeys((*base.flags, *known.unclear))),
        company=base.company or people.company,
        city=base.city or people.city,
        fields=_fields(base.fields, people.fields, at.message, rules),
        first_received_at=min(base.first_received_at, now),
        last_received_at=max(base.last_received_at, now),
        messages=tuple(dict.fromkeys((*base.messages, understanding.message))),
        series=_series(base, understanding, at.message),
        told=tuple(dict.fromkeys((*base.told, *understanding.told))),
        participants=_participants(base, at, opened=case is None),
        rule_version=rules.version,
    )
    if case is None and len(understanding.classification.intents) > 1:
        documents = tuple(d for d in documents if _of_this_matter(d, merged, understanding, rules))
    placed = tuple(_placed(d, merged, rules) for d in documents)
    return replace(merged, documents=_accumulated(base.documents, placed))


def _of_this_matter(document: Document, case: Case, understanding: Understanding, rules: RuleSet) -> bool:
    """Of a mail with several matters, is a paper for this one? The letter of another matter of the same mail is not,
    though this one would take it in the place of its own."""
    if document.kind is None:
        return True
    asks = requests(rules).get(document.kind, case.procedure)
    elsewhere = asks is not case.procedure and any(i.procedure is asks for i in understanding.classification.intents)
    return not elsewhere and listed(document.kind, variant_of(case, rules))


def _opened(understanding: Understanding, intent: Intent, rules: RuleSet, now: datetime) -> Case:
    variant = rules.procedure(intent.procedure).variant(intent.variant)
    return Case(
        number="",
        procedure=intent.procedure,
        variant=variant.id,
        state=State.RECEIVED,
        company="",
        opened_at=now,
        first_received_at=now,
        last_received_at=now,
        rule_version=rules.version,
        sure=intent.sure and understanding.classification.sure,
    )


def _chosen(understanding: Understanding, intent: Intent | None) -> frozenset[str]:
    """Keys (of the mail) of the people the intent is about: those it names, or everybody."""
    everybody = frozenset(a.key for a in understanding.people.applicants)
    if intent is None or not intent.people:
        return everybody
    named = {
        a.key for a in understanding.people.applicants if a.name in intent.people or a.name_pinyin in intent.people
    }
    return frozenset(named) or everybody


def _corrects(understanding: Understanding) -> bool:
    return understanding.classification.message_class is MessageClass.CORRECTION


def _documents(understanding: Understanding, keys: Mapping[str, str], chosen: frozenset[str]) -> tuple[Document, ...]:
    """The mail's documents with the case's keys; those of people this case is not about are left out."""
    mine = [d for d in understanding.people.documents if d.applicant is None or d.applicant in chosen]
    return tuple(replace(d, applicant=keys.get(d.applicant)) if d.applicant else d for d in mine)


def _accumulated(known: tuple[Document, ...], incoming: Iterable[Document]) -> tuple[Document, ...]:
    """Every document once per mail and path; processing a mail again changes nothing."""
    by_place = {(d.message, d.path): d for d in known}
    by_place.update({(d.message, d.path): d for d in incoming})
    return tuple(sorted(by_place.values(), key=lambda d: d.received_at))


def _placed(document: Document, case: Case, rules: RuleSet) -> Document:
    """A personal document without a name belongs to the one person who lacks just that."""
    kind = rules.kinds.get(document.kind or "")
    if kind is None or document.applicant is not None or kind.scope is not Scope.APPLICANT:
        return document
    lacking = _lacking(document, case, rules)
    if len(lacking) != 1:
        return document
    why = Evidence("only_one_lacking", text=next(iter(lacking)))
    return replace(document, applicant=next(iter(lacking)), reasons=(*document.reasons, why))


def _lacking(document: Document, case: Case, rules: RuleSet) -> frozenset[str]:
    """Keys of the people of whom this role lacks or is faulty by the last assessment."""
    if len(case.applicants) == 1:
        return frozenset({case.applicants[0].key})
    if case.assessment is None:
        return frozenset()
    variant = variant_of(case, rules)
    role = role_of(document.kind, variant)
    missing = {m.applicant for m in case.assessment.missing if m.kind == role}
    faulty = {
        d.document.applicant
        for d in case.assessment.documents
        if d.outcome is Outcome.NOT_OK and not d.superseded and role_of(d.document.kind, variant) == role
    }
    return frozenset(key for key in missing | faulty if key is not None)


def _series(case: Case, understanding: Understanding, message: InboundMessage) -> Series | None:
    """A new case may be the first of several parts; an open series goes on with each mail that brings papers."""
    if understanding.message in case.messages:
        return case.series
    if case.awaits_parts and case.series is not None:
        return with_part(case.series, understanding.part) if message.documents else case.series
    starts = not case.messages and understanding.part is not None
    return begun(understanding.part) if starts and understanding.part is not None else case.series


def _fields(
    known: tuple[Field, ...], said: tuple[Field, ...], message: InboundMessage, rules: RuleSet
) -> tuple[Field, ...]:
    finance = rules.office.finance_address.lower()
    copied = any(a.addr == finance for a in (*message.to, *message.cc))
    noted = (Field(SENT_TO_FINANCE, message.sha256, source="mail"),) if copied else ()
    return tuple(dict.fromkeys((*known, *said, *noted)))


def _participants(case: Case, at: Situation, *, opened: bool) -> tuple[Participant, ...]:
    """The sender joins; behind a list that wrote itself into From, the person it speaks for, or nobody."""
    understanding, message, rules = at.understood, at.message, at.rules
    link = understanding.link
    speaks = opened or (link.verified and link.by is not LinkedBy.GUESS)
    sender = message.sender
    if sender is not None and is_rewritten(message, rules):
        person = recipients(message, link, rules)
        sender = next((a for a in (*message.reply_to, *(Address("", to) for to in person)) if a.addr in person), None)
    if sender is None or not speaks or any(p.addr == sender.addr for p in case.participants):
        return case.participants
    forwards = understanding.classification.message_class is MessageClass.CITY_FORWARD
    role = _CITY if forwards else _FINANCE if not opened and _only_slips(understanding, rules) else _APPLICANT
    return (*case.participants, Participant(sender.addr, sender.name, role))


def _only_slips(understanding: Understanding, rules: RuleSet) -> bool:
    """Does the mail bring slips and nothing else? Then a finance clerk may have sent it, who has the money in hand."""
    kinds = {document.kind for document in understanding.people.documents}
    return bool(kinds) and kinds <= slips(rules)
