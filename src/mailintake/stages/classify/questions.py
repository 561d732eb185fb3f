"""What the questions of a mail are about, clause by clause.

Only sentences that ask are looked at; where these name nothing ("what shall we do?"), the rest of the sender's own
words tells what it is about. A complaint needs no question mark. Nothing here decides whether a mail is an enquiry.
"""

import re
from collections.abc import Sequence

from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.classify.alike import alike
from mailintake.stages.classify.beside import answered_here, as_written
from mailintake.stages.classify.doubt import is_doubtful
from mailintake.stages.classify.meanings import concepts_in, meanings_in
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import kinds_named_in
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import Request, any_of, asking_sentences, request_in, sentences_of

_VAGUE = 12  # characters of a sentence that asks without saying about what: "what shall we do then?"
_QUOTED, _QUOTED_LATIN = 28, 80  # characters of a sentence that is told back to who asked
_BARE = 4  # characters of one that is nothing but a word of asking: a subject "enquiry"
_FEW = 7  # characters of one in which too little stands to be like any other
_SHORT = 300  # characters of a text that is about one thing
_MAX_TEXT = 8000  # characters of a mail that are read for questions
_TOPICS = tuple(kind for kind in QuestionKind if kind not in (QuestionKind.COMPLAINT, QuestionKind.UNKNOWN))
_SLIPS_SENT = "slips_sent_before_patterns"
_INVOICE_WISHED = "question_invoice_wished_patterns"
_POLITE = "question_polite_patterns"
_COURTEOUS = "question_courtesy_patterns"
_BEYOND = "question_beyond_patterns"
_SPECIAL = "question_special_patterns"
_ASKS = "question_asks_patterns"
_LIKELY = 0.5  # share of the votes for what nothing else is known of, or papers and places only
_ALSO = 0.25  # and for a second beside it
_CERTAIN = 0.7  # for what is added to what is known
_MANY = 2  # kinds of one short mail: with more, some are only words of the others
_UNHEARD = 0.02  # below: nobody who asked like this asked about it
_HARDLY = 0.1  # below: questions like this one are about something else
_SELDOM = 0.2  # below: who may apply is not asked, whatever words of it are used
_OURS = frozenset({"card", "office"})  # concepts of what this office is asked about
_CLAUSE = re.compile("[,\u3001]")
_STOP = re.compile(r"(?<=[a-z0-9)])\. ")  # ends an English sentence that asks nothing
_Q = QuestionKind
_EVERY = frozenset(_TOPICS)


@value
class Manner:
    """In what kind of mail something is asked. `besides`: it asks for something to be done, and a sentence that does so
    is no question. `with_papers`: it brings something, and its letter answers only what the guide answers as asked.
    `complains`: what is said back to whoever complains are the words of the complaint.
    `over`: the card that it speaks of has ended; of its renewal the guide says nothing. `dated`: it says when it ends.
    `elsewhere`: it is about something that the guide is silent about, whatever places and sums are asked for besides.
    """

    besides: bool = False
    with_papers: bool = False
    complains: bool = False
    elsewhere: bool = False
    over: bool = False
    dated: bool = False

    @property
    def alone(self) -> bool:
        """Does each sentence ask for itself, whatever the mail speaks of as a whole?"""
        return self.with_papers or self.elsewhere


_ONLY_ASKED = Manner()
# Words of the first kind stand in questions about the others, too: "where is the form to be had", "what size must the
# photo have". Beside one of these they count only where they are plainly meant (`question_…_plain`).
_OF_PAPERS = frozenset({_Q.CERTIFICATE, _Q.INSURANCE, _Q.PROFILE, _Q.COMPANY_PAPERS, _Q.PASSPORT, _Q.FORM, _Q.PHOTO})
_SITUATIONS = frozenset({_Q.LOST, _Q.DAMAGED, _Q.ADD_ECONOMIES, _Q.LEFT, _Q.EARLY, _Q.NEW_PASSPORT, _Q.WHEN_RENEW})
_OPEN = frozenset({_Q.PAPERS, _Q.WHERE, _Q.WHO, _Q.UNKNOWN})  # what is asked after a story, too
_PASSING = _OPEN | {_Q.ROUTE, _Q.MAIL_TO, _Q.CONTACT}  # said in passing, beside what only a person can answer
_AGAIN_TOLD = frozenset({_Q.COMPANY_PAPERS, _Q.PROFILE, _Q.PAPERS})  # what a registered company asks about
_HAPPENS = frozenset(
    {_Q.LOST, _Q.DAMAGED, _Q.ADD_ECONOMIES, _Q.LEFT, _Q.EARLY, _Q.NEW_PASSPORT, _Q.MEANWHILE, _Q.WHEN_RENEW}
)
_OF_A_VALID_CARD = frozenset({_Q.WHEN_RENEW, _Q.MEANWHILE})
_MATTERS = frozenset({"first", "renewing", "again_one", "cancelled"})  # concepts that name a matter
_OTHER_MATTERS = frozenset({"first", "renewing"})  # concepts of one that is nothing that happened
_UNFIT = frozenset(
    {"excluded", "banned", "unbound"}
)  # concepts of who may not apply: what else is said of them gives way
_LATER = frozenset({"paper", "later", "may"})
_BEGUN = frozenset({"mine", "under_way", "approved"})  # concepts of one that somebody has in hand
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
    _Q.DAMAGED: frozenset({_Q.FEE, _Q.HOW_LONG}),
    _Q.LEFT: frozenset({_Q.FEE, _Q.HOW_LONG}),
    _Q.MEANWHILE: frozenset({_Q.LOST, _Q.DAMAGED, _Q.NEW_PASSPORT, _Q.ADD_ECONOMIES, _Q.LEFT}),
    _Q.AGAIN: frozenset({_Q.LOST, _Q.DAMAGED, _Q.LEFT}),
    **dict.fromkeys(
        _OF_PAPERS - {_Q.FORM, _Q.INSURANCE}, frozenset({_Q.TOLERANCE, _Q.TEMPLATES, _Q.AGAIN, _Q.LOST, _Q.LEFT})
    ),
}
# What the answer to the first says anyway.
_SAID_WITH = {
    _Q.LOST: (_Q.PAPERS, _Q.WHERE),
    _Q.DAMAGED: (_Q.PAPERS,),
    _Q.ADD_ECONOMIES: (_Q.PAPERS, _Q.EARLY),
    _Q.WHEN_RENEW: (_Q.MEANWHILE,),
    _Q.TEMPLATES: (_Q.WHERE,),
    _Q.AGAIN: (_Q.PAPERS,),
}


def questions_of(words: OwnWords, rules: RuleSet, manner: Manner = _ONLY_ASKED) -> tuple[QuestionKind, ...]:
    """The kinds of all questions of a mail, in the order in which they are asked; empty where nothing is asked.

    UNKNOWN stands for a question of which no kind was seen; it may stand beside the kinds of others.
    """
    besides = manner.besides
    text = fold(words.both[:_MAX_TEXT])
    found: dict[QuestionKind, None] = {}
    if _hit(_patterns(QuestionKind.COMPLAINT), text, rules.vocabulary):
        found[QuestionKind.COMPLAINT] = None
    if not besides and _hit(_INVOICE_WISHED, text, rules.vocabulary):
        found[QuestionKind.INVOICE] = None
    asking = _meant_to_ask(asking_sentences(text, rules, besides=besides), words, rules, manner)
    before = dict(zip(all_ := sentences_of(text), ("", *all_), strict=False))
    for sentence in asking:
        kinds = _asked_in(sentence, rules.vocabulary, manner)
        if manner.alone and kinds == (_Q.UNKNOWN,):
            found[_Q.UNKNOWN] = None
            continue
        if _Q.WHO not in found:  # a question before has told what the story is about
            story = _with_story(kinds, sentence, text, rules.vocabulary)
            kinds = kinds if set(story) <= found.keys() else story  # what the story is asked about was asked already
        if not kinds and len(sentence) <= _VAGUE:
            joined = f"{before[sentence]},{sentence}"
            kinds = _asked(joined, rules.vocabulary)
            kinds = _seconded(kinds, joined, rules.vocabulary) if kinds else ()
        if kinds or len(sentence) > _BARE:
            found |= dict.fromkeys(kinds or (QuestionKind.UNKNOWN,))
    if asking and not manner.alone and not found.keys() - {QuestionKind.UNKNOWN}:
        whole = _asked(text, rules.vocabulary) if any(len(s) <= _VAGUE for s in asking) else ()
        found = dict.fromkeys(whole or spoken_of(text, rules)) or found or {QuestionKind.UNKNOWN: None}
    if besides and any(_hit(_SLIPS_SENT, sentence, rules.vocabulary) for sentence in all_):
        found.pop(_Q.SLIP, None)  # who says that slips were sent does not ask where to send them
        found[_Q.SENT_BEFORE] = None
    kinds = (
        _witnessed(tuple(found), text, len(asking), rules.vocabulary) if asking and not manner.alone else tuple(found)
    )
    return _of_an_ended_card(kinds) if manner.over else kinds


def all_asked(words: OwnWords, rules: RuleSet) -> tuple[str, ...]:
    """All sentences that ask, in their own words."""
    asking = _meant_to_ask(_asking(words, rules, _ONLY_ASKED), words, rules, _ONLY_ASKED)
    said = dict.fromkeys(_end(s, rules.vocabulary) for s in asking if len(s) > _BARE)
    return tuple(as_written(one, words.both[:_MAX_TEXT]) for one in said)


def unanswered(words: OwnWords, rules: RuleSet, manner: Manner = _ONLY_ASKED) -> tuple[str, ...]:
    """The sentences that ask what only a person can say, in order; their last clauses where they are long, and of one
    that asks something else, too, the clause that asks it."""
    if manner.complains:
        return _complained(words, rules)
    asking = [s for s in _meant_to_ask(_asking(words, rules, manner), words, rules, manner) if len(s) > _BARE]
    named = (_for_a_person(s, rules.vocabulary, manner) for s in asking)
    return tuple(dict.fromkeys(as_written(one, words.both[:_MAX_TEXT]) for one in named if one))


def doubted(
    words: OwnWords, rules: RuleSet, found: tuple[QuestionKind, ...], manner: Manner = _ONLY_ASKED
) -> tuple[str, ...]:
    """The sentences of an enquiry that was answered as `found` whose answer is likely, not certain, in their own words;
    not those that a person is told to answer anyway."""
    text = fold(words.both[:_MAX_TEXT])
    before = dict(zip(all_ := sentences_of(text), ("", *all_), strict=False))
    known = tuple(kind for kind in found if kind not in BY_STAFF)
    said: dict[str, None] = {}
    for sentence in _meant_to_ask(_asking(words, rules, manner), words, rules, manner):
        kinds = _asked_in(sentence, rules.vocabulary, manner) or (() if _Q.UNKNOWN in found else known)
        if set(kinds) & set(BY_STAFF) or kinds == (_Q.WHO,):  # who may apply, staff say anyway
            continue
        if kinds and _leaves_doubt(sentence, kinds, before.get(sentence, ""), rules.vocabulary, manner):
            said[_end(sentence, rules.vocabulary)] = None
    return tuple(as_written(one, words.both[:_MAX_TEXT]) for one in said)


def _leaves_doubt(
    sentence: str, kinds: tuple[QuestionKind, ...], before: str, vocabulary: Vocabulary, manner: Manner
) -> bool:
    if _hit(_SPECIAL, sentence, vocabulary):
        return True
    if manner.dated and set(kinds) <= _OF_A_VALID_CARD:  # its day is told
        return False
    if len(sentence) > _VAGUE:
        return is_doubtful(sentence, kinds, vocabulary)
    plain = answered_here(kinds, sentence, vocabulary) == kinds
    return not plain and is_doubtful(f"{before},{sentence}", kinds, vocabulary)


def _complained(words: OwnWords, rules: RuleSet) -> tuple[str, ...]:
    """The clauses that somebody complains in, each with those behind it while they are short together."""
    found: dict[str, None] = {}
    for sentence in sentences_of(fold(words.text[:_MAX_TEXT])):
        if hit := _hit(_patterns(_Q.COMPLAINT), sentence, rules.vocabulary):
            start = max((stop.end() for stop in re.finditer("[,:]", sentence[: hit.start()])), default=0)
            kept, *behind = re.split("[,:]", sentence[start:])
            for clause in behind:
                if len(kept) + len(clause) > (_QUOTED_LATIN if kept.isascii() else _QUOTED):
                    break
                kept = f"{kept},{clause}"
            found[kept] = None
    return tuple(as_written(one, words.text[:_MAX_TEXT]) for one in found)


def _for_a_person(sentence: str, vocabulary: Vocabulary, manner: Manner) -> str:
    kinds = set(_asked_in(sentence, vocabulary, manner))
    if kinds <= set(BY_STAFF):
        return _end(sentence, vocabulary)
    if _Q.UNKNOWN not in kinds:
        return ""
    return next((c for c in _CLAUSE.split(sentence) if _hit(_BEYOND, c, vocabulary)), "")


def later_kinds(words: OwnWords, rules: RuleSet, manner: Manner = _ONLY_ASKED) -> tuple[str, ...]:
    """The kinds of paper of which a mail asks whether they may come later."""
    about = (s for s in _asking(words, rules, manner) if _Q.TOLERANCE in _asked(s, rules.vocabulary))
    return tuple(dict.fromkeys(kind for sentence in about for kind in kinds_named_in(sentence, rules)))


def _asking(words: OwnWords, rules: RuleSet, manner: Manner) -> tuple[str, ...]:
    said = words.both if manner.with_papers else words.text
    return tuple(asking_sentences(fold(said[:_MAX_TEXT]), rules, besides=manner.besides))


def _asked_in(sentence: str, vocabulary: Vocabulary, manner: Manner) -> tuple[QuestionKind, ...]:
    kinds = _asked_of(sentence, vocabulary, manner)
    return _of_an_ended_card(kinds) if manner.over else kinds


def _of_an_ended_card(kinds: tuple[QuestionKind, ...]) -> tuple[QuestionKind, ...]:
    return tuple(dict.fromkeys(_Q.UNKNOWN if kind in _OF_A_VALID_CARD else kind for kind in kinds))


def _asked_of(sentence: str, vocabulary: Vocabulary, manner: Manner) -> tuple[QuestionKind, ...]:
    kinds = _asked(sentence, vocabulary)
    if manner.elsewhere and (_hit(_ASKS, sentence, vocabulary) or kinds):
        return (_Q.UNKNOWN,)
    if not manner.with_papers:
        return kinds if manner.besides else _seconded(kinds, sentence, vocabulary)
    found = answered_here(kinds, sentence, vocabulary)
    return found or ((_Q.UNKNOWN,) if len(sentence) > _VAGUE else ())


def _end(sentence: str, vocabulary: Vocabulary) -> str:
    """As many of the last clauses as are short together; of Latin text as many words."""
    kept, *before = reversed(_STOP.split(sentence)[-1].split(","))
    most = _QUOTED_LATIN if kept.isascii() else _QUOTED
    for clause in before:
        if len(clause) + len(kept) > most:
            break
        kept = f"{clause},{kept}"
    return _without_lead_in(kept.strip(), vocabulary)


def _without_lead_in(words: str, vocabulary: Vocabulary) -> str:
    """Without what only leads up to the question: "good day, may I ask", "besides"."""
    return any_of(vocabulary.words("question_lead_in_patterns")).sub("", words, count=1).strip(" ,:") or words


def _witnessed(
    kinds: tuple[QuestionKind, ...], text: str, asking: int, vocabulary: Vocabulary
) -> tuple[QuestionKind, ...]:
    """With what questions like this one were about (`alike`): the likeliest where nothing is known of it; else a kind
    that most of them are about and that was overlooked; nothing where people answered them."""
    if len(text) > _SHORT or _Q.COMPLAINT in kinds or len(text) <= 2 * _BARE:
        return kinds
    likely = {one.kind: one.share for one in alike(text, vocabulary)}
    known = [kind for kind in kinds if kind not in BY_STAFF]
    if not known:
        best = next(iter(likely), _Q.UNKNOWN)
        if set(kinds) != {_Q.UNKNOWN} or best in BY_STAFF or likely[best] < _LIKELY or _beyond(text, vocabulary):
            return kinds
        return tuple(kind for kind, share in likely.items() if share >= _ALSO and kind not in BY_STAFF)
    by_staff = {kind: likely.get(kind, 0.0) for kind in (_Q.UNKNOWN, _Q.OTHER_SERVICE, _Q.PROGRESS)}
    if sum(by_staff.values()) >= _CERTAIN and all(likely.get(kind, 0.0) < _HARDLY for kind in known):
        return tuple(kind for kind in kinds if kind in BY_STAFF) or (max(by_staff, key=lambda kind: by_staff[kind]),)
    if len(known) > max(_MANY, asking) and any(likely.get(kind, 0.0) >= _HARDLY for kind in known):
        kinds = tuple(k for k in kinds if k in BY_STAFF or likely.get(k, 0.0) >= _UNHEARD)
    said = {*kinds, *BY_STAFF, *(other for kind in known for other in _SAID_WITH.get(kind, ()))}
    enough = _LIKELY if set(known) <= _OPEN else _CERTAIN
    return (*(kind for kind, share in likely.items() if share >= enough and kind not in said), *kinds)


def _seconded(kinds: tuple[QuestionKind, ...], sentence: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """The kinds of one sentence, by what sentences like it asked about: the likeliest where nothing is known of it;
    that one in place of who may apply, where they seldom ask that."""
    if len(sentence) <= _BARE or (kinds and _Q.WHO not in kinds):
        return kinds
    likely = {one.kind: one.share for one in alike(sentence, vocabulary)}
    best = next(iter(likely), _Q.UNKNOWN)
    sure = likely.get(best, 0.0) >= _LIKELY and best not in BY_STAFF
    if not kinds:
        return (best,) if sure and len(sentence) > _FEW and not _beyond(sentence, vocabulary) else ()
    if not sure or likely.get(_Q.WHO, 0.0) >= _SELDOM:
        return kinds
    return tuple(dict.fromkeys(best if kind is _Q.WHO else kind for kind in kinds))


def _beyond(text: str, vocabulary: Vocabulary) -> bool:
    return any(_hit(_BEYOND, clause, vocabulary) for clause in _CLAUSE.split(text))


def _meant_to_ask(asked: Sequence[str], words: OwnWords, rules: RuleSet, manner: Manner) -> tuple[str, ...]:
    """Those that are questions; neither a courtesy ("let me ask first, thank you") nor a subject that only says that
    something is asked, where others are."""
    counting = tuple(s for s in asked if _counts(s, rules, manner))
    subject = sentences_of(fold(words.subject))
    told = tuple(s for s in counting if not _only_courteous(s, rules))
    own = tuple(s for s in told if s not in subject)
    return tuple(s for s in told if s in own or _kinds_known(s, rules)) if own else told or counting


def _only_courteous(sentence: str, rules: RuleSet) -> bool:
    left = any_of(rules.vocabulary.words(_COURTEOUS)).sub("", sentence)
    return left != sentence and not asking_sentences(left, rules)


def _kinds_known(sentence: str, rules: RuleSet) -> bool:
    return bool(set(_asked(sentence, rules.vocabulary)) - set(BY_STAFF))


def _counts(sentence: str, rules: RuleSet, manner: Manner) -> bool:
    """Is it a question, and not the request itself nor politeness?"""
    if manner.besides:
        return _asks_more(sentence, rules)
    return not manner.with_papers or _asks_without_politeness(sentence, rules)


def _asks_without_politeness(sentence: str, rules: RuleSet) -> bool:
    return bool(asking_sentences(any_of(rules.vocabulary.words(_POLITE)).sub("", sentence), rules, besides=True))


def _asks_more(sentence: str, rules: RuleSet) -> bool:
    """Beside papers: neither the request itself nor a polite "will that do?"."""
    spoken = concepts_in(sentence, rules.vocabulary).keys()
    asks_a_rule = spoken & _UNFIT or spoken >= _LATER  # "can my wife apply, too?", "may the certificate come later?"
    if request_in(sentence, rules) is not Request.NONE and not asks_a_rule:
        return False
    return _asks_without_politeness(sentence, rules)


def beside_the_card(words: OwnWords, rules: RuleSet) -> bool:
    """Is the mail about something that the guide knows nothing of: a card that was found, a misprint, money that is to
    come back, the visa of a guest?"""
    return _hit("question_elsewhere_matter_patterns", fold(words.both[:_MAX_TEXT]), rules.vocabulary) is not None


def spoken_of(folded: str, rules: RuleSet) -> tuple[QuestionKind, ...]:
    """What a short folded text speaks of as a whole, where no sentence says what is asked; nothing where something
    stands in it that the guide is silent about."""
    if len(folded) > _SHORT or any(_hit(_BEYOND, clause, rules.vocabulary) for clause in _CLAUSE.split(folded)):
        return ()
    found = meanings_in(folded, rules.vocabulary)
    return _narrowed(tuple(sorted(found, key=lambda kind: found[kind])), folded, rules.vocabulary)


def offers_something(folded: str, rules: RuleSet) -> bool:
    """Does a folded text offer, advertise, or hurry somebody into a payment?"""
    return _hit("question_offer_patterns", folded, rules.vocabulary) is not None


def asks_this_office(text: str, rules: RuleSet) -> bool:
    """Does a mail ask what people ask this office, in words that say no more than that? Whoever offers something, or
    speaks to a company, asks nothing of us."""
    folded = fold(text[:_MAX_TEXT])
    if offers_something(folded, rules):
        return False
    asking = asking_sentences(folded, rules)
    told = {kind for sentence in asking for kind in _asked(sentence, rules.vocabulary)}
    if not told and any(len(sentence) <= _BARE for sentence in asking):
        told = set(_asked(folded, rules.vocabulary))
    if told or any(_OURS & concepts_in(sentence, rules.vocabulary).keys() for sentence in asking):
        return True
    beyond = any(_hit(_BEYOND, sentence, rules.vocabulary) for sentence in asking)  # "are you closed at noon?"
    return beyond or bool(asking and spoken_of(folded, rules))


def of_another_service(words: OwnWords, rules: RuleSet) -> bool:
    """Is asked what this office does not do by mail (visas, private passports, study, labour), and nowhere a word said
    of the card? Then nothing of what the guide says about papers, fees and places answers it."""
    text = fold(words.both[:_MAX_TEXT])
    if _hit("question_of_the_card_patterns", text, rules.vocabulary):
        return False
    return any(_hit("question_elsewhere_patterns", s, rules.vocabulary) for s in asking_sentences(text, rules))


def beyond_the_guide(words: OwnWords, rules: RuleSet) -> bool:
    """Is something asked that the guide is known to be silent about: collecting the card, refunds, opening hours?"""
    asking = asking_sentences(fold(words.both[:_MAX_TEXT]), rules)
    return any(_hit(_BEYOND, clause, rules.vocabulary) for sentence in asking for clause in _CLAUSE.split(sentence))


def _asked(sentence: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """What a sentence asks about, in the order in which it says so. What the guide is silent about is for a person,
    whatever else is named in that clause."""
    found: dict[QuestionKind, None] = {}
    clauses = _CLAUSE.split(sentence)
    within = [clause for clause in clauses if not _hit(_BEYOND, clause, vocabulary)]
    if len(within) < len(clauses):  # what only leads up to such a question asks nothing itself
        within = [c for c in within if _hit(_ASKS, c, vocabulary) or set(_kinds(c, vocabulary)) - _PASSING]
        clauses = [clause for clause in clauses if clause in within or _hit(_BEYOND, clause, vocabulary)]
    for clause in clauses:
        found |= dict.fromkeys(_kinds(clause, vocabulary) if clause in within else (QuestionKind.UNKNOWN,))
    if not found:
        found = dict.fromkeys(_kinds(_CLAUSE.sub("", sentence), vocabulary))
    meant = meanings_in(",".join(within), vocabulary)
    said = {other for kind in (*found, *meant) for other in _SAID_WITH.get(kind, ())}
    found |= dict.fromkeys(kind for kind in sorted(meant, key=lambda kind: meant[kind]) if kind not in said)
    told = {other for kind in meant for other in _SAID_WITH.get(kind, ())}
    if _Q.PAPERS in told and not concepts_in(sentence, vocabulary).keys() & _OTHER_MATTERS:
        found.pop(_Q.PAPERS, None)
    return _narrowed(tuple(found), sentence, vocabulary)


def _with_story(
    kinds: tuple[QuestionKind, ...], sentence: str, text: str, vocabulary: Vocabulary
) -> tuple[QuestionKind, ...]:
    """What is asked after a story that told what happened: "… was stolen in Bangkok. What do we have to do?" The story
    counts where the sentence asks about nothing but papers or the way, and names no matter of its own."""
    if kinds and set(kinds) <= _AGAIN_TOLD and _Q.AGAIN in meanings_in(text, vocabulary):
        return (_Q.AGAIN,)
    if set(kinds) - _OPEN or concepts_in(sentence, vocabulary).keys() & _MATTERS:
        return kinds
    story = text[: text.find(sentence) + len(sentence)]
    happened = {k: at for k, at in meanings_in(story, vocabulary).items() if k in _HAPPENS}
    return tuple(sorted(happened, key=lambda kind: happened[kind])) or kinds


def asks_in_general(words: OwnWords, rules: RuleSet) -> bool:
    """Is a matter asked about that nobody says to have begun: "how long does a renewal take?"""
    spoken = concepts_in(fold(words.both[:_MAX_TEXT]), rules.vocabulary).keys()
    return bool(spoken & _MATTERS) and not spoken & _BEGUN


def _kinds(clause: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    found: dict[QuestionKind, int] = {
        kind: hit.start() for kind in _TOPICS if (hit := _hit(_patterns(kind), clause, vocabulary))
    }
    kinds = _narrowed(tuple(sorted(found, key=lambda kind: found[kind])), clause, vocabulary)
    said = {other for kind in kinds for other in _SAID_WITH.get(kind, ())}
    return tuple(kind for kind in kinds if kind not in said)


def _narrowed(kinds: tuple[QuestionKind, ...], text: str, vocabulary: Vocabulary) -> tuple[QuestionKind, ...]:
    """Without those that only lend their words to another."""
    lent = {
        kind
        for kind in kinds
        if _GIVES_WAY.get(kind, frozenset()) & set(kinds)
        and (_added_later(kind, kinds) or not _hit(f"question_{kind}_plain", text, vocabulary))
        and not (kind is _Q.WHO and concepts_in(text, vocabulary).keys() & _UNFIT)
    }
    return tuple(kind for kind in kinds if kind not in lent)


def _added_later(kind: QuestionKind, kinds: tuple[QuestionKind, ...]) -> bool:
    """A card that was issued early is only the story of economies that are added to it."""
    return kind is _Q.EARLY and _Q.ADD_ECONOMIES in kinds


def _patterns(kind: QuestionKind) -> str:
    return f"question_{kind.value}_patterns"


def _hit(name: str, text: str, vocabulary: Vocabulary) -> re.Match[str] | None:
    return any_of(vocabulary.lists.get(name, ())).search(text)
