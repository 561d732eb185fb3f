"""A paper is only of a kind that the matters of the mail, or the mail's own words, know."""

from collections.abc import Iterable
from dataclasses import replace

from mailintake.model.document import Document, Evidence
from mailintake.model.procedure import ProcedureKey
from mailintake.model.rules import RuleSet
from mailintake.stages.words.kind_names import kinds_named_in

_OWN_WORDS = ("kind.file_name", "kind.folder", "kind.mail_text", "kind.list")


def only_known(
    documents: tuple[Document, ...], procedures: Iterable[ProcedureKey], said: str, rules: RuleSet
) -> tuple[Document, ...]:
    """What only its content makes a paper that none of these procedures has, in any of its variants, and that nobody
    named, is of no kind: it is shown to staff, and `reading.kind` still says what it looks like."""
    subjects = {
        rules.kinds[kind].subject for key in procedures for kind in rules.procedure(key).kinds if kind in rules.kinds
    }
    if not subjects:
        return documents
    named = frozenset(kinds_named_in(said, rules))
    return tuple(_without(d) if _is_foreign(d, subjects, named, rules) else d for d in documents)


def _is_foreign(document: Document, subjects: set[str], named: frozenset[str], rules: RuleSet) -> bool:
    kind = rules.kinds.get(document.kind or "")
    if kind is None or kind.subject in subjects or kind.key in named:
        return False
    return not any(why.rule in _OWN_WORDS for why in document.reasons)


def _without(document: Document) -> Document:
    why = Evidence("kind.not_of_this_procedure", text=document.kind or "")
    return replace(document, kind=None, reasons=(*document.reasons, why))
