"""What a mail states of its matter, clause by clause; a letter's standing sentences are weighed against it.

Theory. A statement is a combination of few concepts (papers + handed in + office) in one clause, and is none where the
clause asks, supposes or denies. Which papers it is about, the clause itself says, else the one before it in its
sentence ("letter and insurance, both handed in"); where neither names any it is about all of them.
"""

import re
from collections.abc import Iterable

from mailintake.model.rules import RuleSet
from mailintake.model.told import Statement, Told
from mailintake.stages.words.concepts import TOLD, hits_of
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import kinds_named_in
from mailintake.stages.words.speech import sentences_of

_MAX_TEXT = 4000  # characters of a mail
_SHOWN = 60  # characters of a clause that are kept
_STOP = re.compile(r"[,;]")
_OF_PAPERS = frozenset({Told.HANDED_IN, Told.TO_COME, Told.OBSTACLE})


def heard_in(text: str, names: Iterable[str], rules: RuleSet) -> tuple[Statement, ...]:
    """The statements of the sender's own words, each kind of a clause once. `names` of people say nothing: whoever is
    called haste is in none."""
    said = fold(text[:_MAX_TEXT])
    for name in filter(None, names):
        said = said.replace(fold(name), "")
    found: dict[Statement, None] = {}
    for sentence in sentences_of(said):
        for told in Told:
            for hit in hits_of(told.value, sentence, (), rules.vocabulary, TOLD):
                start, end = _clause(sentence, hit.start, hit.end)
                kinds = _kinds(sentence, start, end, rules) if told in _OF_PAPERS else ()
                found[Statement(told, sentence[start:end].strip()[:_SHOWN], kinds)] = None
    return tuple(found)


def _clause(sentence: str, start: int, end: int) -> tuple[int, int]:
    """Where the clause of a hit begins and ends."""
    first = max((stop.end() for stop in _STOP.finditer(sentence, 0, start)), default=0)
    stop = _STOP.search(sentence, max(first, end - 1))
    return first, stop.start() if stop else len(sentence)


def _kinds(sentence: str, start: int, end: int, rules: RuleSet) -> tuple[str, ...]:
    """The kinds of paper that the clause names, else the one before it."""
    own = kinds_named_in(sentence[start:end], rules)
    before = _STOP.split(sentence[: max(0, start - 1)])[-1] if start else ""
    return own or kinds_named_in(before, rules)
