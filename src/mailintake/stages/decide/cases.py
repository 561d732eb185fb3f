"""Opening cases and putting mails into them."""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import MAIL_SIDE_OPEN, OPEN, Applicant, Case
from mailintake.model.document import PASTED
from mailintake.model.facts import announced
from mailintake.model.identity import Trust, trust
from mailintake.model.letter import LetterKind
from mailintake.model.situation import Situation
from mailintake.model.understanding import Intent
from mailintake.stages.assess.instructions import told_to_a_machine
from mailintake.stages.assess.prohibitions import text_flags
from mailintake.stages.decide.company_papers import with_company_papers
from mailintake.stages.decide.judging import judge
from mailintake.stages.decide.letter import letter_for
from mailintake.stages.decide.merge import merge
from mailintake.stages.decide.notices import FORGED, first_words
from mailintake.stages.decide.pending import pending_flags
from mailintake.stages.decide.relations import COMPANION, every
from mailintake.stages.words.own_words import own_words

WITHDRAWAL = "withdrawal.requested"
FEWER = "group.fewer_named"  # fewer people were found than the mail announces


def judged(case: Case, at: Situation) -> Case:
    """The case assessed anew, with the state and deadlines that follow. Office-side states stay as staff set them."""
    return judge(case, at.rules, at.now)


def extended(case: Case, at: Situation) -> Case:
    """A known case with this mail in it."""
    merged = merge(case, None, at)
    said = text_flags(own_words(at.message, at.rules).both, merged, at.rules, _others(merged, at))
    merged = replace(merged, flags=tuple(dict.fromkeys((*merged.flags, *said))), sure=case.sure or _settled(case, at))
    return _whole(judged(merged, at), at)


def _settled(case: Case, at: Situation) -> bool:
    """Does this mail say beyond doubt what an earlier one left open: an application, and of this procedure?"""
    found = at.understood.classification
    return found.sure and any(i.sure and i.procedure is case.procedure for i in found.intents)


def _whole(case: Case, at: Situation) -> Case:
    """The case, waiting for no further part once nothing lacks and nobody has said how many parts there are."""
    if not case.awaits_parts or case.series is None or case.series.of:
        return case
    whole = judged(replace(case, series=replace(case.series, over=True)), at)
    return whole if letter_for((whole,), None, at.rules) is LetterKind.ACKNOWLEDGEMENT else case


def opened(intent: Intent, at: Situation, numbers: Iterator[str]) -> tuple[Case, ...]:
    """The case of an intent and, where the variant asks for one, its companion (lost or damaged card: 注销)."""
    intent = _along(intent, at)
    case = with_company_papers(replace(merge(None, intent, at), number=next(numbers)), at)
    case = replace(case, flags=tuple(_flags(case, at)), related=_origins(at))
    companion = at.rules.procedure(intent.procedure).variant(intent.variant).companion
    asked = {i.procedure for i in at.understood.classification.intents}
    if companion is None or companion in asked:
        return (judged(case, at),)
    wanted = replace(intent, procedure=companion, variant=COMPANION)
    other = replace(merge(None, wanted, at), number=next(numbers))
    case = replace(case, related=(*case.related, other.number))
    other = replace(other, flags=case.flags, related=(case.number,))
    return judged(case, at), judged(other, at)


def _along(intent: Intent, at: Situation) -> Intent:
    """A wish to cancel the old card that goes with its replacement asks for no papers of its own (guide 3.1②)."""
    for other in at.understood.classification.intents:
        asks_it = at.rules.procedure(other.procedure).variant(other.variant).companion is intent.procedure
        same_people = not other.people or not intent.people or set(other.people) & set(intent.people)
        if asks_it and same_people:
            return replace(intent, variant=COMPANION)
    return intent


def _origins(at: Situation) -> tuple[str, ...]:
    """Cases of the thread that a new matter comes from; only of a sender who may speak for them."""
    link = at.understood.link
    thread = (*link.related, *((link.case.number,) if link.case else ()))
    return tuple(dict.fromkeys(thread)) if link.verified else ()


def _flags(case: Case, at: Situation) -> Iterator[Flag]:
    seen = trust(at.message.authentication)
    if seen.answer is Trust.FORGED:
        yield Flag(FORGED, seen.why)
    yield from text_flags(own_words(at.message, at.rules).both, case, at.rules, _others(case, at))
    yield from pending_flags(case, at.candidates, at.rules)
    yield from _fewer_than_announced(case, at)
    yield from _of_variant(case, at)
    if said := told_to_a_machine(own_words(at.message, at.rules).both, at.rules):
        yield Flag("message.instructs", said)


def _of_variant(case: Case, at: Situation) -> Iterator[Flag]:
    """What staff must know of every case of this variant, with the words by which it was chosen."""
    variant = at.rules.procedure(case.procedure).variant(case.variant)
    if variant.notice:
        yield Flag(variant.notice, first_words(at.message))


def _fewer_than_announced(case: Case, at: Situation) -> Iterator[Flag]:
    """The mail says how many apply, and names fewer: somebody may have been overlooked, or is still to come."""
    people = at.understood.people
    size = announced(people.fields)
    if 0 < len(people.applicants) < size and not case.awaits_parts:
        names = ", ".join(person.name or person.name_pinyin for person in people.applicants)
        yield Flag(FEWER, f"{len(people.applicants)}/{size}: {names}")


def _others(case: Case, at: Situation) -> tuple[Applicant, ...]:
    """The mail's people who are not of this case."""
    mine = {person.name for person in case.applicants}
    return tuple(a for a in at.understood.people.applicants if a.name and a.name not in mine)


def companions_of(case: Case, at: Situation) -> tuple[Case, ...]:
    """Known cases that were opened along with this one and take the same papers."""
    companion = at.rules.procedure(case.procedure).variant(case.variant).companion
    near = [c for c in every(at.candidates) if c.number in case.related and c.variant == COMPANION]
    return tuple(c for c in near if c.procedure is companion and c.state in MAIL_SIDE_OPEN)


def resent(at: Situation) -> Case | None:
    """The sender's own open case that holds every file of this mail already, for the same procedure; else None."""
    files = {d.sha256 for d in at.understood.people.documents}
    asked = {i.procedure for i in at.understood.classification.intents}
    for case in at.candidates.by_sender:
        held = {d.sha256 for d in case.documents}
        if files and files <= held and case.taken_for & asked and case.state in OPEN:
            return case
    return None


def brings_nothing(case: Case, at: Situation) -> bool:
    """Is every file of the mail, and everything it says about people, in the case already?"""
    if at.message.cloud_links:
        return False
    counted = (d for d in case.documents if not d.is_unconfirmed and not PASTED.fullmatch(d.name))
    held = {(d.sha256, d.kind) for d in counted}  # a picture taken out of its page is new
    known = {(f.name, f.value) for a in case.applicants for f in a.fields} | {(f.name, f.value) for f in case.fields}
    people = at.understood.people
    said = {(f.name, f.value) for a in people.applicants for f in a.fields} | {(f.name, f.value) for f in people.fields}
    new_files = any((d.sha256, d.kind) not in held for d in people.documents)
    return not new_files and said <= known
