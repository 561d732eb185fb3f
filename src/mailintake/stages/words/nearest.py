"""The examples most like a text vote for the kinds they bear: one piece of code for every closed set of kinds.

Theory. Rules know what somebody wrote down; what is said in other words has no rule. But it is seldom unlike everything
that people have said: the nearest of many examples, each with its kinds, vote, the nearer the heavier. A text is the
set of its marks: runs of one to three characters, its words, and what else its reader sees in it (concepts, alone and
in pairs), each weighed by how rare it is (the cosine of such vectors). An example of nothing bears a kind for nothing
and votes for it. Examples are words of the configuration: whoever runs the office adds a sentence, no pattern.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, combinations, islice
from math import log, sqrt
from typing import TYPE_CHECKING, TypeAlias

from mailintake.model.value import value
from mailintake.stages.words.fold import fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_EXAMPLE = re.compile(r"([a-zA-Z0-9_]+(?: [a-zA-Z0-9_]+)*): (\S.*)")
_RUN = re.compile(r"[a-z]+|[0-9]+|[@\u3400-\u9fff]+")  # "@" stands for a name
_LONGEST = 3  # characters of a run
_SINGLE = 0.5  # the weight of one character: most stand in texts of all kinds
_STRANGE = 7.0  # weight of what stands in no example


_Numbers: TypeAlias = "NDArray[np.int64]"
_Parts: TypeAlias = "NDArray[np.float64]"


@value
class Voting:
    """How examples vote: how many, how much more the nearer ones, how many votes nobody casts (where even the nearest
    are far, no kind has a large share), and in which share of the examples a mark may stand and still tell anything."""

    voters: int = 25
    nearer: int = 3
    doubt: float = 0.0025
    common: float = 1.0


@value
class Example:
    """What somebody wrote, and its kinds."""

    kinds: tuple[str, ...]
    text: str


@value
class Index:
    """Examples, to be asked which are near."""

    kinds: tuple[tuple[str, ...], ...]  # of each example
    weights: Mapping[str, float]
    places: Mapping[str, slice]  # of each mark: where the examples in which it stands are told
    examples: _Numbers
    parts: _Parts  # of each of these the mark's part
    voting: Voting


def examples_of(lines: Iterable[str]) -> tuple[Example, ...]:
    """Lines `kind kind: text`, read; what is none is left out."""
    return tuple(Example(tuple(hit[1].split()), hit[2]) for line in lines if (hit := _EXAMPLE.fullmatch(line)))


def faulty_line(line: str, kinds: Collection[str]) -> str:
    """What is wrong with a line: its form, or a kind that is none; empty where it is right."""
    hit = _EXAMPLE.fullmatch(line)
    if hit is None:
        return line
    return next((name for name in hit[1].split() if name not in kinds), "")


def index_of(examples: Sequence[Example], marks: Callable[[str], Mapping[str, int]], voting: Voting) -> Index:
    """The index of examples; `marks` sees those of a folded text."""
    import numpy as np  # whoever only reads examples, as every check of a configuration, does without

    marked = [marks(fold(example.text)) for example in examples]
    seen: dict[str, int] = {}
    for one in marked:
        for mark in one:
            seen[mark] = seen.get(mark, 0) + 1
    total = len(examples)
    weights = {
        mark: log((total + 1) / (count + 0.5)) if count <= voting.common * total else 0.0
        for mark, count in seen.items()
    }
    places: dict[str, tuple[list[int], list[float]]] = {}
    for number, one in enumerate(marked):
        for mark, part in _vector(one, weights).items():
            numbers, parts = places.setdefault(mark, ([], []))
            numbers.append(number)
            parts.append(part)
    kinds = tuple(example.kinds for example in examples)
    ends = accumulate(len(numbers) for numbers, _ in places.values())
    found = {mark: slice(end - len(places[mark][0]), end) for mark, end in zip(places, ends, strict=True)}
    all_numbers = np.fromiter(chain.from_iterable(numbers for numbers, _ in places.values()), np.int64)
    all_parts = np.fromiter(chain.from_iterable(parts for _, parts in places.values()), np.float64)
    return Index(kinds, weights, found, all_numbers, all_parts, voting)


def shares(marks: Mapping[str, int], index: Index, among: frozenset[str] | None = None) -> Mapping[str, float]:
    """The share of the votes of every kind, 0 to 1, the likeliest first; `among`: only examples of these kinds vote."""
    import numpy as np

    near = np.zeros(len(index.kinds))
    for mark, part in _vector(marks, index.weights).items():
        if (place := index.places.get(mark)) is not None:
            near[index.examples[place]] += part * index.parts[place]
    voters = (int(one) for one in np.argsort(-near, kind="stable") if near[one] > 0)
    if among is not None:
        voters = (one for one in voters if not among.isdisjoint(index.kinds[one]))
    votes: dict[str, float] = {}
    for example in islice(voters, index.voting.voters):
        for kind in index.kinds[example]:
            votes[kind] = votes.get(kind, 0.0) + float(near[example]) ** index.voting.nearer
    total = sum(votes.values()) + index.voting.doubt
    return {kind: votes[kind] / total for kind in sorted(votes, key=lambda one: -votes[one])}


def unseen(marks: Mapping[str, int], index: Index, among: frozenset[str]) -> float:
    """The part of a text, 0 to 1, that is made of marks which stand in no example of these kinds."""
    parts = _vector(marks, index.weights)
    return sum(part * part for mark, part in parts.items() if not _stands(mark, index, among))


def _stands(mark: str, index: Index, among: frozenset[str]) -> bool:
    place = index.places.get(mark)
    return place is not None and any(not among.isdisjoint(index.kinds[int(one)]) for one in index.examples[place])


def marks_of(folded: str, concepts: Iterable[str]) -> Mapping[str, int]:
    """The marks of a folded text that speaks of these concepts, each with how often it stands there."""
    counted: dict[str, int] = {}
    for mark in _spelt(folded):
        counted[mark] = counted.get(mark, 0) + 1
    spoken = sorted(concepts)
    counted |= {concept_mark(name): 1 for name in spoken}
    counted |= {f"concept {one} {other}": 1 for one, other in combinations(spoken, 2)}
    return counted


def concept_mark(name: str) -> str:
    """The mark of a concept."""
    return f"concept {name}"


def _spelt(folded: str) -> Iterator[str]:
    before = ""
    for run in _RUN.findall(folded):
        if run.isascii() and run.isalnum():
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
        if weights.get(mark, _STRANGE) > 0
    }
    length = sqrt(sum(part * part for part in parts.values())) or 1.0
    return {mark: part / length for mark, part in parts.items()}
