"""A mail that belongs to a case, and a mail that opens one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import OPEN, Applicant, Case, State
from mailintake.model.facts import GROUP_SIZE, Field, announced
from mailintake.model.identity import Answer, in_case
from mailintake.model.letter import LetterKind
from mailintake.model.rules import ASKING, MessageClass
from mailintake.model.senders import from_finance
from mailintake.model.situation import Situation
from mailintake.model.understanding import Decision, Disposition, Intent, LetterOrder, People
from mailintake.stages.assign.leaving import left_in, parted
from mailintake.stages.assign.namesakes import EITHER, NAMESAKE
from mailintake.stages.decide.cases import brings_nothing, companions_of, extended, opened, resent
from mailintake.stages.decide.companies import several_companies, told_apart
from mailintake.stages.decide.elsewhere import with_paper_of_another
from mailintake.stages.decide.letter import letter_for, recipients, slip_letter
from mailintake.stages.decide.notices import flag_notices, mail_notices, obstacle_notices
from mailintake.stages.decide.orders import notice, ordered, to_staff
from mailintake.stages.decide.parts import participants
from mailintake.stages.decide.relations import every, with_relations
from mailintake.stages.decide.shared import with_shared_slips
from mailintake.stages.decide.which import answered_which
from mailintake.stages.flow import transition
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import is_empty, own_words

M = MessageClass
_SUPPLEMENTS = (M.SUPPLEMENT, M.PAYMENT_SLIP, M.CORRECTION)
_SET = 3  # papers; fewer are no application of their own where one is open already
_SAID = "message.nothing_new"  # known files with words that a person must read
_SAID_MAX = 160  # characters of such words that are kept
_ALIKE = "person.namesakes"
_CORRECTS = "class.correction"  # the rule of config/classification.yaml
_ASKS_WHICH = {  # the classification's word for: the sender may mean the other procedure
    "passport_or_card": LetterKind.CARD_OR_PASSPORT,
    "new_or_renew": LetterKind.NEW_OR_RENEW,
}


def follow_up(case: Case, at: Situation, numbers: Iterator[str]) -> Decision:
    """A verified sender's mail for a known case; other matters in it open their own cases."""
    if alike := _namesakes(at):
        return to_staff(_ALIKE, at, case, text=alike)
    if gone := left_in(at.understood.link, own_words(at.message, at.rules), at.rules):
        return _parted(case, gone, at)
    settled = answered_which(case, at)
    if settled is not case:
        return _decided(Disposition.CASE_EXTENDED, (extended(settled, at),), at, before=(case,))
    others = _other_matters(case, at)
    if others and len(others) == len(at.understood.classification.intents):
        return new_matter(at, numbers)
    if not others and brings_nothing(case, at):
        return _nothing_new(case, at)
    changed = extended(case, at)
    along = tuple(extended(c, at) for c in companions_of(case, at))
    fresh = tuple(c for intent in others for c in opened(intent, at, numbers))
    return _decided(Disposition.CASE_EXTENDED, (changed, *fresh, *along), at, before=(case, *companions_of(case, at)))


def _parted(case: Case, gone: Sequence[Applicant], at: Situation) -> Decision:
    """Some people of a group go no further: their case keeps the others, and what else the mail brings."""
    words = own_words(at.message, at.rules)
    near = companions_of(case, at)
    changed = extended(parted(case, gone, words), at)
    along = tuple(extended(parted(c, _same_people(c, gone), words), at) for c in near)
    made = _decided(Disposition.CASE_EXTENDED, (changed, *along), at, before=(case, *near))
    names = tuple(person.name or person.name_pinyin for person in gone)
    return replace(made, letters=tuple(replace(order, left=names) for order in made.letters))


def _same_people(case: Case, gone: Sequence[Applicant]) -> tuple[Applicant, ...]:
    names = {person.name for person in gone}
    return tuple(a for a in case.applicants if a.name in names)


def new_matter(at: Situation, numbers: Iterator[str]) -> Decision:
    """One case for every matter of the mail, or none where nobody could say what it wants."""
    kind = at.understood.classification
    people = at.understood.people
    if kind.message_class in _SUPPLEMENTS and not kind.sure:
        return to_staff("message.without_case", at)
    if not kind.intents or not (people.applicants or people.documents or at.message.cloud_links):
        return to_staff("message.not_understood", at)
    if (again := resent(at)) is not None:
        return _duplicate(again, at)
    if alike := _namesakes(at):
        rest = _but_namesakes(at)
        return to_staff(_ALIKE, at, text=alike) if rest is None else _beside_namesakes(new_matter(rest, numbers), at)
    firms = several_companies(at)
    each = told_apart(at) if firms else (at,)
    if not each:
        return to_staff("message.several_companies", at, text=", ".join(firms))
    if (elsewhere := _asked_by_another(at)) is not None:
        return with_paper_of_another(to_staff("message.without_case", at, text=elsewhere.number), at)
    cases = tuple(case for one in each for intent in _asked_in(one) for case in opened(intent, one, numbers))
    cases = with_shared_slips(cases, at)
    return _decided(Disposition.CASE_OPENED, _linked(cases), at, before=())


def _asked_in(at: Situation) -> tuple[Intent, ...]:
    """What is asked for these people: of several companies in one mail each has its own."""
    names = {name for person in at.understood.people.applicants for name in (person.name, person.name_pinyin)}
    return tuple(i for i in at.understood.classification.intents if not i.people or names & set(i.people))


def _namesakes(at: Situation) -> str:
    """Two people of one name, each with a passport of his own; of a mail that mends a number both are one's."""
    if at.understood.classification.message_class is M.CORRECTION:
        return ""
    return ", ".join(f"{f.value}: {f.text}" for f in at.understood.people.fields if f.name == NAMESAKE)


def _but_namesakes(at: Situation) -> Situation | None:
    """The mail without those of one name whom nobody can tell apart; None where nobody else applies."""
    people = at.understood.people
    shared = _shared_names(people)
    others = tuple(a for a in people.applicants if a.name not in shared)
    keys = {a.key for a in people.applicants if a.name in shared}
    documents = tuple(
        d for d in people.documents if d.applicant not in keys and all(why.rule != EITHER for why in d.reasons)
    )
    fields = tuple(field for field in people.fields if field.name != NAMESAKE)
    if not announced(fields):  # one slip pays for all of them
        fields = (*fields, Field(GROUP_SIZE, str(len(people.applicants)), source="mail"))
    left = replace(people, applicants=others, documents=documents, fields=fields)
    return replace(at, understood=replace(at.understood, people=left)) if others else None


def _beside_namesakes(made: Decision, at: Situation) -> Decision:
    """What becomes of the others; staff see to the two of one name, and the letter says so."""
    case = next((case.number for case in made.cases), "")
    names = _shared_names(at.understood.people)
    return replace(
        made,
        letters=tuple(replace(order, alike=names) for order in made.letters),
        notices=(notice(_ALIKE, at, case, _namesakes(at)), *made.notices),
    )


def _shared_names(people: People) -> tuple[str, ...]:
    return tuple(field.value for field in people.fields if field.name == NAMESAKE)


def _asked_by_another(at: Situation) -> Case | None:
    """The open case that another sender opened for the same for somebody of this mail, which brings a paper or two: a
    piece of that case, from a mailbox that is not known for it."""
    understood = at.understood
    if not 0 < len(understood.people.documents) < _SET:
        return None
    known = {case.number for case in at.candidates.by_sender}
    asked = {intent.procedure for intent in understood.classification.intents}
    others = (c for c in every(at.candidates) if c.state in OPEN and c.number not in known and asked == {c.procedure})
    return next((case for case in others if _holds_one_of(case, understood.people)), None)


def _holds_one_of(case: Case, people: People) -> bool:
    return any(in_case(person, people.company, case).answer is Answer.YES for person in people.applicants)


def _other_matters(case: Case, at: Situation) -> tuple[Intent, ...]:
    """Intents of an application that are not this case's procedure: a new matter in an old thread."""
    kind = at.understood.classification
    if kind.message_class not in ASKING or not kind.sure:
        return ()
    return tuple(i for i in kind.intents if i.sure and i.procedure not in case.taken_for)


def _nothing_new(case: Case, at: Situation) -> Decision:
    """The same files again are a duplicate; words that bring no fact are for a person to read."""
    return _duplicate(case, at) if at.understood.people.documents else to_staff("message.nothing_new", at, case)


def _duplicate(case: Case, at: Situation) -> Decision:
    """The same files again. What the text says besides is shown to staff once, and a wish for a correction is answered
    by a word that a person reads it; the same words again, or none, tell nobody anything twice."""
    messages = tuple(dict.fromkeys((*case.messages, at.message.sha256)))
    remembered = replace(case, messages=messages)
    said = Flag(_SAID, fold(own_words(at.message, at.rules).text)[:_SAID_MAX])
    shut = any(document.problem for document in at.understood.people.documents) and bool(said.evidence.strip())
    if said in case.flags or not (shut or _says_more(at)):
        return Decision(Disposition.DUPLICATE, cases=(remembered,))
    remembered = replace(remembered, flags=(*case.flags, said))
    if shut or _corrects(at):  # the same locked archive, and perhaps its password in the words beside it
        return to_staff(_SAID, at, remembered, text=said.evidence)
    return Decision(
        Disposition.DUPLICATE, cases=(remembered,), notices=(notice(_SAID, at, case.number, said.evidence),)
    )


def _says_more(at: Situation) -> bool:
    """Does a mail with nothing but known files say something in words? An application sent once more says what the
    first one said; one that corrects or supplements says what has changed."""
    kind = at.understood.classification.message_class
    supplements = kind in (*_SUPPLEMENTS, M.UNKNOWN) and at.understood.link.case is not None
    return (_corrects(at) or supplements) and not is_empty(at.message.new_text, at.rules.vocabulary)


def _corrects(at: Situation) -> bool:
    return any(e.rule == _CORRECTS and e.fired for e in at.understood.classification.evidence)


def _linked(cases: tuple[Case, ...]) -> tuple[Case, ...]:
    """Cases of one mail know of each other."""
    numbers = tuple(case.number for case in cases)
    others = {n: tuple(o for o in numbers if o != n) for n in numbers}
    return tuple(replace(c, related=tuple(dict.fromkeys((*c.related, *others[c.number])))) for c in cases)


def _decided(disposition: Disposition, cases: tuple[Case, ...], at: Situation, *, before: tuple[Case, ...]) -> Decision:
    """Cases with their one letter, and what staff must know of them and of the same people's other cases."""
    related = with_relations(cases, at.candidates)
    cases = related.cases
    told = _told(cases, at)
    letter = letter_for(told, at.message, at.rules)
    waits = any(case.awaits_parts for case in told)
    contacts: tuple[LetterOrder, ...] = ()
    if (
        disposition is Disposition.CASE_EXTENDED
        and letter is not LetterKind.TO_STAFF
        and from_finance(told, at.message)
    ):
        contacts = _completed(letter, told, before, at)
        letter = slip_letter(told, at.rules)
    if letter is LetterKind.TO_STAFF:
        letter = _ASKS_WHICH.get(at.understood.classification.conflict, letter)
    kept = tuple(case if case in told else _for_staff(case) for case in cases)
    known = {case.number: case for case in before}
    others = {case.number: case for case in every(at.candidates)}
    notices = [n for case in kept for n in flag_notices(known.get(case.number), case)]
    notices += [n for case in told for n in obstacle_notices(case, at.understood, at.rules)]
    notices += [n for case in related.noted for n in flag_notices(others[case.number], case)]
    return Decision(
        disposition,
        cases=kept,
        opened=tuple(case.number for case in kept if case.number not in known),
        noted=related.noted,
        letters=_while_waiting(told, before, at) if waits else (*ordered(letter, at, told), *contacts),
        notices=(*mail_notices(at.message, at.understood, kept), *notices),
    )


def _completed(
    letter: LetterKind, told: tuple[Case, ...], before: tuple[Case, ...], at: Situation
) -> tuple[LetterOrder, ...]:
    """To those who may hear about a case that another's slip has completed: nothing lacks any more. Who paid hears of
    the slip alone, and nobody hears twice that a case is complete."""
    if letter is not LetterKind.ACKNOWLEDGEMENT or all(letter_for((c,), None, at.rules) is letter for c in before):
        return ()
    paid = {
        *recipients(at.message, at.understood.link, at.rules),
        *([at.message.sender.addr] if at.message.sender else []),
    }
    to = tuple(addr for addr in participants(told[0]) if addr not in paid)
    return (LetterOrder(letter, to, told[0].number, tuple(case.number for case in told[1:])),) if to else ()


def _while_waiting(told: tuple[Case, ...], before: tuple[Case, ...], at: Situation) -> tuple[LetterOrder, ...]:
    """Before the last part of an application came, its first part is answered by a word that it arrived."""
    return () if before else ordered(LetterKind.RECEIVED, at, told)


def _told(cases: tuple[Case, ...], at: Situation) -> tuple[Case, ...]:
    """The cases the letter speaks of. A companion joins only when nothing is open in it: what it lacks (the dates of a
    card that is lost) staff know better than the sender."""
    main = cases[0]
    companion = at.rules.procedure(main.procedure).variant(main.variant).companion
    others = [case for case in cases[1:] if case.procedure is not companion or _in_order(case, at)]
    return (main, *others)


def _in_order(case: Case, at: Situation) -> bool:
    return letter_for((case,), at.message, at.rules) is LetterKind.ACKNOWLEDGEMENT


def _for_staff(case: Case) -> Case:
    """A case whose open items are not asked for by mail waits for a person."""
    return transition(case, State.NEEDS_TRIAGE) if case.state is State.AWAITING_CORRECTION else case
