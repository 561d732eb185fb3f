"""Which case a mail belongs to, and whether the sender may hear about it.

Theory. A case is *pointed at* by our own letter in References, or by its number. It *fits* by person when the mail
names one of its applicants. Pointing or fitting links only for a verified sender: a participant, or somebody who
writes from the company's own domain, and is not known to be forged. Everything else is a guess for staff. Two cases
that could both be meant are a guess as well: the cost of a wrong link is a stranger reading somebody's passport number.
"""

import re
from collections.abc import Iterable, Sequence

from mailintake.model.case import OPEN, Case
from mailintake.model.document import Evidence
from mailintake.model.identity import Answer, Trust, recognise, trust
from mailintake.model.message import InboundMessage
from mailintake.model.rules import ASKING, MessageClass, RuleSet
from mailintake.model.series import Part
from mailintake.model.situation import KnownMail
from mailintake.model.understanding import Candidates, Classification, Guess, Link, LinkedBy, People
from mailintake.model.value import value
from mailintake.stages.assign.asked_facts import answered, only_lacking
from mailintake.stages.assign.leaving import leaving
from mailintake.stages.lookup import company_domain
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import folded_words
from mailintake.stages.words.numbers import find_numbers, misread_numbers
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of

_FOLLOWS = (
    MessageClass.SUPPLEMENT,
    MessageClass.PAYMENT_SLIP,
    MessageClass.CORRECTION,
    MessageClass.WITHDRAWAL,
    MessageClass.CHASE,
    MessageClass.THANKS,
)
_PARTS = (MessageClass.SUPPLEMENT, MessageClass.PAYMENT_SLIP, MessageClass.UNKNOWN)
_GUESSES = 5
_SCORES = {"token": 5.0, "number": 4.0, "quoted_number": 2.0, "person": 3.0, "sender": 1.0}


@value
class _Pointed:
    """A case that the mail points at, and how."""

    case: Case
    how: str  # token | number | quoted_number


def link(mail: KnownMail, found: Classification, part: Part | None = None) -> Link:
    """The link of one mail of that class. GUESS and NONE change nothing in any case; NEW opens one."""
    message, candidates = mail.message, mail.candidates
    pointed = _pointed(message, candidates)
    awaited = _awaiting(mail, part, found)
    if awaited is not None and all(p.case.number == awaited.number for p in pointed):
        return Link(LinkedBy.FITS_ONE, awaited, verified=True, evidence=(Evidence("link.series", text=awaited.number),))
    trusted = [p for p in pointed if is_verified(message, p.case, mail.rules)]
    if pointed and not trusted:
        return _stranger(mail, pointed, found)
    if not trusted and _names_no_case(message, candidates):
        return Link(LinkedBy.GUESS, evidence=(Evidence("link.unknown_number"),))
    if pointed and len(trusted) < len(pointed) and trusted[0].how == "quoted_number":
        return _guess(pointed, mail, verified=False)
    if trusted:
        return _of_pointed(mail, trusted, found)
    return _without_pointer(mail, found)


def is_verified(message: InboundMessage, case: Case, rules: RuleSet) -> bool:
    """May this sender hear about the case? Participant or the company's own domain, and not known to be forged."""
    if message.sender is None or trust(message.authentication).answer is Trust.FORGED:
        return False
    addr = message.sender.addr.lower()
    domain = company_domain(addr, rules)
    for participant in case.participants:
        theirs = participant.addr.lower()
        if addr == theirs or (domain and domain == company_domain(theirs, rules)):
            return True
    return False


def _pointed(message: InboundMessage, candidates: Candidates) -> tuple[_Pointed, ...]:
    """The cases pointed at on the strongest level that points at any: new text, References and subject, quote."""
    by_number = {case.number: case for case in candidates.by_number}
    written = [by_number[n] for n in find_numbers(message.new_text) if n in by_number]
    if written:
        answered = _answered(message, candidates)
        both = {c.number: c for c in (*written, *(p.case for p in answered))}
        return tuple(_Pointed(case, "number") for case in both.values())
    in_subject = [_Pointed(by_number[n], "number") for n in find_numbers(message.subject) if n in by_number]
    answered = _answered(message, candidates)
    if answered or in_subject:
        found: dict[str, _Pointed] = {}
        for pointed in (*answered, *in_subject):
            found.setdefault(pointed.case.number, pointed)
        return tuple(found.values())
    quoted = [by_number[n] for n in find_numbers(message.quoted_text) if n in by_number]
    return tuple(_Pointed(case, "quoted_number") for case in {case.number: case for case in quoted}.values())


def _answered(message: InboundMessage, candidates: Candidates) -> tuple[_Pointed, ...]:
    """The cases of our letter that this mail answers: In-Reply-To first, else the last of ours in References."""
    cases = {case.number: case for case in (*candidates.token_cases, *candidates.by_number)}
    of_letter: dict[str, list[str]] = {}
    for sent in candidates.by_token:
        of_letter.setdefault(sent.message_id, []).append(sent.case)
    for token in (*message.in_reply_to, *reversed(message.references)):
        known = [cases[number] for number in of_letter.get(token, ()) if number in cases]
        if known:
            return tuple(_Pointed(case, "token") for case in {case.number: case for case in known}.values())
    return ()


def _names_no_case(message: InboundMessage, candidates: Candidates) -> bool:
    """Does the mail ask about a number that we never gave? It is met like a number of somebody else's case: a
    different answer would tell strangers which numbers exist."""
    known = {case.number for case in candidates.by_number}
    return any(number not in known for number in find_numbers(message.subject, message.new_text))


def _names_other_number(message: InboundMessage, rules: RuleSet) -> bool:
    """Does the mail name a number that cannot be ours, as a case's? Being the only open case is then not enough: the
    people must fit."""
    said = f"{message.subject}\n{message.new_text}"
    if misread_numbers(said):
        return True
    labels = "|".join(re.escape(word) for word in folded_words(rules.vocabulary.words("case_number_labels")))
    named = re.finditer(rf"(?:{labels})[\s:]{{0,3}}([a-z0-9][a-z0-9()-]{{3,24}})", fold(said)) if labels else ()
    return any(not find_numbers(hit.group(1)) for hit in named)


def _stranger(mail: KnownMail, pointed: Sequence[_Pointed], found: Classification) -> Link:
    """Somebody we do not know points at a case: a guess, unless he brings a matter of his own."""
    people = mail.people
    own_matter = found.message_class in ASKING and found.sure and people.documents and people.applicants
    if (
        own_matter
        and all(p.how == "quoted_number" for p in pointed)
        and not _concerned(people, [p.case for p in pointed])
    ):
        return Link(LinkedBy.NEW, evidence=(Evidence("link.own_matter"),))
    return _guess(pointed, mail, verified=False)


def _of_pointed(mail: KnownMail, trusted: Sequence[_Pointed], found: Classification) -> Link:
    """A verified sender points at cases of his: the one that the mail's people and papers do not contradict."""
    people, rules = mail.people, mail.rules
    cases = [p.case for p in trusted]
    if not people.applicants and not people.documents:
        said = (field.name for field in people.fields)
        of_mail = (c for c in answered(mail.candidates) if is_verified(mail.message, c, rules))
        wanting = only_lacking(said, of_mail, rules)
        trusted = [_Pointed(wanting, trusted[0].how)] if wanting is not None else trusted
        cases = [p.case for p in trusted]
    target = cases[0] if len(cases) == 1 else _only(_concerned(people, cases) or _asking_for(people, cases, rules))
    if target is None:
        return _guess(trusted, mail, verified=True)
    changes = _adds_somebody(mail) or bool(leaving(target, own_words(mail.message, rules), rules))
    joins = target.state in OPEN and _same_procedure(target, found) and changes
    if not joins and _is_new_matter(target, people, found, rules):
        why = (Evidence("link.new_matter", text=target.number),)
        return Link(LinkedBy.NEW, verified=True, related=(target.number,), evidence=why)
    if _contradicts(people, target, found) and not changes:
        elsewhere = _concerned(people, _verified_open(mail))
        return _guess(trusted, mail, verified=True, more=elsewhere)
    how = next(p.how for p in trusted if p.case is target)
    by = LinkedBy.TOKEN if how == "token" else LinkedBy.NUMBER_AND_SENDER
    return Link(by, target, verified=True, evidence=(Evidence(f"link.{how}", text=target.number),))


def _without_pointer(mail: KnownMail, found: Classification) -> Link:
    """No letter, no number: a verified sender's mail may still fit exactly one open case of theirs."""
    people, rules = mail.people, mail.rules
    theirs = _verified_open(mail)
    asks = found.message_class in ASKING
    if not asks and found.message_class not in (*_FOLLOWS, MessageClass.UNKNOWN):
        return Link(LinkedBy.NONE, evidence=(Evidence("link.no_case_meant"),))
    fitting = _concerned(people, theirs) if people.applicants else _by_number(people, theirs)
    if asks:
        return _application(people, fitting, found, rules)
    unsaid = not fitting and not people.applicants and not _names_other_number(mail.message, rules)
    if unsaid and found.message_class is not MessageClass.UNKNOWN:
        fitting = list(theirs)
    target = _only(fitting) or _only(_asking_for(people, fitting, rules))
    if target is not None:
        return Link(LinkedBy.FITS_ONE, target, verified=True, evidence=(Evidence("link.fits_one", text=target.number),))
    guesses = [*fitting, *theirs, *_concerned(people, mail.candidates.by_person)]
    if guesses:
        return _guessed((), guesses, people, verified=bool(theirs))
    return Link(LinkedBy.NONE, evidence=(Evidence("link.nothing_known"),))


def _awaiting(mail: KnownMail, part: Part | None, found: Classification) -> Case | None:
    """The sender's own case that waits for further parts of its application, of which this mail may be one: the parts
    may be about other people, and say nothing of the first."""
    if found.message_class not in (*ASKING, *_PARTS) or not mail.message.documents:
        return None
    asked = {intent.procedure for intent in found.intents}
    waiting = [
        case
        for case in _verified_open(mail)
        if case.series is not None and case.series.takes(part) and asked <= {case.procedure}
    ]
    return _only(waiting)


def _application(people: People, fitting: Sequence[Case], found: Classification, rules: RuleSet) -> Link:
    """An application opens a case, unless it is the same procedure for the same people again, or a further part."""
    same_matter = [case for case in fitting if not _is_new_matter(case, people, found, rules)]
    if found.sure and len(same_matter) == 1 and len(found.intents) == 1 and _all_in(people, same_matter[0]):
        case = same_matter[0]
        return Link(
            LinkedBy.FITS_ONE, case, verified=True, evidence=(Evidence("link.same_application", text=case.number),)
        )
    related = tuple(case.number for case in fitting)
    return Link(LinkedBy.NEW, verified=bool(fitting), related=related, evidence=(Evidence("link.application"),))


def _all_in(people: People, case: Case) -> bool:
    return all(recognise(a, case.applicants).answer is Answer.YES for a in people.applicants)


def _verified_open(mail: KnownMail) -> tuple[Case, ...]:
    """The open cases of which this sender may hear."""
    known = {c.number: c for c in (*mail.candidates.by_sender, *mail.candidates.by_company_domain)}
    return tuple(c for c in known.values() if c.state in OPEN and is_verified(mail.message, c, mail.rules))


def _concerned(people: People, cases: Iterable[Case]) -> list[Case]:
    """The cases with one of the mail's people in them."""
    return [c for c in cases if any(recognise(a, c.applicants).answer is Answer.YES for a in people.applicants)]


def _by_number(people: People, cases: Iterable[Case]) -> list[Case]:
    """Cases with a passport or card number that the mail gives without a name."""
    told = {f.value for f in people.fields if f.name in ("passport_no", "old_passport_no", "card_no")}
    return [c for c in cases if any(told & {a.passport_no, a.old_passport_no, a.card_no} for a in c.applicants)]


def _asking_for(people: People, cases: Sequence[Case], rules: RuleSet) -> list[Case]:
    """Of several cases those whose list asks for every kind that came: a slip goes to the one that costs money."""
    kinds = {d.kind for d in people.documents if d.kind}
    return [c for c in cases if kinds and kinds <= _asked(c, rules)]


def _asked(case: Case, rules: RuleSet) -> set[str]:
    variant = rules.procedure(case.procedure).variant(case.variant)
    listed = (*variant.email, *variant.paper)
    return {kind for requirement in listed for kind in (requirement.kind, *requirement.alternatives)}


def _is_new_matter(case: Case, people: People, found: Classification, rules: RuleSet) -> bool:
    """An application in an old thread: another procedure than the case's, or the case is over, or other people."""
    if found.message_class not in ASKING or not found.intents:
        return False
    intent = found.intents[0]
    if intent.procedure not in case.taken_for:
        if not (found.sure and intent.sure) and case.state in OPEN and people.applicants and _all_in(people, case):
            return False  # only guessed: papers of the case's own people, in a mail that points at it, are its own
        companion = rules.procedure(case.procedure).variant(case.variant).companion
        return intent.procedure is not companion
    if case.state not in OPEN:
        return True
    return bool(case.applicants and people.applicants) and _all_strangers(people, case)


def _contradicts(people: People, case: Case, found: Classification) -> bool:
    """Papers or numbers of people who are not in the case; a correction may well bring another name."""
    if not case.applicants or found.message_class in (MessageClass.CORRECTION, MessageClass.WITHDRAWAL):
        return False
    owners = {d.applicant for d in people.documents if d.applicant}
    certain = [a for a in people.applicants if a.key in owners or a.passport_no or a.card_no]
    return bool(certain) and _all_strangers(people, case)


def _same_procedure(case: Case, found: Classification) -> bool:
    """Is nothing asked for but what the case is about?"""
    return all(intent.procedure in case.taken_for for intent in found.intents)


def _adds_somebody(mail: KnownMail) -> bool:
    """Does the sender say that one person more is to go along in the case that he answers about?"""
    said = fold(mail.message.new_text)
    return any_of(mail.rules.vocabulary.words("person_added_patterns")).search(said) is not None


def _all_strangers(people: People, case: Case) -> bool:
    """Is nobody of the mail one of the case's people? Inside a case that the mail points at, whoever may be one of them
    is no stranger: the passport may be the new one."""
    return all(recognise(a, case.applicants).answer is Answer.NO for a in people.applicants)


def _only(cases: Sequence[Case]) -> Case | None:
    return cases[0] if len(cases) == 1 else None


def _guess(pointed: Sequence[_Pointed], mail: KnownMail, *, verified: bool, more: Sequence[Case] = ()) -> Link:
    theirs = [*more, *_concerned(mail.people, mail.candidates.by_person)]
    return _guessed(pointed, theirs, mail.people, verified=verified)


def _guessed(pointed: Sequence[_Pointed], cases: Iterable[Case], people: People, *, verified: bool) -> Link:
    """Possibilities for staff, the likeliest first; how many there are besides is counted."""
    found: dict[str, tuple[float, list[str]]] = {}
    for item in pointed:
        found[item.case.number] = (_SCORES[item.how], [item.how])
    for case in cases:
        why = "person" if _concerned(people, [case]) else "sender"
        total, reasons = found.get(case.number, (0.0, []))
        if why not in reasons:
            found[case.number] = (total + _SCORES[why], [*reasons, why])
    ranked = sorted(found.items(), key=lambda item: -item[1][0])
    likely = tuple(Guess(number, total, "+".join(reasons)) for number, (total, reasons) in ranked[:_GUESSES])
    return Link(LinkedBy.GUESS, verified=verified, guesses=likely, unnamed=len(ranked) - len(likely))
