"""Kinds of document by what they are good for. No stage names a kind: it asks here (docs/document-kinds.md)."""

from collections.abc import Mapping

from mailintake.model.procedure import Identifies, PassportRole, ProcedureKey
from mailintake.model.rules import RuleSet

LIST = "list"  # subject of a file that only says who applies: read, and asked for by nobody
_ABOUT_PEOPLE = frozenset({"letter", "police"})  # readers (docs/readers.md)


def identity_papers(rules: RuleSet) -> frozenset[str]:
    """Papers that say who somebody is."""
    return frozenset(key for key, kind in rules.kinds.items() if kind.identifies is Identifies.PERSON)


def personal_form(rules: RuleSet) -> str | None:
    """The form that says who applies, None where the configuration has none."""
    found = (k.key for k in rules.kinds.values() if k.reader == "form" and k.identifies is Identifies.PERSON)
    return next(found, None)


def people_list(rules: RuleSet) -> str:
    """The kind of a list of people, "" where the configuration has none."""
    return next((key for key, kind in rules.kinds.items() if kind.subject == LIST), "")


def card_papers(rules: RuleSet) -> frozenset[str]:
    """Papers that show a card."""
    return frozenset(key for key, kind in rules.kinds.items() if kind.identifies is Identifies.CARD)


def passport_pages(rules: RuleSet, *roles: PassportRole) -> frozenset[str]:
    """Passport pages of these roles; without roles all of them."""
    wanted = roles or tuple(PassportRole)
    return frozenset(key for key, kind in rules.kinds.items() if kind.passport in wanted)


def letters_naming_people(rules: RuleSet) -> frozenset[str]:
    """Papers in running text that are about people: official letters, and reports of a loss to the police."""
    return frozenset(key for key, kind in rules.kinds.items() if kind.reader in _ABOUT_PEOPLE)


def slips(rules: RuleSet) -> frozenset[str]:
    """Papers that show a payment (config/fees.yaml)."""
    return frozenset(fee.slip_kind for fee in rules.fees.values())


def first_papers(rules: RuleSet) -> frozenset[str]:
    """What a first application brings by mail, slips aside: several of them together are an application."""
    return frozenset(r.kind for r in rules.procedure(ProcedureKey.NEW).variant(None).email) - slips(rules)


def only_first_papers(rules: RuleSet) -> frozenset[str]:
    """Papers that nothing but a first application asks for."""
    first = rules.procedure(ProcedureKey.NEW).variant(None)
    others = {
        r.kind
        for procedure in rules.procedures
        if procedure.key is not ProcedureKey.NEW
        for variant in procedure.variants
        if not variant.like
        for r in (*variant.email, *variant.paper)
    }
    return frozenset(r.kind for r in first.paper) - others


def only_renewal_papers(rules: RuleSet) -> frozenset[str]:
    """Papers that a renewal asks for and a first application does not (guide 2.1\u2460: the company's letter)."""
    first = rules.procedure(ProcedureKey.NEW).variant(None)
    renewal = rules.procedure(ProcedureKey.RENEW).variant(None)
    kinds = {r.kind for r in (*renewal.email, *renewal.paper)}
    return frozenset(kinds - {r.kind for r in (*first.email, *first.paper)})


def requests(rules: RuleSet) -> Mapping[str, ProcedureKey]:
    """Official letters that one procedure alone asks for, each with it."""
    asked: dict[str, set[ProcedureKey]] = {}
    for procedure in rules.procedures:
        for kind in {r.kind for variant in procedure.variants for r in (*variant.email, *variant.paper)}:
            if kind in rules.kinds and rules.kinds[kind].subject == "letter":
                asked.setdefault(kind, set()).add(procedure.key)
    return {kind: key for kind, (key, *others) in asked.items() if not others}
