"""Which reader reads the text of a kind, and which facts each reader gives.

`reader` of a kind in config/documents.yaml names one of these. A new kind whose facts stand behind labels needs no
reader of its own: `labels` reads whatever config/words/documents.yaml has labels for (doc_<kind>_<field>). A new fact
that no label announces is one more entry here, with the function that finds it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from mailintake.model.procedure import DocumentKind, Identifies, ProcedureKey
from mailintake.model.rules import Vocabulary

LABELS = "labels"
_PERSON = ("name_zh", "surname_pinyin", "given_name_pinyin", "name_pinyin", "sex", "birth_date", "birth_place")
_PASSPORT = ("passport_no", "passport_issue_date", "expiry_date", "nationality")
_WORK = ("employer", "employer_en", "job_title", "job_title_en")
_NUMBERS = ("passport_no", "old_passport_no", "card_no", "card_expiry")
GIVES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "passport": frozenset({*_PERSON, *_PASSPORT}),
        "card": frozenset(
            {"card_no", "card_expiry", "passport_no", "name_pinyin", "birth_date", "nationality", "economies"}
        ),
        "form": frozenset({*_PERSON, *_PASSPORT, *_WORK, *_NUMBERS, "id_no", "mobile", "email"}),
        "slip": frozenset(
            {"payer", "payer_account", "payer_bank", "payee", "payee_account", "payee_bank", "amount_cny"}
            | {"amount_words_cny", "transaction_date", "transaction_no", "remark"}
        ),
        "certificate": frozenset({"name_zh", "id_no", "issue_date", "has_record"}),
        "insurance": frozenset({"name_zh", "id_no", "employer", "insured_months", "insured_from", "insured_to"}),
        "licence": frozenset({"employer", "company_code", "legal_person"}),
        "tax": frozenset({"employer", "company_code", "tax_grade", "tax_year"}),
        "profile": frozenset({"employer", "headcount", "topics", "economies"}),
        "trade": frozenset({"employer", "economies", "countries"}),
        "letter": frozenset({"letter_kind", "name_zh", "reason", "registered_company", "employer", *_NUMBERS}),
        "police": frozenset({"name_zh", "reason", "registered_company", *_NUMBERS}),
    }
)
READERS = (*GIVES, LABELS)
_ORDER = {name: place for place, name in enumerate(READERS)}
_UNTITLED = ("passport", "card", "slip", "letter")  # known by what stands on them, not by a title


def given(kind: DocumentKind, vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that can be read out of papers of this kind."""
    if kind.reader == LABELS:
        return labelled(kind.key, vocabulary)
    return GIVES.get(kind.reader, frozenset())


def labelled(key: str, vocabulary: Vocabulary) -> frozenset[str]:
    """The fields for which that kind has labels."""
    start = f"doc_{key}_"
    return frozenset(name.removeprefix(start) for name in vocabulary.lists if name.startswith(start))


def title_list(kind: DocumentKind) -> str:
    """The word list of the titles by which papers of this kind are known; empty where no title is looked for."""
    return f"title_{kind.key}" if kind.reader and kind.reader not in _UNTITLED else ""


class Kinds:
    """The kinds of the configuration, as readers ask for them."""

    def __init__(self, kinds: Mapping[str, DocumentKind]) -> None:
        self._kinds = tuple(kinds.values())
        found = [kind for kind in self._kinds if title_list(kind)]
        self._titled = tuple(sorted(found, key=lambda kind: (_ORDER[kind.reader], kind.identifies is not None)))

    def titled(self) -> tuple[DocumentKind, ...]:
        """Those that are known by a title, in the order of the readers: of titles of one length the first counts."""
        return self._titled

    def plain(self, reader: str) -> str:
        """What a page of that reader is where nothing says more: the generic kind, else the first; "" for none."""
        found = [kind for kind in self._kinds if kind.reader == reader]
        return next((kind.key for kind in found if kind.generic), found[0].key if found else "")

    def form(self) -> str:
        """The form that says who applies."""
        found = (k.key for k in self._kinds if k.reader == "form" and k.identifies is Identifies.PERSON)
        return next(found, "")

    def asking(self) -> Mapping[ProcedureKey, str]:
        """The official letters by what they ask for."""
        return {kind.asks_for: kind.key for kind in self._kinds if kind.asks_for is not None}


def readers_document() -> str:
    """The text of docs/readers.md."""
    lines = [
        "# Readers",
        "",
        "Generated from `src/mailintake/stages/interpret/readers.py`; `make docs` writes it anew and a test holds it",
        "current. `reader` of a kind in `config/documents.yaml` names one of these; a check of the kind can only ask",
        "for facts that its reader gives, else `mailintake check` says so with file and line.",
        "",
        "| reader | gives (docs/fields.md) |",
        "|---|---|",
        *(f"| `{name}` | {', '.join(f'`{fact}`' for fact in sorted(facts))} |" for name, facts in GIVES.items()),
        f"| `{LABELS}` | every field with labels in `config/words`: `doc_<kind>_<field>`; titles: `doc_title_<kind>` |",
    ]
    return "\n".join(lines) + "\n"
