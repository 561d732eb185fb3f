"""What a sentence asks about by the concepts it speaks of, in whatever order and form.

Theory. The patterns of a kind know ways of asking; people know more. What they ask about is a combination of few
concepts (card + gone, passport + card + renewed, photo + later + may), each with many words. A rule names the concepts
that must, and those that must not, be spoken of; where two rules fit and one asks for all concepts of the other and
more, only that one counts. Concepts and rules are words of the configuration (`config/words/meanings.yaml`).
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from mailintake.model.question import QuestionKind
from mailintake.model.rules import Vocabulary
from mailintake.model.value import value
from mailintake.stages.words.concepts import concept_names

CONCEPTS = "question_concept_patterns"
MEANINGS = "question_meanings"
_RULE = re.compile(r"([a-z_]+): ([a-z_]+(?: -?[a-z_]+)*)")


@value
class Meaning:
    """Concepts that together are a question of that kind."""

    kind: QuestionKind
    needs: frozenset[str]
    without: frozenset[str] = frozenset()


def meanings_in(text: str, vocabulary: Vocabulary) -> Mapping[QuestionKind, int]:
    """Kinds that a folded text asks about, each with the place where its first concept stands."""
    rules = _rules(vocabulary.lists.get(MEANINGS, ()))
    places = concepts_in(text, vocabulary) if rules else {}
    fits = [rule for rule in rules if rule.needs <= places.keys() and not rule.without & places.keys()]
    best = [rule for rule in fits if not any(rule.needs < other.needs for other in fits)]
    found: dict[QuestionKind, int] = {}
    for rule in best:
        found[rule.kind] = min(found.get(rule.kind, len(text)), *(places[name] for name in rule.needs))
    return found


def concepts_in(text: str, vocabulary: Vocabulary) -> Mapping[str, int]:
    """The concepts that a folded text speaks of, with the place of the first word of each."""
    return _spoken(text, vocabulary.lists.get(CONCEPTS, ()))


def faulty_meaning(text: str, concepts: tuple[str, ...]) -> str:
    """What is wrong with a rule: its form, a kind or a concept that is none; empty where it is right."""
    hit = _RULE.fullmatch(text)
    if hit is None or hit[1] not in set(QuestionKind):
        return hit[1] if hit else text
    known = concept_names(concepts)
    return next((name for name in hit[2].replace("-", "").split() if name not in known), "")


@lru_cache(maxsize=512)
def _spoken(text: str, patterns: tuple[str, ...]) -> Mapping[str, int]:
    """Kept for the sentences of one mail: each is asked about several times."""
    places: dict[str, int] = {}
    for name, pattern in _concepts(patterns):
        if hit := pattern.search(text):
            places[name] = min(places.get(name, len(text)), hit.start())
    return MappingProxyType(places)


@lru_cache(maxsize=4)
def _concepts(patterns: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    compiled = [re.compile(pattern) for pattern in patterns]
    return tuple((name, one) for one in compiled for name in one.groupindex)


@lru_cache(maxsize=4)
def _rules(texts: tuple[str, ...]) -> tuple[Meaning, ...]:
    return tuple(_rule(hit) for text in texts if (hit := _RULE.fullmatch(text)))


def _rule(hit: re.Match[str]) -> Meaning:
    names = hit[2].split()
    needs = frozenset(name for name in names if not name.startswith("-"))
    return Meaning(QuestionKind(hit[1]), needs, frozenset(name[1:] for name in names if name.startswith("-")))
