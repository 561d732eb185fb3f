"""What a company sent for one of its people need not come again for the next: it lies in the sender's other case."""

from collections.abc import Iterator
from dataclasses import replace

from mailintake.model.case import Case
from mailintake.model.document import Document, Outcome
from mailintake.model.identity import Answer, Trust, same_company, trust
from mailintake.model.procedure import Scope
from mailintake.model.situation import Situation
from mailintake.stages.words.fold import fold
from mailintake.stages.words.own_words import own_words
from mailintake.stages.words.speech import any_of


def with_company_papers(case: Case, at: Situation) -> Case:
    """The case with the papers of its company that it asks for, that do not come with it, and that are in order in
    another case of the same sender for the same company: one of the same thread, or any where the mail says that they
    came before."""
    if not case.company or trust(at.message.authentication).answer is Trust.FORGED:
        return case
    wanted = set(_wanted(case, at)) - {document.kind for document in case.documents}
    thread = {other.number for other in at.candidates.token_cases}
    before = _sent_before(at)
    near = [c for c in at.candidates.by_sender if _same(case, c) and (before or c.number in thread)]
    found: dict[str, Document] = {}
    for other in sorted(near, key=lambda other: other.last_received_at):
        found |= {kind: document for kind, document in _in_order(other) if kind in wanted}
    return replace(case, documents=(*case.documents, *found.values())) if found else case


def _sent_before(at: Situation) -> bool:
    """Does the mail say of a paper that it came already?"""
    said = fold(own_words(at.message, at.rules).both)
    return any_of(at.rules.vocabulary.words("company_papers_before_patterns")).search(said) is not None


def _same(case: Case, other: Case) -> bool:
    return bool(other.company) and same_company(case.company, other.company).answer is Answer.YES


def _wanted(case: Case, at: Situation) -> Iterator[str]:
    """The kinds of papers of a company that the case asks for by mail."""
    variant = at.rules.procedure(case.procedure).variant(case.variant)
    yield from (r.kind for r in variant.email if at.rules.kinds[r.kind].scope is Scope.COMPANY)


def _in_order(case: Case) -> Iterator[tuple[str, Document]]:
    """The documents of a case in which nothing was found, by their kind."""
    for checked in case.assessment.documents if case.assessment else ():
        if not checked.superseded and checked.outcome is Outcome.OK and checked.document.kind:
            yield checked.document.kind, checked.document
