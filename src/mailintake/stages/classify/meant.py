"""Which sentences of a mail are questions: not the request itself, a courtesy, or a subject that only says so."""

from collections.abc import Sequence

from mailintake.model.question import BY_STAFF
from mailintake.model.rules import RuleSet
from mailintake.stages.classify.meanings import concepts_in
from mailintake.stages.classify.question_kinds import UNFIT, Manner, kinds_asked
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import Request, any_of, asking_sentences, request_in, sentences_of

_POLITE = "question_polite_patterns"
_COURTEOUS = "question_courtesy_patterns"
_LATER = frozenset({"paper", "later", "may"})


def meant_to_ask(asked: Sequence[str], words: OwnWords, rules: RuleSet, manner: Manner) -> tuple[str, ...]:
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
    return bool(set(kinds_asked(sentence, rules.vocabulary)) - BY_STAFF)


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
    asks_a_rule = spoken & UNFIT or spoken >= _LATER  # "can my wife apply, too?", "may the certificate come later?"
    if request_in(sentence, rules) is not Request.NONE and not asks_a_rule:
        return False
    return _asks_without_politeness(sentence, rules)
