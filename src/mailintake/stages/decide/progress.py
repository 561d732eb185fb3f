"""How a matter stands, to somebody who may hear it: the facts on record, and never when a person will act."""

from dataclasses import replace

from mailintake.model.case import OPEN, Applicant, Case, State
from mailintake.model.identity import Answer, Trust, recognise, trust
from mailintake.model.letter import LetterKind
from mailintake.model.message import InboundMessage
from mailintake.model.procedure import ProcedureKey
from mailintake.model.question import QuestionKind
from mailintake.model.rules import MessageClass, RuleSet
from mailintake.model.situation import Situation
from mailintake.model.told import Told
from mailintake.model.understanding import Decision, Disposition, Understanding
from mailintake.stages.decide.notices import mail_notices, unverified
from mailintake.stages.decide.orders import notice, ordered, to_staff
from mailintake.stages.words.fold import fold
from mailintake.stages.words.heard import heard_in
from mailintake.stages.words.matching import find
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of, asking_sentences, sentences_of

CHASE = "message.chase"
Q = QuestionKind
_OF_A_CASE = frozenset({Q.PROGRESS, Q.PAPERS, Q.HOW_LONG})  # asked about a case of one's own: what lacks, how long yet
_MOST = 4  # matters in one letter; with more, nobody knows which is meant
_LACKING = (State.AWAITING_CORRECTION, State.CORRECTION_OVERDUE)
_MAKE_A_CARD = (ProcedureKey.NEW, ProcedureKey.RENEW)
_MADE = (State.CARD_MADE, State.CARD_DELIVERED)
_TOLD = (*OPEN, State.CARD_DELIVERED)  # how a matter ended otherwise is for a person to say


def asks_progress(at: Situation) -> bool:
    """Does an enquiry ask how a matter stands? Of a case that it answers to, also what lacks and how long yet, whether
    that may come later, and of what somebody says to have sent, whether it came."""
    questions, case = set(at.understood.classification.questions), at.understood.link.case
    if case is not None and at.understood.link.verified:
        of_what_lacks = case.state in OPEN and (Q.TOLERANCE in questions or _sent_before(at) or _until_when(at))
        return bool(questions) and (questions <= _OF_A_CASE or of_what_lacks)
    return questions == {Q.PROGRESS}


def progress(at: Situation) -> Decision:
    """The facts on record of the sender's own matters; whoever may not hear them learns that the mail arrived. Staff
    see that somebody asks."""
    said = mail_notices(at.message, at.understood, ())
    notices = (notice(CHASE, at), *(n for n in said if n.code != CHASE))
    own = _own(at)
    if not own:
        if _of_a_strangers(at):
            notices = (unverified(at.message, at.understood), *notices)
        others = _beside_a_chase(at)
        letters = tuple(
            replace(one, questions=(Q.PROGRESS,), unanswered=others) for one in ordered(LetterKind.RECEIVED, at)
        )
        return Decision(Disposition.FOR_STAFF, letters=letters, notices=notices)
    if len(own) > _MOST or any(case.state not in _TOLD for case in own):
        return to_staff(CHASE, at, at.understood.link.case)
    own = tuple(replace(case, told=tuple(dict.fromkeys((*case.told, *at.understood.told)))) for case in own)
    beside = said_besides(own, at.message, at.rules) + asked_besides(at.understood)
    words = at.understood.classification.unanswered
    if _until_when(at) and (others := _other_questions(at)):
        beside, words = tuple(dict.fromkeys((*beside, Q.UNKNOWN))), others
    orders = ordered(LetterKind.PROGRESS, at, own)
    letters = tuple(replace(order, questions=beside, unanswered=words) for order in orders)
    fate = Disposition.FOR_STAFF if beside else Disposition.ANSWERED
    return Decision(fate, cases=own, letters=letters, notices=notices)  # the cases remember the letter


def asked_besides(understood: Understanding) -> tuple[QuestionKind, ...]:
    """What is asked beside how a matter stands; who asks whether a paper came, or may come later, asks just that."""
    found = understood.classification
    if found.message_class is not MessageClass.CHASE and Q.PROGRESS not in found.questions:
        return ()
    told = _OF_A_CASE | {Q.COMPLAINT, Q.TOLERANCE, Q.SENT_BEFORE, Q.WHERE, Q.MAIL_TO, Q.EARLY}  # places are told
    return tuple(kind for kind in found.questions if kind not in told)


def said_besides(own: tuple[Case, ...], message: InboundMessage, rules: RuleSet) -> tuple[QuestionKind, ...]:
    """What the facts on record do not answer: haste, for which the guide has the early issue of a card that is under
    way (6), and a second chase since the last answer. A person reads either, and the letter says so."""
    names = [person.name for case in own for person in case.applicants]
    urgent = any(one.told is Told.HURRY for one in heard_in(own_words(message, rules).both, names, rules))
    early = urgent and any(case.procedure in _MAKE_A_CARD and case.state not in _MADE for case in own)
    again = all(case.letters and case.letters[-1].letter == LetterKind.PROGRESS for case in own)
    return (*((Q.EARLY,) if early else ()), *((Q.UNKNOWN,) if urgent or again else ()))


def _until_when(at: Situation) -> bool:
    """Does somebody whose case lacks something ask until when he may send it?"""
    case = at.understood.link.case
    said = fold(own_words(at.message, at.rules).both)
    lacking = case is not None and case.state in _LACKING
    return lacking and any_of(at.rules.vocabulary.words("until_when_patterns")).search(said) is not None


def _other_questions(at: Situation) -> tuple[str, ...]:
    """What is asked besides until when."""
    until = any_of(at.rules.vocabulary.words("until_when_patterns"))
    asked = (one.strip(" ?\n") for one in sentences_of(fold(own_words(at.message, at.rules).text)) if "?" in one)
    return tuple(one for one in asked if not until.search(one))


def _beside_a_chase(at: Situation) -> tuple[str, ...]:
    """What somebody asks beside how a matter stands that nobody here knows: a person answers it, by his own words."""
    chases = [rule for rule in at.rules.classification if rule.message_class is MessageClass.CHASE and rule.score > 0]
    asked = asking_sentences(fold(own_words(at.message, at.rules).text), at.rules)
    return tuple(one.strip(" ?") for one in asked if not any(find(rule, one).words for rule in chases))


def _sent_before(at: Situation) -> bool:
    """Does somebody say of a paper that it went out already?"""
    said = fold(own_words(at.message, at.rules).both)
    return any_of(at.rules.vocabulary.words("sent_before_patterns")).search(said) is not None


def _of_a_strangers(at: Situation) -> bool:
    """Does somebody who may not hear of a case name it?"""
    link = at.understood.link
    return not link.verified and (link.case is not None or bool(link.guesses))


def _own(at: Situation) -> tuple[Case, ...]:
    """The case that the mail is linked to, else the sender's own open ones: all of them, or those of the people whom
    the mail names. Nobody's who is named beside them."""
    link = at.understood.link
    if trust(at.message.authentication).answer is Trust.FORGED:
        return ()
    if link.case is not None:
        return (link.case,) if link.verified else ()
    mine = [case for case in at.candidates.by_sender if case.state in OPEN]
    numbered = {case.number for case in at.candidates.by_number}
    if (numbered | {guess.case for guess in link.guesses}) - {case.number for case in mine}:
        return ()
    mine = [case for case in mine if not numbered or case.number in numbered]
    named = at.understood.people.applicants
    return tuple(case for case in mine if not named or any(_of(case, person) for person in named))


def _of(case: Case, person: Applicant) -> bool:
    return recognise(person, case.applicants).answer is Answer.YES
