"""Findings held against the guide."""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from mailintake.model.document import Document, Outcome
from mailintake.model.procedure import Severity
from mailintake.model.value import value

RUNS_OUT = ("passport.expiring", "passport.expired")  # a condition (guide 1.1(1)\u2460): no paper that may come later


@value
class Finding:
    """One deficiency: what was measured, what is required. Values are JSON scalars or small maps."""

    code: str  # subject.fault: photo.size, slip.amount
    measured: Mapping[str, object] = field(default_factory=dict)
    required: Mapping[str, object] = field(default_factory=dict)
    severity: Severity = Severity.CORRECT
    check: str = ""
    clause: str = ""


@value
class NotChecked:
    """A check could not be made; `why` is a word of the program: no_ocr, unreadable, no_text, unsure."""

    why: str


@value
class CheckedDocument:
    """A document with the outcome of all its checks."""

    document: Document
    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    passed: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()  # check names with reasons: "amount_paid: no_ocr"
    superseded: bool = False  # a later valid one of the same role counts instead


@value
class Missing:
    """A requirement nothing satisfies."""

    kind: str
    code: str
    applicant: str | None  # Applicant.key
    tolerable: bool
    clause: str = ""


@value
class Flag:
    """A hint for staff with its evidence. Never in a letter."""

    code: str
    evidence: str
    applicant: str | None = None


class Verdict(StrEnum):
    """What the machine may say. It never refuses: a person refuses."""

    COMPLETE = "complete"
    CORRECTABLE = "correctable"
    FOR_STAFF = "for_staff"


@value
class Assessment:
    """One case held against its variant's list."""

    verdict: Verdict
    documents: tuple[CheckedDocument, ...] = ()
    missing: tuple[Missing, ...] = ()
    case_findings: tuple[Finding, ...] = ()  # about the case as a whole (card.too_early …)
    flags: tuple[Flag, ...] = ()
    paper_seen: tuple[str, ...] = ()  # paper kinds of which a scan came
    paper_unseen: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # why for_staff

    @property
    def passports_wanted(self) -> frozenset[str | None]:
        """Keys of those who are asked for a new passport, because theirs runs out (guide 1.1(1)\u2460); None for one
        that is nobody's in particular."""
        return frozenset(
            one.document.applicant
            for one in self.documents
            if not one.superseded and any(f.code in RUNS_OUT and f.severity is Severity.CORRECT for f in one.findings)
        )
