"""What a file is in the light of the procedure: any letter is the letter it asks for, any passport page the page."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.document import Document, Evidence
from mailintake.model.procedure import PassportRole, ProcedureKey, Variant
from mailintake.model.rules import RuleSet
from mailintake.model.traits import passport_pages
from mailintake.model.value import value


def kinds_for(
    procedure: ProcedureKey, variant: str, documents: Sequence[Document], rules: RuleSet
) -> tuple[Document, ...]:
    """The documents with letters and passport pages as the variant's list calls them."""
    wanted = rules.procedure(procedure).variant(variant)
    return _passports(_letters(tuple(documents), wanted, rules), wanted, rules)


def _required(variant: Variant) -> tuple[str, ...]:
    return tuple(requirement.kind for requirement in (*variant.email, *variant.paper))


def _letters(documents: tuple[Document, ...], variant: Variant, rules: RuleSet) -> tuple[Document, ...]:
    """Companies call any letter 公函, 请示 or 申请: where the one asked for is missing, the one that came is it."""
    needed = next((kind for kind in _required(variant) if _is_official_letter(kind, rules)), None)
    if needed is None or any(document.kind == needed for document in documents):
        return documents
    return tuple(_as(d, needed) if d.kind and _is_official_letter(d.kind, rules) else d for d in documents)


def _is_official_letter(kind: str, rules: RuleSet) -> bool:
    return kind in rules.kinds and rules.kinds[kind].subject == "letter"


def _as(document: Document, kind: str) -> Document:
    if document.kind == kind:
        return document
    why = Evidence("kind.procedure", text=f"{document.kind} -> {kind}")
    return replace(document, kind=kind, reasons=(*document.reasons, why))


def _passports(documents: tuple[Document, ...], variant: Variant, rules: RuleSet) -> tuple[Document, ...]:
    """Of each person the old and the new page where the list tells them apart, else the one page that it asks for."""
    required, pages = _required(variant), passport_pages(rules)
    told_apart = any(kind in passport_pages(rules, PassportRole.OLD, PassportRole.NEW) for kind in required)
    made = list(documents)
    for owner in dict.fromkeys(d.applicant for d in documents if d.kind in pages):
        places = [n for n, d in enumerate(documents) if d.kind in pages and d.applicant == owner]
        shown = [_page(documents[place], rules) for place in places]
        roles = _old_and_new(shown) if told_apart else [_same_or_any(page) for page in shown]
        for place, role in zip(places, roles, strict=True):
            made[place] = _as(made[place], _called(role, made[place], required, rules))
    return tuple(made)


@value
class _Page:
    """A passport page as it is called, and the last day of the passport."""

    role: PassportRole
    expiry: str


def _page(document: Document, rules: RuleSet) -> _Page:
    role = rules.kinds[document.kind or ""].passport or PassportRole.ANY
    return _Page(role, document.reading.get("expiry_date") or "")


def _called(role: PassportRole, page: Document, required: Sequence[str], rules: RuleSet) -> str:
    """The kind of that role: as the list calls it, else what the page is already, else the first of that role."""
    kinds = passport_pages(rules, role)
    asked = next((kind for kind in required if kind in kinds), None)
    if asked is None and (role is PassportRole.ANY or page.kind in kinds):
        return page.kind or ""
    return asked or min(kinds, default=page.kind or "")


def _same_or_any(page: _Page) -> PassportRole:
    """A list with one passport page: everything but the old one is that page."""
    return PassportRole.OLD if page.role is PassportRole.OLD else PassportRole.ANY


def _old_and_new(pages: Sequence[_Page]) -> list[PassportRole]:
    """The page that expires last is the new one, the others are old; a single page is the new one unless named old."""
    named = {page.role for page in pages}
    open_ones = [page for page in pages if page.role is PassportRole.ANY]
    latest = max((page.expiry for page in open_ones), default="")
    dated = len(open_ones) > 1 and all(page.expiry for page in open_ones) and PassportRole.OLD not in named
    newest = next((n for n, p in reversed(list(enumerate(pages))) if p in open_ones and p.expiry == latest), None)

    def role(place: int, page: _Page) -> PassportRole:
        if page.role is not PassportRole.ANY:
            return page.role
        if PassportRole.NEW in named and PassportRole.OLD not in named:
            return PassportRole.OLD  # what is not called new beside a new one is the old one
        return PassportRole.OLD if dated and place != newest else PassportRole.NEW

    return [role(place, page) for place, page in enumerate(pages)]
