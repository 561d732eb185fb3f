"""What questions that were asked before, and are most like this one, were about: a second witness beside the concepts
(`words/nearest`)."""

from functools import lru_cache

from mailintake.model.question import QuestionKind
from mailintake.model.rules import Vocabulary
from mailintake.model.value import value
from mailintake.stages.classify.meanings import CONCEPTS, concepts_in
from mailintake.stages.words.kept_index import kept_index
from mailintake.stages.words.nearest import Index, Voting, examples_of, faulty_line, index_of, marks_of, shares, unseen

EXAMPLES = "question_examples"


@value
class Likeness:
    """A kind, and its share of the votes, 0 to 1."""

    kind: QuestionKind
    share: float


def alike(text: str, vocabulary: Vocabulary) -> tuple[Likeness, ...]:
    """The kinds of the examples most like a folded text, the likeliest first; empty without examples."""
    index = _index(vocabulary.lists.get(EXAMPLES, ()), vocabulary.lists.get(CONCEPTS, ()))
    found = shares(marks_of(text, concepts_in(text, vocabulary)), index)
    return tuple(Likeness(QuestionKind(kind), share) for kind, share in found.items())


def strangeness(text: str, kinds: tuple[QuestionKind, ...], vocabulary: Vocabulary) -> float:
    """How much of a folded text stands in no example of these kinds, 0 to 1; 0 without examples."""
    lines = vocabulary.lists.get(EXAMPLES, ())
    if not lines:
        return 0.0
    index = _index(lines, vocabulary.lists.get(CONCEPTS, ()))
    return unseen(marks_of(text, concepts_in(text, vocabulary)), index, frozenset(kind.value for kind in kinds))


def faulty_example(text: str) -> str:
    """What is wrong with an example: its form, or a kind that is none; empty where it is right."""
    return faulty_line(text, set(QuestionKind))


@lru_cache(maxsize=4)
def _index(lines: tuple[str, ...], concepts: tuple[str, ...]) -> Index:
    return kept_index(EXAMPLES, (lines, concepts), lambda: _made(lines, concepts))


def _made(lines: tuple[str, ...], concepts: tuple[str, ...]) -> Index:
    vocabulary = Vocabulary({CONCEPTS: concepts})
    return index_of(examples_of(lines), lambda text: marks_of(text, concepts_in(text, vocabulary)), Voting())
