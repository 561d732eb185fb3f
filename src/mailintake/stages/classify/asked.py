"""What a mail asks, question by question: one list from which the answer, the words told back, and the digest follow.

Theory. Every sentence that asks has exactly one fate: the guide answers it (its kinds), the guide's clause is only
likely to (`doubted`), or a person does (UNKNOWN and the other kinds of `BY_STAFF`). Whoever reads the letter must find
his question in one of the three; so what is told back as unanswered is what this list leaves to a person, and nothing
that it answers.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.classify.alike import alike
from mailintake.stages.classify.beside import answered_here, as_written
from mailintake.stages.classify.doubt import is_doubtful
from mailintake.stages.classify.meant import meant_to_ask
from mailintake.stages.classify.question_kinds import (
    BARE,
    HAPPENS,
    MAX_TEXT,
    OF_A_VALID_CARD,
    ONLY_ASKED,
    OPEN,
    SAID_WITH,
    SHORT,
    VAGUE,
    Manner,
    asked_in,
    beyond_clause,
    hit,
    is_beyond,
    kinds_asked,
    of_an_ended_card,
    patterns_of,
    seconded,
    spoken_of,
    with_story,
)
from mailintake.stages.classify.quoting import asking_part
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import kinds_named_in
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import asking_sentences, asks, sentences_of

_LIKELY = 0.5  # share of the votes for what nothing else is known of, or papers and places only
_ALSO = 0.25  # and for a second beside it
_CERTAIN = 0.7  # for what is added to what is known
_MANY = 2  # kinds of one short mail: with more, some are only words of the others
_UNHEARD = 0.02  # below: nobody who asked like this asked about it
_HARDLY = 0.1  # below: questions like this one are about something else
_Q = QuestionKind
_WHOM = frozenset({_Q.WHERE, _Q.CONTACT})
_MARKED = re.compile(r"[,;\u3002\uff0c\uff1b\u3001]")
_BLANK = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_SLIPS_SENT = "slips_sent_before_patterns"
_INVOICE_WISHED = "question_invoice_wished_patterns"
_OF_OTHERS, _OF_US = "complaint_of_others_patterns", "complaint_of_us_patterns"
_SPECIAL = "question_special_patterns"


@value
class Asked:
    """A sentence that asks, folded, and the kinds that it asks about; UNKNOWN for what the guide does not answer."""

    sentence: str
    kinds: tuple[QuestionKind, ...]

    @property
    def for_a_person(self) -> bool:
        """Does the guide answer nothing of it?"""
        return set(self.kinds) <= BY_STAFF


@value
class Questions:
    """All that a mail asks, in order. `besides` is asked by no sentence that asks: a complaint, a wish for an invoice,
    what a short mail speaks of; `sent_before` likewise, and behind all others."""

    asked: tuple[Asked, ...] = ()
    besides: tuple[QuestionKind, ...] = ()
    sent_before: bool = False

    @property
    def kinds(self) -> tuple[QuestionKind, ...]:
        """The kinds of all, each once."""
        told = dict.fromkeys(kind for one in self.asked for kind in one.kinds)
        if self.sent_before:
            told.pop(_Q.SLIP, None)  # who says that slips were sent does not ask where to send them
        last = (_Q.SENT_BEFORE,) if self.sent_before else ()
        return tuple(dict.fromkeys((*self.besides, *told, *last)))


def questions_in(words: OwnWords, rules: RuleSet, manner: Manner = ONLY_ASKED) -> Questions:
    """What is asked, sentence by sentence. Only sentences that ask are looked at; where these name nothing ("what shall
    we do?"), the rest of the sender's own words tells what it is about. A complaint needs no question mark."""
    text = _read(words)
    besides = _without_asking(text, rules, manner)
    asking = meant_to_ask(asking_sentences(text, rules, besides=manner.besides), words, rules, manner)
    asked = _one_by_one(asking, text, rules.vocabulary, manner, {*besides})
    if asking and not manner.alone:
        asked = _by_the_whole(asked, asking, text, rules) if not besides else asked
        asked = _witnessed(asked, besides, text, len(asking), rules.vocabulary)
    if manner.over:
        asked = tuple(replace(one, kinds=of_an_ended_card(one.kinds)) for one in asked)
    sent = manner.besides and any(hit(_SLIPS_SENT, sentence, rules.vocabulary) for sentence in sentences_of(text))
    return Questions(asked, besides, sent)


def _read(words: OwnWords) -> str:
    """The folded words in which questions are looked for: the subject of an answer is that of our own letter."""
    return _folded(words.text if words.is_reply and words.text.strip() else words.both)


def _folded(said: str) -> str:
    """Folded; in a line without marks, as people write on a phone, a blank stands for a comma."""
    lines = said[:MAX_TEXT].split("\n")
    return fold("\n".join(line if _MARKED.search(line) else _BLANK.sub(",", line) for line in lines))


def _without_asking(text: str, rules: RuleSet, manner: Manner) -> tuple[QuestionKind, ...]:
    found = (_Q.COMPLAINT,) if _complains(text, rules.vocabulary) else ()
    wished = not manner.besides and hit(_INVOICE_WISHED, text, rules.vocabulary)
    return (*found, _Q.INVOICE) if wished else found


def _complains(text: str, vocabulary: Vocabulary) -> bool:
    """Of this office: whoever is dissatisfied with a bank, the police or his own boss complains of nobody here."""
    if not hit(patterns_of(_Q.COMPLAINT), text, vocabulary):
        return False
    said = [one for one in sentences_of(text) if hit(patterns_of(_Q.COMPLAINT), one, vocabulary)]
    return not said or any(hit(_OF_US, one, vocabulary) or not hit(_OF_OTHERS, one, vocabulary) for one in said)


def _one_by_one(
    asking: Sequence[str], text: str, vocabulary: Vocabulary, manner: Manner, known: set[QuestionKind]
) -> tuple[Asked, ...]:
    """Each by its own words; then by the story that it follows; a vague one by the sentence before it."""
    before = _before_each(text)
    found: list[Asked] = []
    for sentence in dict.fromkeys(asking):
        kinds = asked_in(sentence, vocabulary, manner)
        if not (manner.alone and kinds == (_Q.UNKNOWN,)):
            seen = known | {kind for one in found for kind in one.kinds}
            kinds = _in_its_story(kinds, sentence, text, seen, vocabulary)
            kinds = kinds or _with_the_one_before(sentence, before[sentence], vocabulary, manner)
        if kinds and set(kinds) <= _WHOM and len(sentence) <= VAGUE:
            last = found[-1].kinds if found else kinds_asked(before[sentence], vocabulary)
            kinds = last if last == (_Q.INVOICE,) else kinds  # "whom do I ask?" is answered with it
        if kinds or len(sentence) > BARE:
            found.append(Asked(sentence, kinds or (_Q.UNKNOWN,)))
    return tuple(found)


def _before_each(text: str) -> dict[str, str]:
    """The sentence in front of each; empty in front of the first."""
    return dict(zip(all_ := sentences_of(text), ("", *all_), strict=False))


def _in_its_story(
    kinds: tuple[QuestionKind, ...], sentence: str, text: str, seen: set[QuestionKind], vocabulary: Vocabulary
) -> tuple[QuestionKind, ...]:
    if _Q.WHO in seen:  # a question before has told what the story is about
        return kinds
    story = with_story(kinds, sentence, text, vocabulary)
    return story if set(story) - seen else _but_papers(kinds, story)


def _with_the_one_before(
    sentence: str, before: str, vocabulary: Vocabulary, manner: Manner
) -> tuple[QuestionKind, ...]:
    if len(sentence) > VAGUE:
        return ()
    joined = f"{before},{sentence}"
    kinds = kinds_asked(joined, vocabulary)
    kinds = seconded(kinds, joined, vocabulary) if kinds else ()
    return answered_here(kinds, joined, vocabulary) if manner.with_papers and not set(kinds) & HAPPENS else kinds


def _but_papers(kinds: tuple[QuestionKind, ...], story: tuple[QuestionKind, ...]) -> tuple[QuestionKind, ...]:
    """What the story is asked about was asked already, and its answer says which papers."""
    return tuple(kind for kind in kinds if kind is not _Q.PAPERS) or story


def _by_the_whole(asked: tuple[Asked, ...], asking: Sequence[str], text: str, rules: RuleSet) -> tuple[Asked, ...]:
    """Where no sentence that asks names anything: what the mail as a whole speaks of."""
    if any(set(one.kinds) != {_Q.UNKNOWN} for one in asked):
        return asked
    whole = kinds_asked(text, rules.vocabulary) if any(len(one) <= VAGUE for one in asking) else ()
    kinds = whole or spoken_of(text, rules)
    if not kinds:
        return asked or (Asked(text, (_Q.UNKNOWN,)),)
    return tuple(replace(one, kinds=kinds) for one in asked) or (Asked(text, kinds),)


def _witnessed(
    asked: tuple[Asked, ...], besides: tuple[QuestionKind, ...], text: str, asking: int, vocabulary: Vocabulary
) -> tuple[Asked, ...]:
    """With what questions like this mail were about (`alike`); a sentence of which nothing is left is for a person."""
    kinds = Questions(asked, besides).kinds
    told = _by_examples(kinds, text, asking, vocabulary)
    new = tuple(kind for kind in told if kind not in kinds)
    if set(told) == set(kinds):
        return asked
    if not set(kinds) - BY_STAFF:  # nothing was known of any of them
        return tuple(replace(one, kinds=told) for one in asked)
    else_ = (new or (_Q.UNKNOWN,)) if set(told) <= BY_STAFF else (_Q.UNKNOWN,)
    left = tuple(replace(one, kinds=tuple(kind for kind in one.kinds if kind in told) or else_) for one in asked)
    missing = tuple(kind for kind in new if not any(kind in one.kinds for one in left))
    return (replace(left[0], kinds=(*missing, *left[0].kinds)), *left[1:]) if left else ()


def _by_examples(
    kinds: tuple[QuestionKind, ...], text: str, asking: int, vocabulary: Vocabulary
) -> tuple[QuestionKind, ...]:
    """The likeliest where nothing is known of a mail; else a kind that most like it are about and that was overlooked;
    nothing where people answered them."""
    if len(text) > SHORT or _Q.COMPLAINT in kinds or len(text) <= 2 * BARE:
        return kinds
    likely = {one.kind: one.share for one in alike(text, vocabulary)}
    known = [kind for kind in kinds if kind not in BY_STAFF]
    if not known:
        best = next(iter(likely), _Q.UNKNOWN)
        if set(kinds) != {_Q.UNKNOWN} or best in BY_STAFF or likely[best] < _LIKELY or is_beyond(text, vocabulary):
            return kinds
        return tuple(kind for kind, share in likely.items() if share >= _ALSO and kind not in BY_STAFF)
    by_staff = {kind: likely.get(kind, 0.0) for kind in (_Q.UNKNOWN, _Q.OTHER_SERVICE, _Q.PROGRESS)}
    if sum(by_staff.values()) >= _CERTAIN and all(likely.get(kind, 0.0) < _HARDLY for kind in known):
        return tuple(kind for kind in kinds if kind in BY_STAFF) or (max(by_staff, key=lambda kind: by_staff[kind]),)
    if len(known) > max(_MANY, asking) and any(likely.get(kind, 0.0) >= _HARDLY for kind in known):
        kinds = tuple(k for k in kinds if k in BY_STAFF or likely.get(k, 0.0) >= _UNHEARD)
    said = {*kinds, *BY_STAFF, *(other for kind in known for other in SAID_WITH.get(kind, ()))}
    enough = _LIKELY if set(known) <= OPEN else _CERTAIN
    return (*(kind for kind, share in likely.items() if share >= enough and kind not in said), *kinds)


def told_back(found: Questions, words: OwnWords, rules: RuleSet, manner: Manner = ONLY_ASKED) -> tuple[str, ...]:
    """The words of what only a person can answer, in order; of a sentence that asks something else, too, the clause
    that asks it."""
    said = (_for_a_person(one, rules.vocabulary) for one in _in_the_text(found, words, manner))
    return tuple(dict.fromkeys(as_written(one, words.both[:MAX_TEXT]) for one in said if one))


def all_told_back(found: Questions, words: OwnWords, rules: RuleSet) -> tuple[str, ...]:
    """The words of all questions."""
    said = (asking_part(one.sentence, rules.vocabulary) for one in _in_the_text(found, words, ONLY_ASKED))
    return tuple(dict.fromkeys(as_written(one, words.both[:MAX_TEXT]) for one in said))


def doubted(found: Questions, words: OwnWords, rules: RuleSet, manner: Manner = ONLY_ASKED) -> tuple[str, ...]:
    """The words of those whose answer is likely, not certain; not of those that a person is told to answer anyway."""
    before = _before_each(_read(words))
    said: dict[str, None] = {}
    for one in _in_the_text(found, words, manner):
        if set(one.kinds) & BY_STAFF or one.kinds == (_Q.WHO,):  # who may apply, staff say anyway
            continue
        if _leaves_doubt(one, before.get(one.sentence, ""), rules.vocabulary, manner):
            said[asking_part(one.sentence, rules.vocabulary)] = None
    return tuple(as_written(one, words.both[:MAX_TEXT]) for one in said)


def later_kinds(found: Questions, rules: RuleSet) -> tuple[str, ...]:
    """The kinds of paper of which a mail asks whether they may come later."""
    about = (one.sentence for one in found.asked if _Q.TOLERANCE in kinds_asked(one.sentence, rules.vocabulary))
    return tuple(dict.fromkeys(kind for sentence in about for kind in kinds_named_in(sentence, rules)))


def _in_the_text(found: Questions, words: OwnWords, manner: Manner) -> tuple[Asked, ...]:
    """Those that may be told back: a subject is none, unless papers came, and a word of asking alone."""
    own = set(sentences_of(_folded(words.text)))
    return tuple(one for one in found.asked if len(one.sentence) > BARE and (manner.with_papers or one.sentence in own))


def _for_a_person(one: Asked, vocabulary: Vocabulary) -> str:
    if one.for_a_person:
        return asking_part(one.sentence, vocabulary)
    if _Q.UNKNOWN not in one.kinds:
        return ""
    clause = beyond_clause(one.sentence, vocabulary)
    return asking_part(clause if not clause or asks(clause, vocabulary, besides=True) else one.sentence, vocabulary)


def _leaves_doubt(one: Asked, before: str, vocabulary: Vocabulary, manner: Manner) -> bool:
    if hit(_SPECIAL, one.sentence, vocabulary):
        return True
    if manner.dated and set(one.kinds) <= OF_A_VALID_CARD:  # its day is told
        return False
    if len(one.sentence) > VAGUE:
        return is_doubtful(one.sentence, one.kinds, vocabulary)
    plain = answered_here(one.kinds, one.sentence, vocabulary) == one.kinds
    return not plain and is_doubtful(f"{before},{one.sentence}", one.kinds, vocabulary)
