"""What the database says where the guide asks for a pending application (early issue: clause 6): shown to staff."""

from collections.abc import Iterator

from mailintake.model.assessment import Flag
from mailintake.model.case import MAIL_SIDE_OPEN, PENDING_AT_OFFICE, Case
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Candidates, People
from mailintake.stages.classify.known import MAKES_CARD, cases_of_people

_QUESTION = "pending_application"  # the line of the procedure's checklist that this answers
_PENDING = "review.application_pending"
_NONE = "review.no_application_known"
_UNDER_WAY = (*MAIL_SIDE_OPEN, *PENDING_AT_OFFICE)


def pending_flags(case: Case, candidates: Candidates, rules: RuleSet) -> Iterator[Flag]:
    """For each applicant the applications under way that the database knows, or that it knows of none.

    Applications from before the program, or made on paper, are unknown to it: staff decide, nothing is refused.
    """
    conditions = rules.procedure(case.procedure).conditions
    if not any(condition.params.get("question") == _QUESTION for condition in conditions):
        return
    everything = (*candidates.by_person, *candidates.by_sender, *candidates.by_company_domain, *candidates.by_number)
    known = tuple({c.number: c for c in (*everything, *candidates.token_cases)}.values())
    for person in case.applicants:
        theirs = cases_of_people(People((person,), (), case.company), known)
        found = [c.number for c in theirs if c.procedure in MAKES_CARD and c.state in _UNDER_WAY]
        yield Flag(_PENDING, ", ".join(found), person.key) if found else Flag(_NONE, person.name, person.key)
