"""Whether the guide's clause answers a question as it was asked, or only its subject: how strange are its words?

Theory. A kind is told by the words it is asked with; what is special about a question stands in the other words ("may
a headscarf be worn in the photo?"). Where most of what a sentence, and the clause in it that asks, is made of stands in
no earlier question of these kinds, or such questions were answered by people, the clause of the guide is only likely.
Weighed on five lists, each left out of the examples, and on questions beside the guide: docs/accuracy.md, "Questions".
"""

import re

from mailintake.model.question import BY_STAFF, QuestionKind
from mailintake.model.rules import Vocabulary
from mailintake.stages.classify.alike import alike, strangeness
from mailintake.stages.words.speech import any_of

_CLAUSE = re.compile("[,\u3001]")
_ASKS = "question_asks_patterns"
_OF_CLAUSE = 0.7  # how much the clause that asks weighs beside the whole sentence
_DOUBT = 1.2  # above: of a hundred questions that the guide answers ten, of those beside it seventy


def is_doubtful(sentence: str, kinds: tuple[QuestionKind, ...], vocabulary: Vocabulary) -> bool:
    """Is the answer of these kinds to a folded sentence only likely? Without examples nothing is."""
    by_people = sum(one.share for one in alike(sentence, vocabulary) if one.kind in BY_STAFF)
    whole = strangeness(sentence, kinds, vocabulary)
    clauses = [clause for clause in _CLAUSE.split(sentence) if clause.strip()]
    asking = [c for c in clauses if any_of(vocabulary.words(_ASKS)).search(c)] or clauses[-1:]
    nearest = min((strangeness(clause, kinds, vocabulary) for clause in asking), default=whole)
    return whole + _OF_CLAUSE * nearest + by_people > _DOUBT
