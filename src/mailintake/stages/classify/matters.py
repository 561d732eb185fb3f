"""Several matters in one mail: which procedure is asked for whom, clause by clause."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import Rule, RuleSet, Where
from mailintake.model.traits import people_list
from mailintake.model.understanding import People
from mailintake.model.value import value
from mailintake.stages.classify.score import Scores
from mailintake.stages.words.fold import fold, simplify
from mailintake.stages.words.matching import find
from mailintake.stages.words.own_words import OwnWords
from mailintake.stages.words.page import arrange

_CLAUSE = re.compile(r"[!?;\n\u3002,\u3001]|\s{1,}|(?<=\D)\d[.\u3001)]")
_SENTENCE = re.compile(r"[!?;\n\u3002]|(?<=\D)\d[.\u3001)]")
_CELL = re.compile(r"\s*\|\s*|\t|\s{2,}")
_CELL_MAX = 12  # characters of a cell that names a procedure and nothing else
_HEADING_MAX = 30  # characters of the heading of a part of a list
_SEEN = "ocr"
_WORTH_A_LOOK = 2.0  # in all; what is known of one person may have weakened the procedure of another
_NAMED = 3.0  # a procedure named together with a person is meant, whatever speaks for the others


@value
class Matter:
    """One procedure with the people it is asked for."""

    procedure: ProcedureKey
    people: tuple[str, ...]
    score: float


def matters(words: OwnWords, people: People, scores: Scores, rules: RuleSet) -> tuple[Matter, ...]:
    """The matters of a mail that asks for several; empty or one where it asks for one.

    Two procedures are two matters only when the mail names different people for each. A lost card's cancellation goes
    along with its replacement and is no matter of its own.
    """
    names = tuple(dict.fromkeys(a.name for a in people.applicants if a.name))
    strong = [key for key, total in scores.ranked() if total >= _WORTH_A_LOOK]
    if len(names) < 2 or len(strong) < 2:
        return ()
    asked: dict[ProcedureKey, dict[str, None]] = {}
    for text in (words.subject, words.text):
        for procedure, name in _pairs(text, names, strong, rules):
            asked.setdefault(procedure, {})[name] = None
    whole = _exclusive(asked)
    if len(whole) < 2:
        return ()
    left = [name for name in names if not any(name in people_ for people_ in whole.values())]
    found = [Matter(key, tuple(them), max(_NAMED, scores.procedures.get(key, 0.0))) for key, them in whole.items()]
    if left:  # people without a procedure of their own share the one named first
        found[0] = Matter(found[0].procedure, (*found[0].people, *left), found[0].score)
    return tuple(found)


def listed_matters(people: People, rules: RuleSet) -> tuple[Matter, ...]:
    """What a list among the files says in a column of its own, or in the heading of each part: each row one person and
    one procedure. Every row must have it said, and two at least; one procedure for all is one matter."""
    names = tuple(dict.fromkeys(a.name for a in people.applicants if a.name))
    asked: dict[ProcedureKey, list[str]] = {}
    for document in people.documents:
        text = document.facts.text if document.facts and document.kind in (None, people_list(rules)) else None
        if text is None or text.source == _SEEN:
            continue
        heading: frozenset[ProcedureKey] = frozenset()
        for line in simplify(arrange(text).text).split("\n"):
            here = [name for name in names if name in line]
            said = frozenset(_in_cells(line, rules))
            if not here and len(said) == 1 and len(line) <= _HEADING_MAX:
                heading = said
            if len(here) != 1:
                continue
            if len(keys := said or heading) != 1:
                return ()
            asked.setdefault(next(iter(keys)), []).extend(here)
    if sum(len(them) for them in asked.values()) < 2:
        return ()
    return tuple(Matter(key, tuple(dict.fromkeys(them)), _NAMED) for key, them in asked.items())


def _in_cells(line: str, rules: RuleSet) -> Iterator[ProcedureKey]:
    """The procedures that short cells of a line name."""
    for cell in _CELL.split(line):
        if len(cell) <= _CELL_MAX:
            yield from _procedures(cell, tuple(ProcedureKey), rules)


def _exclusive(asked: dict[ProcedureKey, dict[str, None]]) -> dict[ProcedureKey, tuple[str, ...]]:
    """Each procedure with the people named for it alone."""
    return {
        key: own
        for key, named in asked.items()
        if (own := tuple(n for n in named if not any(n in others for k, others in asked.items() if k is not key)))
    }


def _pairs(
    text: str, names: Sequence[str], strong: Sequence[ProcedureKey], rules: RuleSet
) -> Iterator[tuple[ProcedureKey, str]]:
    """(procedure, person) of one clause each; a clause with a procedure and nobody takes its sentence's people."""
    plain = simplify(text)
    for sentence in _SENTENCE.split(plain):
        in_sentence = [name for name in names if name in sentence]
        clauses = [
            part
            for clause in _joined(_CLAUSE.split(sentence), names)
            for part in _portions(clause, names, strong, rules)
        ]
        spoken = {key for clause in clauses for key in _procedures(clause, strong, rules)}
        if len(spoken) > 1 and len(in_sentence) == 1 and (meant := _meant(sentence, spoken, rules)):
            yield meant, in_sentence[0]
            continue
        for clause in clauses:
            here = [name for name in names if name in clause]
            for key in _procedures(clause, strong, rules):
                for name in here or (in_sentence if len(spoken) == 1 else ()):
                    yield key, name


def _portions(clause: str, names: Sequence[str], strong: Sequence[ProcedureKey], rules: RuleSet) -> list[str]:
    """A clause that names several people, each with a procedure of his own, cut between them; else the whole of it."""
    at = sorted(place for name in names if (place := clause.find(name)) > 0 or clause.startswith(name))
    if len(at) < 2 or len(_procedures(clause, strong, rules)) < 2:
        return [clause]
    ends = sorted(clause.find(name) + len(name) for name in names if name in clause)
    for cuts in ((0, *at[1:], len(clause)), (0, *ends[:-1], len(clause))):
        parts = [clause[start:end] for start, end in pairwise(cuts)]
        if all(len(_procedures(part, strong, rules)) == 1 for part in parts):
            return parts
    return [clause]


def _meant(sentence: str, spoken: Iterable[ProcedureKey], rules: RuleSet) -> ProcedureKey | None:
    """Of several procedures that a sentence about one person speaks of ("has a new passport, … please replace the
    card"), the one for which most speaks, with what speaks against each; None where two are even."""
    folded = fold(sentence)
    totals = dict.fromkeys(spoken, 0.0)
    for rule in rules.classification:
        if rule.procedure in totals and Where.NEW_TEXT in rule.where and find(rule, folded).words:
            totals[rule.procedure] += rule.score
    best, *others = sorted(totals, key=lambda key: -totals[key])
    return None if others and totals[best] <= totals[others[0]] else best


def _joined(clauses: Sequence[str], names: Sequence[str]) -> list[str]:
    """Enumerations of people that commas cut are put together again: 张三,李四续办."""
    made: list[str] = []
    carry = ""
    for clause in (c.strip() for c in clauses):
        if clause in names:
            carry += clause + "\u3001"
        elif clause:
            made.append(carry + clause)
            carry = ""
    return [*made, carry] if carry else made


def _procedures(clause: str, strong: Sequence[ProcedureKey], rules: RuleSet) -> list[ProcedureKey]:
    folded = fold(clause)
    best: dict[ProcedureKey, float] = {}
    for rule in rules.classification:
        key = rule.procedure
        if key is not None and key in strong and _speaks(rule) and find(rule, folded).words:
            best[key] = best.get(key, 0.0) + rule.score
    top = max(best.values(), default=0.0)
    return [key for key, total in best.items() if total >= max(top - 1.0, 2.0)]


def _speaks(rule: Rule) -> bool:
    """Rules about what the sender writes, not about files or what is known."""
    return Where.NEW_TEXT in rule.where and rule.score >= 2.0
