"""What a mail is and what it asks for: scored rules, an honest margin, several matters in one mail."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.procedure import ProcedureKey
from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import ASKING, MessageClass, RuleSet
from mailintake.model.situation import KnownMail
from mailintake.model.traits import requests
from mailintake.model.understanding import CardEnd, Classification, Intent, People
from mailintake.stages.classify.asked import Questions, all_told_back, doubted, later_kinds, questions_in, told_back
from mailintake.stages.classify.card_end import card_end
from mailintake.stages.classify.matters import Matter, listed_matters, matters
from mailintake.stages.classify.question_kinds import Manner, spoken_of
from mailintake.stages.classify.questions import (
    asks_in_general,
    beside_the_card,
    beyond_the_guide,
    of_another_service,
)
from mailintake.stages.classify.quoting import complained
from mailintake.stages.classify.score import Scores, score
from mailintake.stages.classify.which import asked_after_the_sheet
from mailintake.stages.classify.who import who_topics
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords, own_words
from mailintake.stages.words.speech import language_of

_PASSPORT_OR_CARD = {ProcedureKey.PASSPORT_CHANGE, ProcedureKey.REPLACE}
_NEW_OR_RENEW = {ProcedureKey.NEW, ProcedureKey.RENEW}
_NEW_PASSPORT = "new_passport"  # the variant of a replacement
_CARD_TOLD = frozenset({"changed_while_pending", "changed_with_card", "changed_card_in_hand", "changed_and_paid"})
_SAID = 3.0  # rules of that weight name the matter
_SPOKEN = ("subject", "new_text")  # places of evidence: the sender's own words
_LIKE_QUESTIONS = frozenset({MessageClass.APPLICATION, MessageClass.SUPPLEMENT, MessageClass.CHASE}) | {
    MessageClass.UNKNOWN,
    MessageClass.CITY_FORWARD,
    MessageClass.CORRECTION,
}
_MORE_THAN_A_QUESTION = frozenset({"papers", "own_papers", "docs_some", "docs_many", "person_named", "card_number"}) | {
    "in_thread",
    "request_plain",
    "part_of_series",
    "is_reply",
}
_BROUGHT = _MORE_THAN_A_QUESTION - {"card_number", "request_plain"}
_OURS = frozenset({"own_papers", "in_thread", "sender_has_case", "card_number", "is_reply"})
_BRINGING = frozenset({*ASKING, MessageClass.SUPPLEMENT, MessageClass.PAYMENT_SLIP, MessageClass.CORRECTION}) | {
    MessageClass.WITHDRAWAL,
}
_CLASS_MIN = 2.5
_CLASS_MARGIN = 1.0
_MANY = 3
_SEVERAL = "several_matters"


def classify(mail: KnownMail) -> Classification:
    """Class and intents of one mail. Quoted history never decides while the sender wrote anything himself.

    `sure` is False, with a word for staff in `conflict`, when the best procedure is weak or the next one is close.
    """
    rules = mail.rules
    scores = _scored(mail)
    kind, kind_sure = _class(scores)
    if kind is MessageClass.ENQUIRY and _is_request(scores, rules):
        kind, kind_sure = MessageClass.APPLICATION, True
    if (whole := asked_after_the_sheet(kind, scores, mail)) is not None:
        scores, kind, kind_sure = whole, MessageClass.ENQUIRY, True
    card = card_end(mail.message, mail.people, rules)
    asked = questions_in(scores.words, rules, Manner(besides=kind in ASKING, over=_is_over(card)))
    if _only_asks(kind, asked.kinds, scores, rules):
        kind, kind_sure = MessageClass.ENQUIRY, True
    if kind not in ASKING and not scores.known & _OURS and of_another_service(scores.words, rules):
        return _elsewhere(scores)
    if kind is MessageClass.ENQUIRY and _answers_us(asked.kinds, scores):
        kind, kind_sure = MessageClass.SUPPLEMENT, True
    if kind is MessageClass.SUPPLEMENT and (begun := _begun(scores, mail)) is not None:
        kind, kind_sure, scores = MessageClass.APPLICATION, True, begun
    listed = _listed(kind, scores, mail)
    if listed:
        kind, kind_sure = MessageClass.APPLICATION, True
    manner = _manner(kind, mail, card, scores)
    asked = _asked(asked, kind, manner, scores, rules)
    intents = _intents(kind, listed, scores, mail)
    conflict = _conflict(kind, kind_sure, intents, scores, rules)
    if not conflict and kind in ASKING and _left_out(intents, mail.people, rules):
        conflict = _SEVERAL
        intents = tuple(replace(intent, sure=False) for intent in intents)
    found = Classification(
        message_class=kind,
        intents=intents if kind in (*ASKING, MessageClass.ENQUIRY) else (),
        sure=not conflict,
        evidence=scores.evidence,
        conflict=conflict,
        questions=asked.kinds,
        language=language_of(scores.words),
        topics=who_topics(scores.words, rules) if QuestionKind.WHO in asked.kinds else (),
        later=later_kinds(asked, rules) if QuestionKind.TOLERANCE in asked.kinds else (),
        unanswered=_for_a_person(manner, asked, scores, rules),
    )
    return _answered(found, asked, manner, card, scores.words, rules)


def _begun(scores: Scores, mail: KnownMail) -> Scores | None:
    """Of an answer to a letter of ours that is about no case: does it bring what that matter needs? Then it is the
    application itself, judged with its subject, which says what was asked; else None."""
    known = scores.known
    if "is_reply" not in known or "papers" not in known or "sender_has_case" in known:
        return None
    if mail.candidates.token_cases or mail.candidates.by_number or not mail.candidates.by_token:
        return None
    whole = score(mail, own_words(mail.message, mail.rules))
    sure = all(intent.sure for intent in _single(whole, mail.rules))
    return whole if whole.procedures and sure and {"own_papers", "person_named"} & known else None


def _elsewhere(scores: Scores) -> Classification:
    """Of a service that is not ours."""
    return Classification(
        MessageClass.ENQUIRY,
        evidence=scores.evidence,
        questions=(QuestionKind.OTHER_SERVICE,),
        language=language_of(scores.words),
    )


def _answered(
    found: Classification, asked: Questions, manner: Manner, card: CardEnd | None, words: OwnWords, rules: RuleSet
) -> Classification:
    """With what the answer to an enquiry has to say of its certainty; any other mail as it is."""
    if found.message_class is not MessageClass.ENQUIRY:
        return found
    doubt = () if manner.alone else doubted(asked, words, rules, manner)
    return replace(found, doubted=doubt, asked=all_told_back(asked, words, rules), card=card)


def _of_a_case(kind: MessageClass, mail: KnownMail) -> bool:
    """Is a question asked within a case that is known here?"""
    return kind is MessageClass.ENQUIRY and bool(mail.candidates.token_cases or mail.candidates.by_number)


def _manner(kind: MessageClass, mail: KnownMail, card: CardEnd | None, scores: Scores) -> Manner:
    """In what kind of mail its questions stand; what is asked within a known case is asked of that case."""
    return Manner(
        kind in ASKING,
        kind in _BRINGING or _of_a_case(kind, mail),
        elsewhere=beside_the_card(scores.words, mail.rules),
        over=_is_over(card),
        dated=card is not None and bool(card.renew_from),
    )


def _asked(at_first: Questions, kind: MessageClass, manner: Manner, scores: Scores, rules: RuleSet) -> Questions:
    if manner.alone:
        return questions_in(scores.words, rules, manner)
    if kind is MessageClass.ENQUIRY and not at_first.kinds:
        return Questions(besides=spoken_of(fold(scores.words.both), rules))
    return at_first


def _is_over(card: CardEnd | None) -> bool:
    return card is not None and card.over


def _for_a_person(manner: Manner, asked: Questions, scores: Scores, rules: RuleSet) -> tuple[str, ...]:
    """The words that a letter says back: what is complained of, or asked of a person."""
    if QuestionKind.COMPLAINT in asked.kinds and not manner.with_papers:
        return complained(scores.words, rules)
    return told_back(asked, scores.words, rules, manner) if QuestionKind.UNKNOWN in asked.kinds else ()


def _listed(kind: MessageClass, scores: Scores, mail: KnownMail) -> tuple[Matter, ...]:
    """The matters that a list among the files names, person by person, where the mail itself asks for none of them in
    particular, or the list for several."""
    known = scores.known
    if kind not in (*ASKING, MessageClass.UNKNOWN, MessageClass.SUPPLEMENT) or known & {"in_thread", "is_reply"}:
        return ()
    found = listed_matters(mail.people, mail.rules)
    return () if len(found) == 1 and "procedure_named" in known else found


def _intents(kind: MessageClass, listed: tuple[Matter, ...], scores: Scores, mail: KnownMail) -> tuple[Intent, ...]:
    """What is asked for, or, of a question, what it is about; a word that could hint at a matter makes none of it."""
    rules = mail.rules
    if listed:
        return _several(listed, scores, rules)
    found = matters(scores.words, mail.people, scores, rules) if kind in ASKING else ()
    intents = _several(found, scores, rules) if len(found) > 1 else _single(scores, rules)
    if kind is MessageClass.ENQUIRY:
        return _asked_about(scores, rules) or tuple(intent for intent in intents if intent.score >= _SAID)
    return intents


def _left_out(intents: Sequence[Intent], people: People, rules: RuleSet) -> bool:
    """Does the mail bring the letters of several procedures, and is one of these not asked for? Then nobody may be told
    that nothing lacks: a matter was overlooked."""
    known = requests(rules)
    brought = {known[d.kind] for d in people.documents if d.kind is not None and d.kind in known}
    procedures = {intent.procedure for intent in intents}
    along = {rules.procedure(i.procedure).variant(i.variant).companion for i in intents}
    return len(brought) > 1 and bool(brought - procedures - along)


def _scored(mail: KnownMail) -> Scores:
    """The scores by the sender's own words. A clear subject of a bare forward beats the history below it; the subject
    of a reply or forward is history, too, and counts only where the text says nothing; so do attached mails."""
    rules = mail.rules
    words = own_words(mail.message, rules)
    if words.bare_forward and not mail.message.forwarded:
        scores = score(mail, replace(words, text=""))
        if any(intent.sure for intent in _single(scores, rules)):
            return scores
    if (words.is_reply or words.is_forward) and words.text.strip():
        scores = score(mail, replace(words, subject=""))
        if _decides(scores, rules):
            return scores
    scores = score(mail, words)
    if not scores.procedures and words.fallback:
        scores = score(mail, replace(words, text=f"{words.text}\n{words.fallback}", fallback=""))
    return scores


def _decides(scores: Scores, rules: RuleSet) -> bool:
    """Do these words say what the mail is, and, of an application, what it asks for?"""
    kind, _ = _class(scores)
    if kind is MessageClass.UNKNOWN:
        return False
    return kind not in ASKING or max(scores.procedures.values(), default=0.0) >= rules.policy.min_score


def _class(scores: Scores) -> tuple[MessageClass, bool]:
    """The best class and whether it stands clear of the next; without any, documents or a procedure make it an
    application, and nothing makes it unknown."""
    ranked = sorted(((total, kind) for kind, total in scores.classes.items()), key=lambda item: -item[0])
    if not ranked or ranked[0][0] < _CLASS_MIN:
        named = "procedure_named" in scores.known or "docs_many" in scores.known
        return (MessageClass.APPLICATION if named else MessageClass.UNKNOWN), True
    best = ranked[0]
    rival = next((other for other in ranked[1:] if not _alike(other[1], best[1])), None)
    return best[1], rival is None or best[0] - rival[0] >= _CLASS_MARGIN


def _is_request(scores: Scores, rules: RuleSet) -> bool:
    """Is what reads like a question a request? Somebody who names a person and asks the office to act, or sends papers
    or a number and asks whether it can be done, wants it done; so does who sends a person's own papers with a procedure
    in so many words, whatever he asks of it. His question is answered beside it."""
    known = scores.known
    if max(scores.procedures.values(), default=0.0) < rules.policy.min_score:
        return False
    if "own_papers" in known and "is_reply" not in known:
        return True
    if "request_plain" in known:
        return bool({"person_named", "papers"} & known)
    return "request_asked" in known and bool({"person_with_number", "papers"} & known)


def _answers_us(questions: Sequence[QuestionKind], scores: Scores) -> bool:
    """Does somebody answer in our thread with a fact, and ask beside it what only a person can say?"""
    return {"in_thread", "reply_with_facts"} <= scores.known and set(questions) <= BY_STAFF


def _only_asks(kind: MessageClass, questions: Sequence[QuestionKind], scores: Scores, rules: RuleSet) -> bool:
    """Does somebody ask what the guide answers, who brings nothing, names nobody and asks for nothing to be done? Then
    it is a question, whatever other words stand in it; so is an application with numbers alone, of nobody by name."""
    told = set(questions) - BY_STAFF
    if kind is MessageClass.APPLICATION and not scores.known & _BROUGHT and told:
        return True
    if kind not in _LIKE_QUESTIONS or scores.known & _MORE_THAN_A_QUESTION:
        return False
    if kind is MessageClass.CHASE:
        if QuestionKind.PROGRESS in questions:
            return False
        if told and told <= {QuestionKind.HOW_LONG}:
            return asks_in_general(scores.words, rules)
        return bool(told) or beyond_the_guide(scores.words, rules)
    return bool(told)


def _asked_about(scores: Scores, rules: RuleSet) -> tuple[Intent, ...]:
    """The procedures that a question names in so many words, the one most spoken of first; two at most, and one where
    it is the question which of the two it is."""
    named = {r.id: r.procedure for r in rules.classification if r.procedure is not None and r.score >= _SAID}
    said = {named[e.rule] for e in scores.evidence if e.fired and e.rule in named and e.where in _SPOKEN}
    found = [(key, total) for key, total in scores.ranked() if key in said and total >= rules.policy.min_score]
    if len(found) < 2 or {found[0][0], found[1][0]} == _PASSPORT_OR_CARD:
        return ()
    return tuple(Intent(key, variant_of(key, scores, rules), total, True, (), None, total) for key, total in found[:2])


def _alike(one: MessageClass, other: MessageClass) -> bool:
    """Classes that are treated the same way: mistaking one for the other does no harm."""
    follow_ups = {MessageClass.SUPPLEMENT, MessageClass.PAYMENT_SLIP, MessageClass.CORRECTION}
    asks = set(ASKING)
    waits = {MessageClass.ENQUIRY, MessageClass.CHASE}
    return any({one, other} <= group for group in (follow_ups, asks, waits))


def _single(scores: Scores, rules: RuleSet) -> tuple[Intent, ...]:
    ranked = [(key, total) for key, total in scores.ranked() if total > 0]
    if not ranked:
        return ()
    best, total = ranked[0]
    rival, rival_total = ranked[1] if len(ranked) > 1 else (None, 0.0)
    margin = total - rival_total
    clear = total >= rules.policy.min_score and margin >= rules.policy.min_margin
    sure = clear and _has_reason(best, scores) and not card_unknown(best, scores, rules)
    return (Intent(best, variant_of(best, scores, rules), total, sure, (), rival, margin),)


def _has_reason(procedure: ProcedureKey, scores: Scores) -> bool:
    """A card is replaced for one of several reasons, and each asks for other papers: without a sign of one, a person
    must ask."""
    given = any(key is procedure and total > 0 for (key, _), total in scores.variants.items())
    return given or procedure is not ProcedureKey.REPLACE


def card_unknown(procedure: ProcedureKey, scores: Scores, rules: RuleSet) -> bool:
    """Has a passport changed and nobody says whether the card is made? Before, the change is free (guide 4); afterwards
    a new card is due and paid for (3.1①): with no sign of either, and no word for a new card, nobody knows."""
    if procedure not in _PASSPORT_OR_CARD or "passport_changed" not in scores.known or scores.known & _CARD_TOLD:
        return False
    if procedure is ProcedureKey.REPLACE and variant_of(procedure, scores, rules) != _NEW_PASSPORT:
        return False
    speak_of_card = {r.id for r in rules.classification if r.procedure is ProcedureKey.REPLACE and r.score >= _SAID}
    return not any(e.fired and e.rule in speak_of_card and e.where in _SPOKEN for e in scores.evidence)


def _several(found: Sequence[Matter], scores: Scores, rules: RuleSet) -> tuple[Intent, ...]:
    return tuple(
        Intent(
            m.procedure,
            variant_of(m.procedure, scores, rules),
            m.score,
            len(found) <= _MANY and not card_unknown(m.procedure, scores, rules),
            m.people,
            margin=m.score,
        )
        for m in found
    )


def variant_of(procedure: ProcedureKey, scores: Scores, rules: RuleSet) -> str:
    """The variant with the most evidence, else the procedure's own default."""
    options = [(total, variant) for (key, variant), total in scores.variants.items() if key is procedure and total > 0]
    declared = rules.procedure(procedure)
    return declared.variant(max(options)[1] if options else None).id


def _conflict(kind: MessageClass, kind_sure: bool, intents: Sequence[Intent], scores: Scores, rules: RuleSet) -> str:
    if not kind_sure:
        return "class_margin"
    if kind not in ASKING:
        return "unknown_matter" if kind is MessageClass.UNKNOWN else ""
    if not intents:
        return "no_procedure"
    doubtful = [intent for intent in intents if not intent.sure]
    if not doubtful:
        return ""
    if any(card_unknown(intent.procedure, scores, rules) for intent in doubtful):
        return "passport_or_card"
    if len(intents) > 1:
        return _SEVERAL
    if {doubtful[0].procedure, doubtful[0].runner_up} == _PASSPORT_OR_CARD:
        return "passport_or_card"
    if {doubtful[0].procedure, doubtful[0].runner_up} == _NEW_OR_RENEW:
        return "new_or_renew"
    return "small_margin" if doubtful[0].runner_up else "weak_evidence"
