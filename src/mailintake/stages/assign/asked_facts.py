"""An answer that gives just what our letter asked for, without a word of what it is: "it says 18 OCT 2028"."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailintake.model.case import OPEN, Case
from mailintake.model.facts import Field
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Candidates, People
from mailintake.stages.words.dates import DATE, iso_date
from mailintake.stages.words.text_facts import LOOSE


def with_asked_facts(people: People, candidates: Candidates, rules: RuleSet) -> People:
    """The one day of an answer that names nobody is the one day that the cases it answers still lack."""
    found = [field for field in people.fields if field.name == LOOSE]
    if len(found) != 1 or people.applicants:
        return people
    (told,) = found
    wanted = [name for case in answered(candidates) for name in lacking(case, rules) if name == told.value]
    shown = DATE.search(told.text.upper())
    day = iso_date(shown) if shown else None
    if len(wanted) != 1 or day is None:
        return people
    known = Field(told.value, day, told.text, told.source)
    return replace(people, fields=tuple(known if field is told else field for field in people.fields))


def answered(candidates: Candidates) -> tuple[Case, ...]:
    """The open cases that our letter spoke of, and those of the same mail."""
    cases = {case.number: case for case in candidates.token_cases}
    along = {number for case in cases.values() for number in case.related}
    cases |= {case.number: case for case in candidates.by_sender if case.number in along}
    return tuple(case for case in cases.values() if case.state in OPEN)


def lacking(case: Case, rules: RuleSet) -> Iterator[str]:
    """The names of the facts that the last assessment found missing, once for each person."""
    for item in case.assessment.missing if case.assessment else ():
        kind = rules.kinds.get(item.kind)
        if kind is not None and kind.fact:
            yield from kind.fields


def only_lacking(said: Iterable[str], cases: Iterable[Case], rules: RuleSet) -> Case | None:
    """The one case that lacks what is said."""
    names = set(said)
    fitting = [case for case in cases if names & set(lacking(case, rules))]
    return fitting[0] if len(fitting) == 1 else None
