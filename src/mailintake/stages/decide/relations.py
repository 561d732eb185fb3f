"""One person, many cases: what staff must see on both sides, and which case is the life of which card.

A card lives through new, passport_change, early_issue, replace, renew and cancel. The same person's other cases are
named on each; open ones that ask for the same, for what excludes it, or for another company are flagged on both.
Nothing is decided by it, and no letter says it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailintake.model.assessment import Flag
from mailintake.model.case import OPEN, Case, State
from mailintake.model.identity import Answer, Recognised, in_case, same_company
from mailintake.model.procedure import ProcedureKey
from mailintake.model.understanding import Candidates
from mailintake.model.value import value

DUPLICATE, CONTRADICTION, TWO_COMPANIES = "duplicate.person", "person.contradiction", "person.two_companies"
COMPANION = "with_new_card"  # variant of a case that another one brings along (guide 3.1②)
_NEVER_WERE = (State.DUPLICATE, State.WITHDRAWN)
_MOST = 5  # earlier cases that a case names, the latest ones
_P = ProcedureKey
# A card is not renewed and given back at once; a person has one card; its passport changes before or after it is made.
_EXCLUDE = frozenset(
    frozenset(pair)
    for pair in (
        (_P.RENEW, _P.CANCEL),
        (_P.REPLACE, _P.CANCEL),
        (_P.PASSPORT_CHANGE, _P.CANCEL),
        (_P.EARLY_ISSUE, _P.CANCEL),
        (_P.NEW, _P.RENEW),
        (_P.NEW, _P.REPLACE),
        (_P.RENEW, _P.REPLACE),
        (_P.PASSPORT_CHANGE, _P.REPLACE),
    )
)


@value
class Related:
    """Cases with what they have to do with others; `noted` are known cases of other mails that now know of these."""

    cases: tuple[Case, ...]
    noted: tuple[Case, ...]


def with_relations(cases: tuple[Case, ...], candidates: Candidates) -> Related:
    """`cases` are those of one mail: they know of each other already."""
    own = {case.number for case in cases}
    others = {c.number: c for c in every(candidates) if c.number not in own and c.state not in _NEVER_WERE}
    known = dict(others)
    made = {case.number: case for case in cases}
    for number, fresh in made.items():
        case = fresh
        for other, found in _near(case, others.values()):
            sure = found.answer is Answer.YES
            case = _with(case, _flags(case, other, found), other.number if sure else "")
            if other.state in OPEN:
                others[other.number] = _with(other, _flags(other, case, found), number if sure else "")
        made[number] = case
    return Related(tuple(made.values()), tuple(c for number, c in others.items() if c != known[number]))


def every(candidates: Candidates) -> tuple[Case, ...]:
    """Every case that the store knows and that could matter, each once."""
    found = (*candidates.by_person, *candidates.by_sender, *candidates.by_company_domain, *candidates.by_number)
    return tuple({case.number: case for case in found}.values())


def _near(case: Case, others: Iterable[Case]) -> list[tuple[Case, Recognised]]:
    """The cases that share a person with this one, the latest ones."""
    found = [(other, how) for other in others if (how := _alike(case, other)) is not None]
    return sorted(found, key=lambda pair: pair[0].opened_at, reverse=True)[:_MOST]


def _alike(case: Case, other: Case) -> Recognised | None:
    """How the two cases share a person, surely before perhaps; None where they do not."""
    found = [in_case(person, case.company, other) for person in case.applicants]
    ranked = [f for f in found if f.answer is Answer.YES] + [f for f in found if f.answer is Answer.UNCLEAR]
    return next(iter(ranked), None)


def _flags(case: Case, other: Case, found: Recognised) -> Iterator[Flag]:
    """What is to be said of `other` in `case`. A person who may be another one is named with both values."""
    if case.state not in OPEN or other.state not in OPEN or _along(case, other):
        return
    said = " ".join((other.number, *found.differs))
    elsewhere = same_company(case.company, other.company).answer is Answer.NO
    if found.answer is Answer.UNCLEAR and (elsewhere or not found.differs):
        return  # a namesake in another company is no news
    if case.procedure is other.procedure:
        yield Flag(DUPLICATE, said)
    elif frozenset((case.procedure, other.procedure)) in _EXCLUDE:
        yield Flag(CONTRADICTION, said)
    if elsewhere:
        yield Flag(TWO_COMPANIES, f"{other.number} {other.company}")


def _along(case: Case, other: Case) -> bool:
    """Was one of them opened along with the other?"""
    return other.number in case.related and COMPANION in (case.variant, other.variant)


def _with(case: Case, flags: Iterable[Flag], number: str) -> Case:
    related = tuple(dict.fromkeys((*case.related, *((number,) if number else ()))))
    return replace(case, flags=tuple(dict.fromkeys((*case.flags, *flags))), related=related)
