"""What a check is given: one document, or one case, with everything known around it."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import TypeAlias

from mailintake.model.assessment import Finding, NotChecked
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document
from mailintake.model.facts import Field, FileFacts, ImageFacts, Reading
from mailintake.model.procedure import DocumentKind, Severity
from mailintake.model.rules import Fee
from mailintake.model.value import value

Result: TypeAlias = tuple[Finding, ...] | NotChecked
OK: Result = ()


@value
class Subject:
    """One document in its role. Dates are local dates of the office."""

    document: Document
    kind: DocumentKind
    facts: FileFacts | None
    reading: Reading
    today: date
    first_received_at: date  # of the case: 出函之日起 and 有效期 are counted to it (reading A1, A2)
    applicant: Applicant | None = None
    people_count: int = 1
    announced: int = 0  # people the mails themselves speak of (共3人); 0: they give no number
    awaits_parts: bool = False  # more of the application is still to come
    company: str = ""
    fees: Mapping[str, Fee] = field(default_factory=dict)
    legal_person: bool = False  # the applicant is the legal representative (法人除外)
    sent_to_finance: bool = False  # the mail went to the finance mailbox as well
    others: tuple[Document, ...] = ()  # the other documents of this person and of the company

    @property
    def picture(self) -> ImageFacts | None:
        """The image when every row of it could be decoded: of a cut one only the size is known."""
        image = self.facts.image if self.facts else None
        return image if image is not None and image.complete else None

    def field(self, name: str) -> Field | None:
        """The first reading of that name; a sure one before an unsure one."""
        found = [f for f in self.reading.fields if f.name == name and f.value]
        return next((f for f in found if f.sure), found[0] if found else None)

    def found(
        self,
        fault: str,
        measured: Mapping[str, object] | None = None,
        required: Mapping[str, object] | None = None,
        severity: Severity = Severity.CORRECT,
    ) -> tuple[Finding, ...]:
        """One finding `subject.fault`. A severity milder than CORRECT is kept whatever the configuration says."""
        return (Finding(f"{self.kind.subject}.{fault}", measured or {}, required or {}, severity),)

    def unread(self) -> NotChecked:
        """Why a value is not there: nobody read the text, or it does not stand in it."""
        return NotChecked("no_text" if self.facts is None or self.facts.text is None else "not_found")


@value
class CaseSubject:
    """One case as a whole."""

    case: Case
    today: date
    first_received_at: date
