"""What is known besides the words: shape of the mail, its documents, and what the database holds about its people."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from mailintake.model.case import MAIL_SIDE_OPEN, PENDING_AT_OFFICE, Case, State
from mailintake.model.facts import Field
from mailintake.model.identity import Answer, in_case
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import PassportRole, ProcedureKey
from mailintake.model.rules import Rule, RuleSet, Where
from mailintake.model.situation import KnownMail
from mailintake.model.traits import (
    card_papers,
    first_papers,
    identity_papers,
    only_first_papers,
    only_renewal_papers,
    passport_pages,
    slips,
)
from mailintake.model.understanding import Candidates, People
from mailintake.stages.words.concepts import hits_of
from mailintake.stages.words.fold import fold, simplify
from mailintake.stages.words.kind_names import kinds_named_in
from mailintake.stages.words.matching import find, folded_words, word_pattern
from mailintake.stages.words.offices import is_city_domain, names_city_office
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import Request, any_of, asking_sentences, official_text, request_in

_SET = 3  # of these make an application; two are a correction
_MANY = 4
_GREETING = 12  # characters
_SIGNED = re.compile(r"[^\uff0c,\u3002;\uff1b\uff1f?!\uff01]{2,30}")  # a line that signs: no sentence
_SHORT = 48  # characters of a mail that says one thing
_LONGEST_THANKS = 160  # characters
_SENTENCE = re.compile(r"[\n;!?\u3002]")
_MOVED = "moved"  # of the rows in config/words/exclusions.yaml
_SIGN_OFF = re.compile(r"(?:regards|sincerely|cheers|yours)[,\s]+[a-z .'-]{2,30}$")
_MARKS = re.compile(r"[\W_\d]+")
_SOON, _FAR = timedelta(days=270), timedelta(days=365)
_STATED = ("card_no", "passport_no", "card_expiry", "reason")
_CARD_EXISTS = (State.CARD_MADE, State.CARD_DELIVERED)
KNOWN = frozenset(
    [
        "answers_with_papers",
        "asks",
        "bare_forward",
        "brings_what_lacks",
        "cancel_stopped",
        "card_dated",
        "card_expired",
        "card_expiring",
        "card_far",
        "card_held",
        "card_number",
        "card_unsaid",
        "changed_and_paid",
        "changed_card_in_hand",
        "changed_while_pending",
        "changed_with_card",
        "city_office",
        "city_office_name",
        "docs_many",
        "docs_none",
        "docs_some",
        "documents_without_request",
        "employer_changed",
        "full_set",
        "in_thread",
        "is_reply",
        "new_papers",
        "only_slips",
        "only_thanks",
        "open_cancel",
        "open_early_issue",
        "open_new",
        "open_passport_change",
        "open_renew",
        "open_replace",
        "own_papers",
        "papers",
        "part_of_series",
        "passport_changed",
        "passport_pair",
        "pending_application",
        "person_named",
        "person_with_number",
        "procedure_named",
        "question_only",
        "question_without_documents",
        "registered_company",
        "reply_with_documents",
        "reply_with_facts",
        "request_asked",
        "request_plain",
        "sender_has_case",
        "slips_sent",
        "stranger",
    ]
)  # every word that a rule with `where: [known]` can look for
_SPEAK_OF_A_CARD = frozenset(
    {"card_number", "card_dated", "card_held", "passport_changed", "open_renew", "open_replace", "open_cancel"}
)
MAKES_CARD = (ProcedureKey.NEW, ProcedureKey.RENEW, ProcedureKey.REPLACE)


def known_words(mail: KnownMail, words: OwnWords) -> frozenset[str]:
    """The words that rules with `where: [known]` look for; listed at the head of config/classification.yaml."""
    message, people, rules = mail.message, mail.people, mail.rules
    kinds = {document.kind for document in people.documents if document.kind}
    known = {
        *_of_documents(kinds, len(people.documents) + len(message.cloud_links), rules),
        *_of_form(message, words, people, rules),
        *_of_sender(message, rules),
        *_of_card(people, message.date.date() if message.date else None),
        *_of_cases(people, mail.candidates),
    }
    if not known & {"sender_has_case", "in_thread"}:
        known.discard("part_of_series")  # whichever part comes first opens the case
    if {"in_thread", "reply_with_documents"} <= known and not _another_matter(words.text, rules):
        known.add("answers_with_papers")
    if "in_thread" in known and _brings_what_lacks(people, mail.candidates, rules):
        called = {name for kind in kinds for name in (rules.kinds[kind].title, *rules.kinds[kind].aliases)}
        if not _another_matter(word_pattern(tuple(called)).sub("", fold(words.text)), rules):
            known.add("brings_what_lacks")  # who sends the letter that lacks calls it by its name: 换卡申请
    if mail.candidates == Candidates() and not words.is_reply and not people.applicants and not people.fields:
        known.add("stranger")  # nothing in it ties it to anything here
    if _stops_cancelling(words, people, mail.candidates, rules):
        known.add("cancel_stopped")
    known |= set(_of_passport(words, kinds, known, mail))
    if _changed_employer(words, people, rules):
        known.add("employer_changed")
    of_a_card = kinds & (card_papers(rules) | only_renewal_papers(rules))
    if not known & _SPEAK_OF_A_CARD and not of_a_card and not _speaks_of_a_card(words, people, rules):
        known.add("card_unsaid")
    return frozenset(known)


def _stops_cancelling(words: OwnWords, people: People, candidates: Candidates, rules: RuleSet) -> bool:
    """Is a cancellation that was asked for not to go on: in its thread by any word that the card is kept or its holder
    stays, elsewhere where the mail speaks of the earlier request?"""
    said, of = fold(words.both if not words.is_reply else words.text), rules.vocabulary.words
    stops = any_of(of("cancel_stop_patterns")).search(said) is not None
    near = (*candidates.token_cases, *candidates.by_number)
    cancel = rules.procedure(ProcedureKey.CANCEL)
    alone = cancel.variant(None)  # not that which goes along with a new card
    own = candidates.by_sender if not people.applicants else cases_of_people(people, candidates.by_sender)
    asked = [case for case in near or own if case.procedure is cancel.key]
    if any(cancel.variant(case.variant or None) == alone for case in asked):
        kept = bool(near) and any_of(of("card_kept_patterns")).search(said) is not None
        return stops or (kept and not people.documents)
    if any(rules.procedure(case.procedure).variant(case.variant or None).companion is cancel.key for case in near):
        found = any_of(of("card_found_patterns")).search(said) is not None  # the card that was to be replaced
        return (stops or found) and not people.documents
    return stops and not people.documents and any_of(of("cancel_asked_before_patterns")).search(said) is not None


def _another_matter(text: str, rules: RuleSet) -> bool:
    """Is a matter named, as of one that is begun?"""
    return any(word in fold(text) for word in folded_words(rules.vocabulary.words("new_matter_words")))


def _speaks_of_a_card(words: OwnWords, people: People, rules: RuleSet) -> bool:
    """Does the mail, a letter in it or the name of a file speak of a card that is held, lost, spoilt, or runs out?"""
    names = "\n".join(document.path for document in people.documents)
    said = fold(f"{words.everything}\n{official_text(people)}\n{names}")
    return any_of(rules.vocabulary.words("card_spoken_patterns")).search(said) is not None


def _brings_what_lacks(people: People, candidates: Candidates, rules: RuleSet) -> bool:
    """Are the papers of an answer those, and only those, that our letter said to be missing?"""
    brought = {document.kind for document in people.documents if document.kind}
    cases = (*candidates.token_cases, *candidates.by_number)
    return bool(brought) and any(brought <= set(_lacking(case, rules)) for case in cases)


def _lacking(case: Case, rules: RuleSet) -> Iterator[str]:
    """Kinds that the case lacks, and those that stand for them."""
    missing = {item.kind for item in case.assessment.missing} if case.assessment else set()
    for wanted in rules.procedure(case.procedure).variant(case.variant).email:
        if wanted.kind in missing:
            yield from (wanted.kind, *wanted.alternatives)


def _changed_employer(words: OwnWords, people: People, rules: RuleSet) -> bool:
    """Does the mail, or a letter in it, say that its people have come from another unit, or that the unit is not on
    file? What is waived for a renewal is waived for neither (guide 2.1\u2460)."""
    names = tuple(fold(a.name) for a in people.applicants if a.name)
    said = fold(f"{words.both}\n{official_text(people)}")
    return any(hits_of(_MOVED, sentence, names, rules.vocabulary) for sentence in _SENTENCE.split(said))


def _of_documents(kinds: set[str], count: int, rules: RuleSet) -> Iterator[str]:
    if not count:
        yield "docs_none"
    else:
        yield "docs_many" if len(kinds) >= _MANY else "docs_some"
    if kinds:
        yield "papers"
    if kinds & (
        first_papers(rules) | slips(rules) | passport_pages(rules) | card_papers(rules) | identity_papers(rules)
    ) or any(rules.kinds[kind].subject == "letter" for kind in kinds):
        yield "own_papers"
    if len(kinds & first_papers(rules)) >= _SET:
        yield "full_set"
    if len(kinds & only_first_papers(rules)) > 1:
        yield "new_papers"
    if kinds and kinds <= slips(rules):
        yield "only_slips"


def _sends_slips(folded: str, rules: RuleSet) -> bool:
    """Is a slip all that is spoken of: "the slip for his new card, please find it attached"?"""
    return any_of(rules.vocabulary.words("slips_sent_patterns")).search(folded) is not None


def _of_form(message: InboundMessage, words: OwnWords, people: People, rules: RuleSet) -> Iterator[str]:
    text = fold(words.both)
    documents = bool(people.documents)
    if documents and {d.kind for d in people.documents} <= slips(rules) and _sends_slips(text, rules):
        yield "slips_sent"
    if words.is_reply:
        yield "is_reply"
    if words.is_reply and documents:
        yield "reply_with_documents"
    if words.is_reply and not documents and any(f.name in _STATED for f in _facts(people)):
        yield "reply_with_facts"
    if words.bare_forward:
        yield "bare_forward"
    yield from _of_question(text, message, people, rules)
    if any(re.search(pattern, text) for pattern in rules.vocabulary.words("part_patterns")):
        yield "part_of_series"
    thanks = not documents and (only_thanks(words.text, rules) or thanks_and_wants_nothing(words, people, rules))
    if thanks or only_wishes(words.both, people, rules):
        yield "only_thanks"
    yield from _of_request(words, people, rules)
    if any(f.name == "registered_company" for f in _facts(people)):
        yield "registered_company"


def _of_question(text: str, message: InboundMessage, people: People, rules: RuleSet) -> Iterator[str]:
    if not asking_sentences(text, rules) or not _is_about_something(text, rules):
        return
    yield "asks"
    if not people.documents and not message.cloud_links:
        yield "question_without_documents"
        if not any(f.name in _STATED for f in _facts(people)):
            yield "question_only"


def _of_request(words: OwnWords, people: People, rules: RuleSet) -> Iterator[str]:
    """Is something wanted for somebody, however it is put? "Could you cancel his card" asks for no information."""
    named = [a for a in people.applicants if a.name]
    if any(a.passport_no or a.card_no for a in named):
        yield "person_with_number"
    if named:
        yield "person_named"
    match request_in(words.text if words.text.strip() else words.subject, rules):
        case Request.PLAIN:
            yield "request_plain"
        case Request.ASKED:
            yield "request_asked"
        case Request.NONE:
            pass


def _is_about_something(text: str, rules: RuleSet) -> bool:
    """A bare "are you there?" is about nothing."""
    return len(text.strip()) > _GREETING or bool(kinds_named_in(text, rules))


def _facts(people: People) -> Iterator[Field]:
    yield from people.fields
    for applicant in people.applicants:
        yield from applicant.fields


def only_thanks(text: str, rules: RuleSet) -> bool:
    """Nothing but thanks, "received" and politeness."""
    rest = fold(text[:300])
    if _tells_of_the_card(rest, rules) or _only_marks(rest, rules):
        return True
    if not any(word in rest for word in folded_words(rules.vocabulary.words("thanks_core"))):
        return False
    rest = word_pattern(rules.vocabulary.words("thanks_words")).sub("", _SIGN_OFF.sub("", rest))
    return len(re.sub(r"[\W_\d]+", "", rest)) <= 3


def thanks_and_wants_nothing(words: OwnWords, people: People, rules: RuleSet) -> bool:
    """Thanks in whatever words, of somebody who asks nothing, wants nothing, tells no fact and has nothing open."""
    said, of = fold(words.text), rules.vocabulary.words
    told = f"{fold(words.subject)}\n{said}" if not words.is_reply else said
    if len(_MARKS.sub("", said)) > _LONGEST_THANKS or not any_of(of("thanked_patterns")).search(told):
        return False
    if any(_facts(people)) or any(a.passport_no or a.card_no for a in people.applicants):
        return False
    if asking_sentences(told, rules) or request_in(told, rules) is not Request.NONE:
        return False
    return any_of(of("unsettled_patterns")).search(any_of(of("thanks_beside_patterns")).sub("", told)) is None


def only_wishes(text: str, people: People, rules: RuleSet) -> bool:
    """Good wishes for a feast, in words or in the name of a picture, and no paper of ours with them."""
    if any(document.kind for document in people.documents) or people.applicants:
        return False
    said = fold(text[:300])
    names = fold("\n".join(document.path for document in people.documents))
    words = rules.vocabulary.words
    if len(_MARKS.sub("", said)) > _SHORT or any_of(words("more_than_thanks_patterns")).search(said):
        return False
    return any_of(words("wish_patterns")).search(f"{said}\n{names}") is not None


def _tells_of_the_card(folded: str, rules: RuleSet) -> bool:
    """Somebody tells in few words that the card is there and serves, and wants nothing."""
    words = rules.vocabulary.words
    if len(_MARKS.sub("", folded)) > _SHORT or any_of(words("more_than_thanks_patterns")).search(folded):
        return False
    return any_of(words("card_arrived_patterns")).search(folded) is not None


def _only_marks(folded: str, rules: RuleSet) -> bool:
    """A thumb up, folded hands, and no word."""
    return not _MARKS.sub("", folded) and any(mark in folded for mark in rules.vocabulary.words("thanks_marks"))


def _of_sender(message: InboundMessage, rules: RuleSet) -> Iterator[str]:
    domain = message.sender.domain if message.sender else ""
    if is_city_domain(domain, rules):
        yield "city_office"
    last = "\n".join(line for line in message.new_text.strip().split("\n")[-3:] if _SIGNED.fullmatch(line.strip()))
    said = simplify(f"{message.sender.name if message.sender else ''}\n{message.signature_text}\n{last}")
    if names_city_office(said, rules):
        yield "city_office_name"


def _of_card(people: People, today: date | None) -> Iterator[str]:
    if any(f.name == "card_no" for f in _facts(people)):
        yield "card_number"
    if today is None:
        return
    for field in _facts(people):
        if field.name != "card_expiry":
            continue
        yield "card_dated"
        try:
            left = date.fromisoformat(field.value) - today
        except ValueError:
            continue
        if left < timedelta():
            yield "card_expired"
        elif left <= _SOON:
            yield "card_expiring"
        elif left > _FAR:
            yield "card_far"


def _of_cases(people: People, candidates: Candidates) -> Iterator[str]:
    if candidates.by_sender or candidates.by_company_domain:
        yield "sender_has_case"
    if candidates.by_token or candidates.by_number:
        yield "in_thread"
    everything = (*candidates.by_person, *candidates.by_sender, *candidates.by_company_domain)
    for case in cases_of_people(people, everything):
        if case.state in (*MAIL_SIDE_OPEN, *PENDING_AT_OFFICE):
            yield f"open_{case.procedure.value}"
            if case.procedure in MAKES_CARD:
                yield "pending_application"
        elif case.state in _CARD_EXISTS and case.procedure in MAKES_CARD:
            yield "card_held"


def cases_of_people(people: People, cases: Iterable[Case]) -> tuple[Case, ...]:
    """Those cases that have one of these people (`identity.in_case`)."""
    found = (c for c in cases if any(in_case(a, people.company, c).answer is Answer.YES for a in people.applicants))
    return tuple({case.number: case for case in found}.values())


def _of_passport(words: OwnWords, kinds: set[str], known: set[str], mail: KnownMail) -> Iterator[str]:
    """Composites for the question that costs 2220 yuan: passport changed while pending, or with the card in hand?

    What the sender and his letters say counts before what the database knows; where neither says anything about the
    card, nobody knows, and why the passport was changed (its pages are full) tells nothing about it.
    """
    people, rules = mail.people, mail.rules
    said = fold(words.both)
    told_apart = kinds & passport_pages(rules, PassportRole.OLD, PassportRole.NEW)
    pair = bool(told_apart) or any(a.old_passport_no for a in people.applicants)
    if pair:
        yield "passport_pair"
    if not (pair or _says(said, rules, "passport_changed_words") or _says(said, rules, "passport_changed_patterns")):
        return
    if _says(said, rules, "passport_same_words") and not pair:
        return
    yield "passport_changed"
    said = f"{said}\n{fold(official_text(people))}"
    pending = _says(said, rules, "pending_words", "pending_patterns")
    in_hand = not pending and _says(said, rules, "card_made_words", "card_made_patterns")
    shown = bool({"card_number", "card_dated"} & known) or bool(kinds & card_papers(rules))
    if pending or ("pending_application" in known and not in_hand and not shown and "card_held" not in known):
        yield "changed_while_pending"
    elif in_hand or "card_held" in known:
        yield "changed_card_in_hand"
    if not pending and (shown or "card_held" in known):
        yield "changed_with_card"
    if kinds & slips(rules):
        yield "changed_and_paid"


def _says(text: str, rules: RuleSet, *lists: str) -> bool:
    """Does one of these words, or patterns, stand in the text, and nothing takes it back?"""
    words = tuple(w for name in lists if not name.endswith("_patterns") for w in rules.vocabulary.words(name))
    patterns = "|".join(
        f"(?:{p})" for name in lists if name.endswith("_patterns") for p in rules.vocabulary.words(name)
    )
    negations = rules.vocabulary.words("plain_negations")
    plain = Rule("words", 0, (Where.NEW_TEXT,), words=words, unless=negations)
    shaped = Rule("patterns", 0, (Where.NEW_TEXT,), pattern=patterns, unless=negations)
    return any(find(rule, text).words for rule in (plain, shaped) if rule.words or rule.pattern)
