"""What sentences that people wrote before, and are most like this one, stated of what the guide excludes: a second
witness beside the concepts (`words/nearest`). It speaks where they are silent, and takes back what they found where
the nearest examples only look like it; of whom something is said, `said` decides as ever.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from mailintake.model.procedure import Prohibition
from mailintake.model.rules import RuleSet, Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.concepts import CONCEPTS, items_of, spoken
from mailintake.stages.words.kept_index import kept_index
from mailintake.stages.words.nearest import (
    Index,
    Voting,
    concept_mark,
    examples_of,
    faulty_line,
    index_of,
    marks_of,
    shares,
)

EXAMPLES = "exclusion_examples"
UNLIKELY = "exclusion_unlikely"  # concepts with which an item is not stated, whatever the examples say
NOTHING = "none"  # the kind of an example that only looks like it
ORDINARY = "plain"  # and of one that every mail says: it votes, and takes nothing back
_NAME = re.compile(r"\{name\}")
_VOTING = Voting(nearer=5, common=0.15)
_SHORTEST, _LONGEST = 6, 120  # characters of a sentence that is held against the examples
_TELLING = 2.5  # weight of a concept that tells something: fewer than a twelfth of the examples speak of it
_SAID = 0.4  # share of the votes that states an item
_NOT_SAID = 0.85  # share of those that state nothing, which takes back what a row or pattern found


@value
class _Verdict:
    item: str  # the likeliest item, "" where none has votes enough
    nothing: bool


def likely_stated(sentence: str, item: Prohibition, names: Sequence[str], rules: RuleSet) -> bool:
    """The examples most like a folded sentence state the item; `names`: the folded names of the applicants."""
    return bool(item.id) and _verdict(sentence, item, names, rules).item == item.id


def likely_nothing(sentence: str, item: Prohibition, names: Sequence[str], rules: RuleSet) -> bool:
    """Most examples that are like a folded sentence state nothing."""
    return bool(item.id) and _verdict(sentence, item, names, rules).nothing


def load_examples(vocabulary: Vocabulary) -> None:
    """Have the examples in order before the first sentence asks for them."""
    _index(vocabulary.lists.get(EXAMPLES, ()), vocabulary.lists.get(CONCEPTS, ()))


def faulty_example(line: str, rows: tuple[str, ...]) -> str:
    """What is wrong with an example: its form, or an item that no row states; empty where it is right."""
    return faulty_line(line, {NOTHING, ORDINARY, *items_of(rows)})


def _verdict(sentence: str, item: Prohibition, names: Sequence[str], rules: RuleSet) -> _Verdict:
    lines = rules.vocabulary.lists.get(EXAMPLES, ())
    for name in sorted(names, key=len, reverse=True):
        sentence = sentence.replace(name, "@")
    if not lines or not _SHORTEST <= len(sentence) <= _LONGEST:
        return _Verdict("", nothing=False)
    others = {p.id for p in rules.prohibitions if not set(p.procedures) & set(item.procedures)}
    lists = rules.vocabulary.lists
    return _judged(sentence, lines, lists.get(CONCEPTS, ()), lists.get(UNLIKELY, ()), frozenset(others))


@lru_cache(maxsize=64)
def _judged(
    sentence: str,
    lines: tuple[str, ...],
    concepts: tuple[str, ...],
    unlikely: tuple[str, ...],
    others: frozenset[str],
) -> _Verdict:
    """Kept for the items that a sentence of one mail is asked about."""
    speaks_of = spoken(sentence, Vocabulary({CONCEPTS: concepts}))
    if not speaks_of:  # nothing telling, and nobody has to put the examples in order
        return _Verdict("", nothing=False)
    index, kinds = _index(lines, concepts), _kinds(lines) - others
    if all(index.weights.get(concept_mark(name), 0.0) < _TELLING for name in speaks_of):
        return _Verdict("", nothing=False)
    found = shares(marks_of(sentence, speaks_of), index, kinds)
    item = next((kind for kind in found if kind not in (NOTHING, ORDINARY)), "")
    denied = any(item in one.kinds and speaks_of & set(one.text.split()) for one in examples_of(unlikely))
    said = item if found.get(item, 0.0) >= _SAID and not denied else ""
    return _Verdict(said, nothing=found.get(NOTHING, 0.0) >= _NOT_SAID)


@lru_cache(maxsize=4)
def _kinds(lines: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kind for example in examples_of(lines) for kind in example.kinds)


@lru_cache(maxsize=4)
def _index(lines: tuple[str, ...], concepts: tuple[str, ...]) -> Index:
    return kept_index(EXAMPLES, (lines, concepts), lambda: _made(lines, concepts))


def _made(lines: tuple[str, ...], concepts: tuple[str, ...]) -> Index:
    vocabulary = Vocabulary({CONCEPTS: concepts})

    def marks(folded: str) -> Mapping[str, int]:
        text = _NAME.sub("@", folded)
        return marks_of(text, spoken(text, vocabulary))

    return index_of(examples_of(lines), marks, _VOTING)
