"""What one sentence asks about: its kinds of questions, by patterns, by concepts, and by the examples most like it.

What the guide is silent about is for a person, whatever else is named in that clause; words of one kind that only lend
themselves to another give way to it, unless each is asked in a clause of its own.
"""

import re

from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.classify.alike import alike
from mailintake.stages.classify.beside import answered_here
from mailintake.stages.classify.meanings import concepts_in, meanings_in
from mailintake.stages.words.speech import any_of

MAX_TEXT = 8000  # characters of a mail that are read for questions
VAGUE = 12  # characters of a sentence that asks without saying about what: "what shall we do then?"
BARE = 4  # characters of one that is nothing but a word of asking: a subject "enquiry"
SHORT = 300  # characters of a text that is about one thing
ASKS = "question_asks_patterns"
MATTERS = frozenset({"first", "renewing", "again_one", "cancelled"})  # concepts that name a matter
UNFIT = frozenset({"excluded", "banned", "unbound"})  # of who may not apply: what else is said of them gives way
OF_A_VALID_CARD = frozenset({QuestionKind.WHEN_RENEW, QuestionKind.MEANWHILE})
_FEW = 7  # characters of one in which too little stands to be like any other
_LIKELY = 0.5  # share of the votes for what nothing else is known of
_SELDOM = 0.2  # below: who may apply is not asked, whatever words of it are used
_BEYOND = "question_beyond_patterns"
_TOPICS = tuple(kind for kind in QuestionKind if kind not in (QuestionKind.COMPLAINT, QuestionKind.UNKNOWN))
_CLAUSE = re.compile("[,\u3001]")
_Q = QuestionKind
_EVERY = frozenset(_TOPICS)


@value
class Manner:
    """In what kind of mail something is asked. `besides`: it asks for something to be done, and a sentence that does so
    is no question. `with_papers`: it brings something, or is about a case, and its letter answers only what the guide
    answers as asked. `over`: the card that it speaks of has ended; of its renewal the guide says nothing. `dated`: it
    says when it ends.
    `elsewhere`: it is about something that the guide is silent about, whatever places and sums are asked for besides.
    """

    besides: bool = False
    with_papers: bool = False
    elsewhere: bool = False
    over: bool = False
    dated: bool = False

    @property
    def alone(self) -> bool:
        """Does each sentence ask for itself, whatever the mail speaks of as a whole?"""
        return self.with_papers or self.elsewhere


ONLY_ASKED = Manner()
# Words of the first kind stand in questions about the others, too: "where is the form to be had", "what size must the
# photo have". Beside one of these they count only where they are plainly meant (`question_…_plain`).
_OF_PAPERS = frozenset({_Q.CERTIFICATE, _Q.INSURANCE, _Q.PROFILE, _Q.COMPANY_PAPERS, _Q.PASSPORT, _Q.FORM, _Q.PHOTO})
_SITUATIONS = frozenset({_Q.LOST, _Q.DAMAGED, _Q.ADD_ECONOMIES, _Q.LEFT, _Q.EARLY, _Q.NEW_PASSPORT, _Q.WHEN_RENEW})
OPEN = frozenset({_Q.PAPERS, _Q.WHERE, _Q.WHO, _Q.UNKNOWN})  # what is asked after a story, too
_PASSING = OPEN | {_Q.ROUTE, _Q.MAIL_TO, _Q.CONTACT}  # said in passing, beside what only a person can answer
_AGAIN_TOLD = frozenset({_Q.COMPANY_PAPERS, _Q.PROFILE, _Q.PAPERS})  # what a registered company asks about
HAPPENS = frozenset(
    {_Q.LOST, _Q.DAMAGED, _Q.ADD_ECONOMIES, _Q.LEFT, _Q.EARLY, _Q.NEW_PASSPORT, _Q.MEANWHILE, _Q.WHEN_RENEW}
)
_SPOILT = frozenset({_Q.LOST, _Q.DAMAGED})
_OF_A_SPOILT_CARD = frozenset({_Q.FEE, _Q.HOW_LONG})
_OTHER_MATTERS = frozenset({"first", "renewing"})  # concepts of one that is nothing that happened
_GIVES_WAY = {
    _Q.PAPERS: _EVERY - {_Q.PAPERS, _Q.ROUTE},
    _Q.WHERE: _OF_PAPERS | {_Q.TEMPLATES, _Q.INVOICE, _Q.FEE, _Q.LOST, _Q.SLIP, _Q.MAIL_TO, _Q.ROUTE, _Q.UNKNOWN},
    _Q.FEE: frozenset({_Q.INVOICE, _Q.TEMPLATES, _Q.SLIP, _Q.TOLERANCE}),
    _Q.HOW_LONG: frozenset({_Q.WHEN_RENEW, _Q.INSURANCE, _Q.CERTIFICATE, _Q.PASSPORT, _Q.TOLERANCE, _Q.UNKNOWN}),
    _Q.WHO: _OF_PAPERS | _SITUATIONS | {_Q.TEMPLATES, _Q.AGAIN, _Q.TOLERANCE, _Q.MEANWHILE, _Q.UNKNOWN},
    _Q.PROGRESS: _SITUATIONS | {_Q.HOW_LONG, _Q.INVOICE, _Q.MEANWHILE, _Q.TOLERANCE, _Q.FEE, _Q.PAPERS},
    _Q.CONTACT: frozenset({_Q.INVOICE, _Q.TEMPLATES, _Q.SLIP, _Q.MAIL_TO, _Q.ROUTE, _Q.WHERE}),
    _Q.MAIL_TO: frozenset({_Q.SLIP, _Q.TEMPLATES, _Q.INVOICE}),
    _Q.NEW_PASSPORT: frozenset({_Q.PASSPORT}),
    _Q.WHEN_RENEW: frozenset({_Q.AGAIN, _Q.PASSPORT, _Q.NEW_PASSPORT, _Q.LEFT}),
    _Q.INSURANCE: frozenset({_Q.TOLERANCE, _Q.TEMPLATES, _Q.AGAIN, _Q.LOST, _Q.LEFT, _Q.UNKNOWN}),
    _Q.SLIP: frozenset({_Q.TOLERANCE, _Q.TEMPLATES}),
    _Q.FORM: frozenset({_Q.TEMPLATES, _Q.TOLERANCE}),
    _Q.EARLY: frozenset({_Q.ADD_ECONOMIES, _Q.FEE, _Q.HOW_LONG}),
    _Q.ADD_ECONOMIES: frozenset({_Q.HOW_LONG}),
    _Q.LEFT: frozenset({_Q.FEE, _Q.HOW_LONG}),
    _Q.MEANWHILE: frozenset({_Q.LOST, _Q.DAMAGED, _Q.NEW_PASSPORT, _Q.ADD_ECONOMIES, _Q.LEFT}),
    _Q.AGAIN: frozenset({_Q.LOST, _Q.DAMAGED, _Q.LEFT}),
    **dict.fromkeys(
        _OF_PAPERS - {_Q.FORM, _Q.INSURANCE}, frozenset({_Q.TOLERANCE, _Q.TEMPLATES, _Q.AGAIN, _Q.LOST, _Q.LEFT})
    ),
}
_APART = (_SITUATIONS - {_Q.NEW_PASSPORT, _Q.WHEN_RENEW}) | {_Q.FEE, _Q.HOW_LONG, _Q.CONTACT}
# What the answer to the first says anyway.
SAID_WITH = {
    _Q.LOST: (_Q.PAPERS, _Q.WHERE),
    _Q.DAMAGED: (_Q.PAPERS,),
    _Q.ADD_ECONOMIES: (_Q.PAPERS, _Q.EARLY),
    _Q.WHEN_RENEW: (_Q.MEANWHILE,),
    _Q.TEMPLATES: (_Q.WHERE,),
    _Q.AGAIN: (_Q.PAPERS,),
}


def asked_in(sentence: str, vocabulary: Vocabulary, manner: Manner) -> tuple[QuestionKind, ...]:
    """What a folded sentence asks about in a mail of that manner; empty where its own words do not say."""
    kinds = _asked_of(sentence, vocabulary, manner)
    return of_an_ended_card(kinds) if manner.over else kinds


def of_an_ended_card(kinds: tuple[QuestionKind, ...]) -> tuple[QuestionKind, ...]:
    """Of a card that has ended only a person says whether it may be renewed, or used."""
    return tuple(dict.fromkeys(_Q.UNKNOWN if kind in OF_A_VALID_CARD else kind for kind in kinds))


def _asked_of(sentence: str, vocabulary: Vocabulary, manner: Manner) -> tuple[QuestionKind, ...]:
    kinds = kinds_asked(sentence, vocabulary)
    if manner.elsewhere and (hit(ASKS, sentence, vocabulary) or kinds):
        return (_Q.UNKNOWN,)
    if not manner.with_papers:
        return kinds if manner.besides else seconded(kinds, sentence, vocabulary)
    found = answered_here(kinds, sentence, vocabulary)
    return found or ((_Q.UNKNOWN,) if len(sentence) > VAGUE else ())


def seconded(kinds: tuple[QuestionKind, ...], sentence: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """The kinds of one sentence, by what sentences like it asked about: the likeliest where nothing is known of it;
    that one in place of who may apply, where they seldom ask that."""
    if len(sentence) <= BARE or (kinds and _Q.WHO not in kinds):
        return kinds
    likely = {one.kind: one.share for one in alike(sentence, vocabulary)}
    best = next(iter(likely), _Q.UNKNOWN)
    sure = likely.get(best, 0.0) >= _LIKELY and best not in BY_STAFF
    if not kinds:
        return (best,) if sure and len(sentence) > _FEW and not is_beyond(sentence, vocabulary) else ()
    if not sure or likely.get(_Q.WHO, 0.0) >= _SELDOM:
        return kinds
    return tuple(dict.fromkeys(best if kind is _Q.WHO else kind for kind in kinds))


def is_beyond(text: str, vocabulary: Vocabulary) -> bool:
    """Does a clause of a folded text speak of what the guide is silent about?"""
    return bool(beyond_clause(text, vocabulary))


def beyond_clause(sentence: str, vocabulary: Vocabulary) -> str:
    """The first clause that does; empty without one."""
    return next((clause for clause in _CLAUSE.split(sentence) if hit(_BEYOND, clause, vocabulary)), "")


def spoken_of(folded: str, rules: RuleSet) -> tuple[QuestionKind, ...]:
    """What a short folded text speaks of as a whole, where no sentence says what is asked; nothing where something
    stands in it that the guide is silent about."""
    if len(folded) > SHORT or is_beyond(folded, rules.vocabulary):
        return ()
    found = meanings_in(folded, rules.vocabulary)
    return _narrowed(tuple(sorted(found, key=lambda kind: found[kind])), folded, rules.vocabulary)


def kinds_asked(sentence: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """What a sentence asks about, in the order in which it says so. What the guide is silent about is for a person,
    whatever else is named in that clause."""
    clauses = _CLAUSE.split(sentence)
    beyond = {clause for clause in clauses if hit(_BEYOND, clause, vocabulary)}
    kinds = {c: (_Q.UNKNOWN,) if c in beyond else _kinds(c, vocabulary) for c in clauses}
    asking = {clause for clause in clauses if hit(ASKS, clause, vocabulary)}
    if beyond:  # what only leads up to such a question asks nothing itself
        clauses = [c for c in clauses if c in beyond or c in asking or set(kinds[c]) - _PASSING]
    within = [clause for clause in clauses if clause not in beyond]
    found = dict.fromkeys(kind for clause in clauses for kind in kinds[clause])
    if not found:
        found = dict.fromkeys(_kinds(_CLAUSE.sub("", sentence), vocabulary))
    meant = meanings_in(",".join(within), vocabulary)
    said = {other for kind in (*found, *meant) for other in SAID_WITH.get(kind, ())}
    found |= dict.fromkeys(kind for kind in sorted(meant, key=lambda kind: meant[kind]) if kind not in said)
    told = {other for kind in meant for other in SAID_WITH.get(kind, ())}
    if _Q.PAPERS in told and not concepts_in(sentence, vocabulary).keys() & _OTHER_MATTERS:
        found.pop(_Q.PAPERS, None)
    narrow = _narrowed(tuple(found), sentence, vocabulary)
    apart = _asked_apart([kinds[clause] for clause in clauses if clause in asking])
    return tuple(kind for kind in found if kind in narrow or kind in apart)


def _asked_apart(asking: list[tuple[QuestionKind, ...]]) -> set[QuestionKind]:
    """The kinds of clauses of which each asks for itself: "must his card be cancelled, and what does it cost?" """
    return {kind for kinds in asking for kind in kinds} & _APART if len(asking) > 1 and all(asking) else set()


def with_story(
    kinds: tuple[QuestionKind, ...], sentence: str, text: str, vocabulary: Vocabulary
) -> tuple[QuestionKind, ...]:
    """What is asked after a story that told what happened: "… was stolen in Bangkok. What do we have to do?" The story
    counts where the sentence asks about nothing but papers or the way, and names no matter of its own; of a card
    that is gone or spoilt also before what a new one costs, and how long it takes."""
    if kinds and set(kinds) <= _AGAIN_TOLD and _Q.AGAIN in meanings_in(text, vocabulary):
        return (_Q.AGAIN,)
    if set(kinds) - OPEN - _OF_A_SPOILT_CARD or concepts_in(sentence, vocabulary).keys() & MATTERS:
        return kinds
    story = text[: text.find(sentence) + len(sentence)]
    happened = {k: at for k, at in meanings_in(story, vocabulary).items() if k in HAPPENS}
    told = tuple(sorted(happened, key=lambda kind: happened[kind]))
    if set(kinds) & _OF_A_SPOILT_CARD:  # "… the dog had it. What does it cost?"
        spoilt = () if _Q.NEW_PASSPORT in told else tuple(kind for kind in told if kind in _SPOILT)
        return tuple(dict.fromkeys((*spoilt, *kinds)))
    return told or kinds


def _kinds(clause: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    found: dict[QuestionKind, int] = {
        kind: told.start() for kind in _TOPICS if (told := hit(patterns_of(kind), clause, vocabulary))
    }
    kinds = _narrowed(tuple(sorted(found, key=lambda kind: found[kind])), clause, vocabulary)
    said = {other for kind in kinds for other in SAID_WITH.get(kind, ())}
    return tuple(kind for kind in kinds if kind not in said)


def _narrowed(kinds: tuple[QuestionKind, ...], text: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """Without those that only lend their words to another."""
    lent = {
        kind
        for kind in kinds
        if _GIVES_WAY.get(kind, frozenset()) & set(kinds)
        and (_added_later(kind, kinds) or not hit(f"question_{kind}_plain", text, vocabulary))
        and not (kind is _Q.WHO and concepts_in(text, vocabulary).keys() & UNFIT)
    }
    return tuple(kind for kind in kinds if kind not in lent)


def _added_later(kind: QuestionKind, kinds: tuple[QuestionKind, ...]) -> bool:
    """A card that was issued early is only the story of economies that are added to it."""
    return kind is _Q.EARLY and _Q.ADD_ECONOMIES in kinds


def patterns_of(kind: QuestionKind) -> str:
    """The list of patterns of a kind."""
    return f"question_{kind.value}_patterns"


def hit(name: str, text: str, vocabulary: Vocabulary) -> re.Match[str] | None:
    """Where the first pattern of a list stands in a folded text."""
    return any_of(vocabulary.lists.get(name, ())).search(text)
