"""What questions that were asked before, and are most like this one, were about: a second witness beside the concepts.

Theory. Concepts (`meanings.py`) know what somebody wrote down as a rule; a question in other words has no rule. But it
is seldom unlike everything that people have asked: the nearest of many examples, each with its kinds, vote, the nearer
the heavier. A question is the set of its runs of one to three characters, its words, and the concepts it speaks of,
alone and in pairs, each weighed by how rare it is (the cosine of such vectors). Examples are words of the
configuration: whoever runs the office adds a sentence, no pattern.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from math import log, sqrt

from mailintake.model.question import QuestionKind
from mailintake.model.rules import Vocabulary
from mailintake.model.value import value
from mailintake.stages.classify.meanings import CONCEPTS, concepts_in
from mailintake.stages.words.fold import fold

EXAMPLES = "question_examples"
_EXAMPLE = re.compile(r"([a-z_]+(?: [a-z_]+)*): (\S.*)")
_RUN = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]+")
_LONGEST = 3  # characters of a run
_SINGLE = 0.5  # the weight of one character: most stand in questions of all kinds
_VOTERS = 25  # nearest examples that vote
_NEARER = 3  # power of a voter's nearness
_DOUBT = 0.0025  # votes of nobody: where even the nearest are far, no kind has a large share
_STRANGE = 7.0  # weight of what stands in no example


@value
class Likeness:
    """A kind, and its share of the votes, 0 to 1."""

    kind: QuestionKind
    share: float


@value
class _Index:
    kinds: tuple[tuple[QuestionKind, ...], ...]  # of each example
    weights: Mapping[str, float]
    places: Mapping[str, tuple[tuple[int, float], ...]]  # mark: examples in which it stands, with its part of each


def alike(text: str, vocabulary: Vocabulary) -> tuple[Likeness, ...]:
    """The kinds of the examples most like a folded text, the likeliest first; empty without examples."""
    index = _index(vocabulary.lists.get(EXAMPLES, ()), vocabulary.lists.get(CONCEPTS, ()))
    near: dict[int, float] = {}
    for mark, part in _vector(_marks(text, vocabulary), index.weights).items():
        for example, share in index.places.get(mark, ()):
            near[example] = near.get(example, 0.0) + part * share
    votes: dict[QuestionKind, float] = {}
    for example in sorted(near, key=lambda one: -near[one])[:_VOTERS]:
        for kind in index.kinds[example]:
            votes[kind] = votes.get(kind, 0.0) + near[example] ** _NEARER
    total = sum(votes.values()) + _DOUBT
    return tuple(Likeness(kind, votes[kind] / total) for kind in sorted(votes, key=lambda one: -votes[one]))


def faulty_example(text: str) -> str:
    """What is wrong with an example: its form, or a kind that is none; empty where it is right."""
    hit = _EXAMPLE.fullmatch(text)
    if hit is None:
        return text
    return next((name for name in hit[1].split() if name not in set(QuestionKind)), "")


@lru_cache(maxsize=4)
def _index(examples: tuple[str, ...], concepts: tuple[str, ...]) -> _Index:
    vocabulary = Vocabulary({CONCEPTS: concepts})
    told = [hit for text in examples if (hit := _EXAMPLE.fullmatch(text))]
    marks = [_marks(fold(hit[2]), vocabulary) for hit in told]
    seen: dict[str, int] = {}
    for one in marks:
        for mark in one:
            seen[mark] = seen.get(mark, 0) + 1
    weights = {mark: log((len(told) + 1) / (count + 0.5)) for mark, count in seen.items()}
    places: dict[str, list[tuple[int, float]]] = {}
    for number, one in enumerate(marks):
        for mark, part in _vector(one, weights).items():
            places.setdefault(mark, []).append((number, part))
    return _Index(
        tuple(tuple(map(QuestionKind, hit[1].split())) for hit in told),
        weights,
        {mark: tuple(found) for mark, found in places.items()},
    )


def _marks(folded: str, vocabulary: Vocabulary) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for mark in _spelt(folded):
        counted[mark] = counted.get(mark, 0) + 1
    spoken = sorted(concepts_in(folded, vocabulary))
    counted |= {f"concept {name}": 1 for name in spoken}
    counted |= {f"concept {one} {other}": 1 for one, other in combinations(spoken, 2)}
    return counted


def _spelt(folded: str) -> Iterator[str]:
    before = ""
    for run in _RUN.findall(folded):
        if run.isascii():
            yield f"word {run}"
            if before:
                yield f"words {before} {run}"
            before = run if run.isalpha() else ""
        else:
            yield from (run[at : at + n] for n in range(1, _LONGEST + 1) for at in range(len(run) - n + 1))


def _vector(marks: Mapping[str, int], weights: Mapping[str, float]) -> Mapping[str, float]:
    """Of length one."""
    parts = {
        mark: (1 + log(count)) * weights.get(mark, _STRANGE) * (_SINGLE if len(mark) == 1 else 1.0)
        for mark, count in marks.items()
    }
    length = sqrt(sum(part * part for part in parts.values())) or 1.0
    return {mark: part / length for mark, part in parts.items()}
