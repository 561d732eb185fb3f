"""Examples tried: expected and got side by side, what nearly matched, and what no example would notice."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from mailintake.app.rules.example_files import Example
from mailintake.app.rules.judging import Judge, Judged
from mailintake.config import Configuration
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import Rule, RuleSet, Where
from mailintake.model.understanding import Candidates
from mailintake.stages.words.fold import fold
from mailintake.stages.words.matching import find
from mailintake.stages.words.own_words import own_words

_CLOSE = 0.6
_LOOKED_AT = 400  # characters in which a near word is looked for
_MOST = 6  # near misses of one example


@dataclass(frozen=True)
class Side:
    """One expectation beside what came."""

    aspect: str
    expected: str
    got: str
    good: bool


@dataclass(frozen=True)
class Miss:
    """A rule that would have led where the example wants to go, and why it did not fire."""

    rule: str
    source: str
    score: float
    why: str  # taken_back | known | near | absent
    detail: str  # the word that took it back, what is known, the nearest words


@dataclass(frozen=True)
class Tried:
    """One example with its outcome."""

    example: Example
    sides: tuple[Side, ...]
    judged: Judged
    misses: tuple[Miss, ...] = ()

    @property
    def good(self) -> bool:
        """Is everything as expected?"""
        return all(side.good for side in self.sides)


def try_examples(configuration: Configuration, examples: Iterable[Example]) -> Iterator[Tried]:
    """Each example in an empty database. Letters are written only where words of one are expected."""
    plain, writing = Judge(configuration, letters=False), None
    for example in examples:
        judge = plain
        if example.expect.says or example.expect.says_not:
            judge = writing = writing or Judge(configuration)
        judged = judge.judged(judge.keys(example.given), Candidates())
        sides = tuple(_sides(example, judged))
        misses = () if all(side.good for side in sides) else _misses(example, judged, configuration.rules)
        yield Tried(example, sides, judged, misses)


def _sides(example: Example, judged: Judged) -> Iterator[Side]:
    want = example.expect
    if want.message_class is not None:
        yield _equal("class", want.message_class, judged.message_class)
    if want.parked is not None:
        yield _equal("parked", want.parked, judged.understanding.screening.parked)
    if want.procedure is not None:
        got = " ".join(judged.procedures)
        named = {one for full in judged.procedures for one in (full, full.partition(".")[0])}
        yield Side("procedure", want.procedure, got, want.procedure in named)
    if want.sure is not None:
        yield _equal("sure", want.sure, judged.understanding.classification.sure)
    if want.verdict is not None:
        yield Side("verdict", want.verdict, " ".join(judged.verdicts), want.verdict in judged.verdicts)
    if want.people is not None:
        names = [a.name for a in judged.understanding.people.applicants]
        yield Side("people", " ".join(want.people), " ".join(names), sorted(names) == sorted(want.people))
    if want.letters is not None:
        yield _equal("letters", " ".join(want.letters), " ".join(one.kind for one in judged.letters))
    yield from _among(example, judged)


def _equal(aspect: str, expected: object, got: object) -> Side:
    return Side(aspect, _written(expected), _written(got), expected == got)


def _written(said: object) -> str:
    """As YAML writes it."""
    return str(said).lower() if isinstance(said, bool) else str(said)


class _Wish(NamedTuple):
    aspect: str
    wanted: tuple[str, ...]
    good: Callable[[str], bool]
    got: Iterable[str]


def _among(example: Example, judged: Judged) -> Iterator[Side]:
    """What must be there, and what must not."""
    want, words = example.expect, "\n".join(f"{one.subject}\n{one.text}" for one in judged.letters)
    lacking, fired = judged.lacking, judged.fired
    rows: tuple[_Wish, ...] = (
        _Wish("lacking", want.lacking, lambda code: code in lacking, lacking),
        _Wish("not_lacking", want.not_lacking, lambda code: code not in lacking, lacking),
        _Wish("fires", want.fires, lambda rule: rule in fired, sorted(fired)),
        _Wish("silent", want.silent, lambda rule: rule not in fired, sorted(fired)),
        _Wish("says", want.says, lambda text: text in words, ()),
        _Wish("says_not", want.says_not, lambda text: text not in words, ()),
    )
    for aspect, wanted, good, got in rows:
        if wanted:
            bad = [one for one in wanted if not good(one)]
            yield Side(
                aspect, " ".join(wanted), " ".join(got) if not aspect.startswith("says") else " ".join(bad), not bad
            )


def _misses(example: Example, judged: Judged, rules: RuleSet) -> tuple[Miss, ...]:
    """Rules towards what was wanted that did not fire, those that came nearest first."""
    known = {one.rule: one for one in judged.evidence if not one.fired}
    text = fold(own_words(example.given.message, rules).everything)
    found = []
    for rule in (*rules.screening, *rules.classification):
        if rule.id in judged.fired or not _wanted(rule, example):
            continue
        if rule.id in known:
            found.append(Miss(rule.id, rule.source, rule.score, "taken_back", known[rule.id].text))
        elif rule.where == (Where.KNOWN,):
            found.append(Miss(rule.id, rule.source, rule.score, "known", " ".join(rule.words)))
        elif near := _nearest(rule, text):
            found.append(Miss(rule.id, rule.source, rule.score, "near", near))
        elif rule.id in example.expect.fires:
            found.append(Miss(rule.id, rule.source, rule.score, "absent", " ".join(rule.words[:6]) or rule.pattern))
    order = ("taken_back", "near", "absent", "known")
    return tuple(sorted(found, key=lambda miss: (order.index(miss.why), -abs(miss.score)))[:_MOST])


def _wanted(rule: Rule, example: Example) -> bool:
    want = example.expect
    if rule.id in want.fires:
        return True
    if rule.score <= 0:
        return False
    if want.procedure is not None and rule.procedure is not None:
        key, _, variant = want.procedure.partition(".")
        return rule.procedure == ProcedureKey(key) and rule.variant in ("", variant)
    return want.message_class is not None and rule.message_class == want.message_class


def _nearest(rule: Rule, text: str) -> str:
    """`word ~ what stands there` for the word of the rule that the text comes nearest to; empty: none is near."""
    best, found = _CLOSE, ""
    for word in map(fold, (*rule.words, *rule.all_words)):
        for start in range(max(1, min(len(text), _LOOKED_AT) - len(word) + 1)) if len(word) > 1 else ():
            there = text[start : start + len(word)]
            matcher = SequenceMatcher(None, word, there, autojunk=False)
            if matcher.real_quick_ratio() > best and matcher.ratio() > best:
                best, found = matcher.ratio(), f"{word} ~ {there.strip()}"
    return found if not find(rule, text).words else ""


@dataclass(frozen=True)
class Uncovered:
    """A requirement that could be dropped and no example would fail."""

    variant: str  # procedure.variant
    kind: str
    source: str


def uncovered(rules: RuleSet, tried: Iterable[Tried]) -> tuple[Uncovered, ...]:
    """Requirements of which no good example expects that they are missing or wrong."""
    covered = {
        (named, code.partition(".")[0])
        for one in tried
        if one.good
        for code in one.example.expect.lacking
        for named in one.judged.procedures
    }
    found = []
    for procedure in rules.procedures:
        for variant in procedure.variants:
            name = f"{procedure.key.value}.{variant.id}"
            for requirement in variant.email:
                kind = rules.kinds.get(requirement.kind)
                if kind is not None and (name, kind.subject) not in covered:
                    found.append(Uncovered(name, requirement.kind, requirement.source))
    return tuple(found)
