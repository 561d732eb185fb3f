"""Which kinds of paper a mail's words say to be here: not what follows later, lacks, or is only asked about."""

import re

from mailintake.model.rules import RuleSet
from mailintake.stages.words.fold import fold
from mailintake.stages.words.kind_names import kinds_named_in
from mailintake.stages.words.matching import folded_words

_CLAUSE = re.compile(r"[,;!?\n\u3002]")
_STOPS = re.compile(r"(?<=[;!?\n\u3002])")
_LONGEST = 2_000  # characters of the mail's own words


def kinds_here(said: str, rules: RuleSet) -> tuple[str, ...]:
    """The kinds of the clauses that speak of a paper as of one that is sent, each once. A question asks for the whole
    sentence."""
    lacking = folded_words(rules.vocabulary.words("paper_not_here"))
    found: dict[str, None] = {}
    for sentence in _STOPS.split(fold(said)[:_LONGEST]):
        for clause in () if sentence.endswith("?") else _CLAUSE.split(sentence):
            if not any(word in clause for word in lacking):
                found |= dict.fromkeys(kinds_named_in(clause, rules))
    return tuple(found)
