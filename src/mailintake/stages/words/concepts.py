"""What a sentence states of what the guide excludes, by the concepts it speaks of: who, relation, object, polarity.

Theory. A pattern knows one sentence; people know more. What they state is a combination of few concepts (none and
dealings and economies, boss and kin, list and on it), each with many words. A row names the concepts that must stand
in one clause, in order and near each other where that matters, and those that must not. Words and rows are of the
configuration (`config/words/exclusions.yaml`); of whom it is said, and what takes it back, `said` decides as for every
statement.

A row: `N1: none>dealings apec_word -~economy`. `a>b`: b stands behind a, a few characters between them; `a+b`: right
behind it; `~` looks at the whole sentence instead of the clause, `-` denies. `name` is the name of an applicant. `N1!`:
no word of the item takes it back.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from mailintake.model.rules import Vocabulary
from mailintake.model.value import value

CONCEPTS = "exclusion_concept_patterns"
MEANINGS = "exclusion_meanings"
TOLD_CONCEPTS, TOLD_MEANINGS = "told_concept_patterns", "told_meanings"
NAME = "name"
_NEAR, _BESIDE = 12, 1  # characters that may stand between the concepts of `a>b`, of `a+b`
_ROW = re.compile(r"([a-zA-Z0-9_]+)(!?): (-?~?[a-z_]+(?:[>+][a-z_]+)*(?: -?~?[a-z_]+(?:[>+][a-z_]+)*)*)")
_LINK = re.compile(r"([>+])")
_NAMED = re.compile(r"\(\?P<(\w+)>")  # whether it is a pattern at all was seen when the rules were read
_WORD = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")
_CLAUSE = re.compile(r"[,;]|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


@value
class Rows:
    """The lists of the vocabulary that hold concepts and rows."""

    concepts: str
    meanings: str


EXCLUSIONS, TOLD = Rows(CONCEPTS, MEANINGS), Rows(TOLD_CONCEPTS, TOLD_MEANINGS)


@value
class Hit:
    """Where a sentence says something, and the words."""

    start: int
    end: int
    text: str
    firm: bool = False  # no word of the item takes it back


@value
class _Term:
    """Concepts in a row, with the characters that may stand in front of each but the first."""

    names: tuple[str, ...]
    gaps: tuple[int, ...]
    denied: bool
    sentence: bool


@value
class _Row:
    terms: tuple[_Term, ...]
    firm: bool


@value
class _Span:
    start: int
    end: int


def hits_of(
    item: str, sentence: str, names: Sequence[str], vocabulary: Vocabulary, lists: Rows = EXCLUSIONS
) -> tuple[Hit, ...]:
    """Where a folded sentence states the item; `names`: the folded names of the applicants."""
    rows = _rows(vocabulary.lists.get(lists.meanings, ())).get(item, ())
    if not rows:
        return ()
    whole = _Spoken(sentence, 0, tuple(names), vocabulary.lists.get(lists.concepts, ()))
    return tuple(hit for clause in _clauses(whole) for row in rows if (hit := _hit(row, clause, whole)))


def spoken(text: str, vocabulary: Vocabulary, concepts: str = CONCEPTS) -> frozenset[str]:
    """The concepts of a list that a folded text speaks of."""
    patterns = _concepts(vocabulary.lists.get(concepts, ()))
    return frozenset(name for name, pattern in patterns.items() if pattern.search(text))


def items_of(rows: tuple[str, ...]) -> frozenset[str]:
    """The items that these rows state."""
    return frozenset(_rows(rows))


def states(item: str, vocabulary: Vocabulary) -> bool:
    """There are rows that state the item."""
    return item in _rows(vocabulary.lists.get(MEANINGS, ()))


def faulty_row(text: str, concepts: tuple[str, ...]) -> str:
    """What is wrong with a row: its form, or a concept that is none; empty where it is right."""
    hit = _ROW.fullmatch(text)
    if hit is None:
        return text
    known = concept_names(concepts)
    return next((name for name in re.findall(r"[a-z_]+", hit[3]) if name not in known and name != NAME), "")


@lru_cache(maxsize=8)
def concept_names(patterns: tuple[str, ...]) -> frozenset[str]:
    """The concepts that these patterns have words for."""
    return frozenset(name for pattern in patterns for name in _NAMED.findall(pattern))


class _Spoken:
    """A stretch of a sentence, and where it speaks of a concept: looked for once, when first asked."""

    def __init__(self, text: str, at: int, names: tuple[str, ...], concepts: tuple[str, ...]) -> None:
        self.text, self.at, self.names, self.concepts = text, at, names, concepts
        self._found: dict[str, tuple[_Span, ...]] = {}

    def spans(self, concept: str) -> tuple[_Span, ...]:
        if concept not in self._found:
            pattern = _concepts(self.concepts).get(concept)
            hits = _name_hits(self.text, self.names) if concept == NAME else _hits(pattern, self.text)
            self._found[concept] = tuple(hits)
        return self._found[concept]


def _clauses(whole: _Spoken) -> Iterator[_Spoken]:
    start = 0
    for stop in (*_CLAUSE.finditer(whole.text), None):
        end = stop.start() if stop else len(whole.text)
        if end > start:
            yield _Spoken(whole.text[start:end], start, whole.names, whole.concepts)
        start = stop.end() if stop else end


def _hit(row: _Row, clause: _Spoken, whole: _Spoken) -> Hit | None:
    """The stretch of a clause in which the concepts of a row stand; None where one lacks or a denied one is there."""
    spans: list[_Span] = []
    for term in row.terms:
        found = _chain(term, whole if term.sentence else clause)
        if (found is None) != term.denied:
            return None
        if found is not None and not term.sentence:
            spans.append(found)
    start, end = min(one.start for one in spans), max(one.end for one in spans)
    return Hit(clause.at + start, clause.at + end, clause.text[start:end], row.firm)


def _chain(term: _Term, place: _Spoken) -> _Span | None:
    """The first stretch in which the concepts of a term stand behind each other."""
    ends = place.spans(term.names[0])
    for name, gap in zip(term.names[1:], term.gaps, strict=True):
        ends = tuple(
            _Span(front.start, behind.end)
            for front in ends
            for behind in place.spans(name)
            if behind.start >= front.end and _length(place.text[front.end : behind.start]) <= gap
        )
    return ends[0] if ends else None


def _length(text: str) -> int:
    """How far apart: characters, a Latin word counting as one."""
    return len(_WORD.findall(text))


def _hits(pattern: re.Pattern[str] | None, text: str) -> Iterator[_Span]:
    return (_Span(*hit.span()) for hit in pattern.finditer(text)) if pattern else iter(())


def _name_hits(text: str, names: tuple[str, ...]) -> Iterator[_Span]:
    return (_Span(*hit.span()) for name in names for hit in re.finditer(re.escape(name), text))


@lru_cache(maxsize=8)
def _concepts(patterns: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    """Each concept as one pattern out of its lines."""
    lines: dict[str, list[str]] = {}
    for pattern in patterns:
        for name in _NAMED.findall(pattern):
            lines.setdefault(name, []).append(pattern.replace(f"?P<{name}>", "?:"))
    return {name: re.compile("|".join(some)) for name, some in lines.items()}


@lru_cache(maxsize=8)
def _rows(texts: tuple[str, ...]) -> dict[str, tuple[_Row, ...]]:
    rows: dict[str, list[_Row]] = {}
    for text in texts:
        if hit := _ROW.fullmatch(text):
            rows.setdefault(hit[1], []).append(_Row(tuple(_term(part) for part in hit[3].split()), bool(hit[2])))
    return {item: tuple(some) for item, some in rows.items()}


def _term(text: str) -> _Term:
    denied = text.startswith("-")
    sentence = text.removeprefix("-").startswith("~")
    parts = _LINK.split(text.lstrip("-~"))
    gaps = tuple(_NEAR if link == ">" else _BESIDE for link in parts[1::2])
    return _Term(tuple(parts[::2]), gaps, denied, sentence)
