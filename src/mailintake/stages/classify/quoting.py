"""Which words of a question are told back to who asked it."""

import re

from mailintake.model.question import QuestionKind
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.stages.classify.beside import as_written
from mailintake.stages.classify.question_kinds import MAX_TEXT, hit, patterns_of
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.speech import any_of, asks, sentences_of

_QUOTED, _QUOTED_LATIN = 28, 80  # characters of a sentence that is told back to who asked
_STOP = re.compile(r"(?<=[a-z0-9)])\. ")  # ends an English sentence that asks nothing
_CLAUSE = re.compile("[,:]")


def asking_part(sentence: str, vocabulary: Vocabulary) -> str:
    """The clause of a folded sentence that asks, the last of several, with as many before it as are short together."""
    last = _STOP.split(sentence)[-1]
    ends = [stop.start() for stop in _CLAUSE.finditer(last)] + [len(last)]
    starts = [0, *(stop.end() for stop in _CLAUSE.finditer(last))]
    at = next(
        (n for n in reversed(range(len(ends))) if asks(last[starts[n] : ends[n]], vocabulary, besides=True)),
        len(ends) - 1,
    )
    most = _QUOTED_LATIN if last.isascii() else _QUOTED
    first = next(n for n in range(at + 1) if n == at or ends[at] - starts[n] <= most)
    return _without_lead_in(last[starts[first] : ends[at]].strip(), vocabulary)


def _without_lead_in(words: str, vocabulary: Vocabulary) -> str:
    """Without what only leads up to the question: "good day, may I ask", "besides"."""
    return any_of(vocabulary.words("question_lead_in_patterns")).sub("", words, count=1).strip(" ,:") or words


def complained(words: OwnWords, rules: RuleSet) -> tuple[str, ...]:
    """The clauses that somebody complains in, each with those behind it while they are short together."""
    found: dict[str, None] = {}
    for sentence in sentences_of(fold(words.text[:MAX_TEXT])):
        if told := hit(patterns_of(QuestionKind.COMPLAINT), sentence, rules.vocabulary):
            start = max((stop.end() for stop in re.finditer("[,:]", sentence[: told.start()])), default=0)
            kept, *behind = re.split("[,:]", sentence[start:])
            for clause in behind:
                if len(kept) + len(clause) > (_QUOTED_LATIN if kept.isascii() else _QUOTED):
                    break
                kept = f"{kept},{clause}"
            found[kept] = None
    return tuple(as_written(one, words.text[:MAX_TEXT]) for one in found)
