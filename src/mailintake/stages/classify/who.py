"""Which conditions a question about who may apply speaks of, so that the answer is about these and not about all."""

from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import any_of

_MAX_TEXT = 1200  # characters: a question with its story; a longer mail speaks of more than it asks
_MOST = 3  # topics: with more the whole list is the answer


def who_topics(words: OwnWords, rules: RuleSet) -> tuple[str, ...]:
    """Names of the groups of `question_who_topics_patterns` in order of appearance; none where nothing or too much is
    named, and the answer is the whole list (guide 1, 1.1(1)\u2460\u2463\u2465, list of excluded cases)."""
    text = fold(words.both)
    if len(text) > _MAX_TEXT:
        return ()
    pattern = any_of(rules.vocabulary.words("question_who_topics_patterns"))
    found = tuple(dict.fromkeys(str(hit.lastgroup) for hit in pattern.finditer(text) if hit.lastgroup))
    return found if len(found) <= _MOST else ()
