"""A decision as it is kept."""

from collections.abc import Mapping
from dataclasses import replace

from mailintake.model.decided import Decided, DecidedCase
from mailintake.model.document import Document
from mailintake.model.facts import Reading
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Decision, Understanding


def decided_of(decision: Decision, revisions: Mapping[str, int], rules: RuleSet) -> Decided | None:
    """What is kept of it; `revisions`: those it gave its cases. None for one that nobody dated."""
    if decision.decided_at is None:
        return None
    understood = decision.understanding
    case = understood.link.case if understood is not None else None
    return Decided(
        decision.decided_at,
        rules.version,
        decision.disposition,
        None if understood is None else _slim(understood),
        "" if case is None else case.number,
        tuple(DecidedCase(number, revision) for number, revision in revisions.items()),
        tuple(order.letter.value for order in decision.letters),
        decision.notices,
    )


def _slim(understood: Understanding) -> Understanding:
    people = replace(understood.people, documents=tuple(map(_named, understood.people.documents)))
    return replace(understood, link=replace(understood.link, case=None), people=people)


def _named(document: Document) -> Document:
    return replace(document, facts=None, reading=Reading(document.reading.kind))
