"""What a file is in the light of the procedure: any letter is the letter it asks for, any passport page the page."""

from collections.abc import Sequence
from dataclasses import replace

from mailintake.model.document import Document, Evidence
from mailintake.model.procedure import ProcedureKey, Variant
from mailintake.model.rules import RuleSet

_OLD, _NEW, _PAGE, _COLOUR = "old_passport_page", "new_passport_page", "passport_page", "passport_colour_scan"
_PASSPORTS = (_PAGE, _NEW, _OLD, _COLOUR)


def kinds_for(
    procedure: ProcedureKey, variant: str, documents: Sequence[Document], rules: RuleSet
) -> tuple[Document, ...]:
    """The documents with letters and passport pages as the variant's list calls them."""
    wanted = rules.procedure(procedure).variant(variant)
    return _passports(_letters(tuple(documents), wanted, rules), wanted)


def _required(variant: Variant) -> tuple[str, ...]:
    return tuple(requirement.kind for requirement in (*variant.email, *variant.paper))


def _letters(documents: tuple[Document, ...], variant: Variant, rules: RuleSet) -> tuple[Document, ...]:
    """Companies call any letter 公函, 请示 or 申请: where the one asked for is missing, the one that came is it."""
    needed = next((kind for kind in _required(variant) if _is_letter(kind, rules)), None)
    if needed is None or any(document.kind == needed for document in documents):
        return documents
    return tuple(_as(d, needed) if d.kind and _is_letter(d.kind, rules) else d for d in documents)


def _is_letter(kind: str, rules: RuleSet) -> bool:
    return kind in rules.kinds and rules.kinds[kind].subject == "letter"


def _as(document: Document, kind: str) -> Document:
    if document.kind == kind:
        return document
    why = Evidence("kind.procedure", text=f"{document.kind} -> {kind}")
    return replace(document, kind=kind, reasons=(*document.reasons, why))


def _passports(documents: tuple[Document, ...], variant: Variant) -> tuple[Document, ...]:
    required = _required(variant)
    owners = dict.fromkeys(d.applicant for d in documents if d.kind in _PASSPORTS)
    for owner in owners:
        pages = [d for d in documents if d.kind in _PASSPORTS and d.applicant == owner]
        renamed = _old_and_new(pages) if _OLD in required or _NEW in required else _one_page(pages, required)
        documents = tuple(renamed.get(id(d), d) for d in documents)
    return documents


def _one_page(pages: Sequence[Document], required: tuple[str, ...]) -> dict[int, Document]:
    """A list with one passport page: everything but the old one is that page."""
    wanted = next((kind for kind in (_COLOUR, _PAGE) if kind in required), None)
    if wanted is None:
        return {}
    return {id(page): _as(page, wanted) for page in pages if page.kind != _OLD}


def _old_and_new(pages: Sequence[Document]) -> dict[int, Document]:
    """The page that expires last is the new one, the others are old; a single page is the new one unless named old."""
    fresh = [page for page in pages if page.kind != _OLD]
    old = [page for page in pages if page.kind == _OLD]
    named_new = [page for page in fresh if page.kind == _NEW]
    unnamed = [page for page in fresh if page.kind != _NEW]
    if named_new and not old:  # what is not called new beside a new one is the old one
        return {id(page): _as(page, _OLD) for page in unnamed}
    if old or len(unnamed) < 2:
        return {id(page): _as(page, _NEW) for page in unnamed}
    ranked = sorted(unnamed, key=lambda page: page.reading.get("expiry_date") or "")
    if not all(page.reading.get("expiry_date") for page in unnamed):
        return {id(page): _as(page, _NEW) for page in unnamed}
    made = {id(page): _as(page, _OLD) for page in ranked[:-1]}
    return made | {id(ranked[-1]): _as(ranked[-1], _NEW)}
