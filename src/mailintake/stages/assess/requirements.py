"""What the variant asks for, for each person, the company and the group, and what satisfies it."""

from collections.abc import Iterator

from mailintake.model.assessment import CheckedDocument, Missing
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document, Outcome
from mailintake.model.procedure import DocumentKind, Requirement, Scope, Variant
from mailintake.model.rules import RuleSet

_SHARED_FACTS = frozenset({"reason", "letter_kind", "card_expiry_month"})  # said once for the whole group
_OWN_FIELDS = ("passport_no", "old_passport_no", "birth_date", "card_no", "card_expiry", "name_pinyin")


def variant_of(case: Case, rules: RuleSet) -> Variant:
    """The list the case is judged by; the loader has filled in every `like`."""
    return rules.procedure(case.procedure).variant(case.variant)


def role_of(kind: str | None, variant: Variant) -> str:
    """The required kind that a document of this kind stands for; its own kind where the list does not know it."""
    own = next((r.kind for r in (*variant.email, *variant.paper) if r.kind == kind), None)
    instead = next((r.kind for r in variant.email if kind in r.alternatives), None)
    return own or instead or kind or ""


def listed(kind: str, variant: Variant) -> bool:
    """Does the list ask for this kind, by mail or on paper, or take it instead of another?"""
    return any(kind == r.kind or kind in r.alternatives for r in (*variant.email, *variant.paper))


def missing_items(case: Case, documents: tuple[CheckedDocument, ...], rules: RuleSet) -> tuple[Missing, ...]:
    """Every e-mail item that nothing satisfies. A faulty document is not missing: its fault is told instead."""
    variant = variant_of(case, rules)
    tolerance = rules.procedure(case.procedure).tolerance
    found = []
    for requirement in variant.email:
        kind = rules.kinds[requirement.kind]
        for person in _whom(kind, case):
            if not _satisfied(requirement, person, case, documents, rules):
                key = person.key if person else None
                tolerable = tolerance and requirement.tolerable
                found.append(Missing(kind.key, kind.missing, key, tolerable, requirement.clause))
    return tuple(found)


def _whom(kind: DocumentKind, case: Case) -> tuple[Applicant | None, ...]:
    return case.applicants or (None,) if kind.scope is Scope.APPLICANT else (None,)


def _satisfied(
    requirement: Requirement,
    person: Applicant | None,
    case: Case,
    documents: tuple[CheckedDocument, ...],
    rules: RuleSet,
) -> bool:
    for key in (requirement.kind, *requirement.alternatives):
        kind = rules.kinds.get(key)
        if kind is None:
            continue
        if kind.fact and _said(kind, person, case):
            return True
        # A faulty document of the asked kind is told as its fault; a faulty substitute for a fact says nothing.
        faulty_counts = not rules.kinds[requirement.kind].fact
        if any(_is(d, kind, person, case) and (faulty_counts or _usable(d)) for d in documents):
            return True
    return False


def _usable(checked: CheckedDocument) -> bool:
    return checked.outcome is not Outcome.NOT_OK


def _is(checked: CheckedDocument, kind: DocumentKind, person: Applicant | None, case: Case) -> bool:
    document = checked.document
    if document.kind != kind.key:
        return False
    return kind.scope is not Scope.APPLICANT or person is None or _owner(document, case) == person.key


def _owner(document: Document, case: Case) -> str | None:
    """Whose it is; in a case of one person everything personal is theirs."""
    if document.applicant is None and len(case.applicants) == 1:
        return case.applicants[0].key
    return document.applicant


def _said(kind: DocumentKind, person: Applicant | None, case: Case) -> bool:
    """Does a fact stand anywhere: with the person, in one of their documents, in the mail?"""
    return any(value for name in kind.fields for value in facts_named(name, person, case))


def facts_named(name: str, person: Applicant | None, case: Case) -> Iterator[str]:
    """Every value of that name that is about this person (or about everybody)."""
    if person is not None:
        if name in ("name_zh", "name_pinyin"):
            yield person.name or person.name_pinyin
        if name in _OWN_FIELDS:
            yield str(getattr(person, name))
        yield from (f.value for f in person.fields if f.name == name)
    alone = len(case.applicants) <= 1
    if alone or name in _SHARED_FACTS:
        yield from (f.value for f in case.fields if f.name == name)
    for document in case.documents:
        mine = person is not None and _owner(document, case) == person.key
        if mine or (document.applicant is None and (alone or name in _SHARED_FACTS)):
            yield from document.reading.all(name)


def paper_lists(
    case: Case, documents: tuple[CheckedDocument, ...], rules: RuleSet
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Paper items of which a scan came for everybody it is due from, and the others."""
    variant = variant_of(case, rules)
    seen: list[str] = []
    unseen: list[str] = []
    for requirement in variant.paper:
        kinds = [rules.kinds[k] for k in (requirement.kind, *requirement.alternatives) if k in rules.kinds]
        people = _whom(kinds[0], case) if kinds else ()
        came = all(any(_usable(d) and _is(d, kind, p, case) for d in documents for kind in kinds) for p in people)
        (seen if kinds and came else unseen).append(requirement.kind)
    return tuple(dict.fromkeys(seen)), tuple(dict.fromkeys(unseen))
