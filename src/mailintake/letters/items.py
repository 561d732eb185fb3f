"""What one case still lacks and what has come, person by person."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mailintake.letters.masking import clean, mask_text, mask_value
from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Missing
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document, Outcome
from mailintake.model.letter import Item, PersonBlock, Received
from mailintake.model.procedure import DocumentKind, Requirement, Scope, Severity
from mailintake.model.rules import Fee, RuleSet

NEVER_TOLD = ("prohibited.", "account.", "sender.", "procedure.", "duplicate.")  # flags are for staff (guide 违规禁办)
COULD_NOT_OPEN = ("archive.", "attachment.", "cloud_link.")  # told in a section of their own
_LAST = 999


def person_blocks(case: Case, rules: RuleSet) -> tuple[PersonBlock, ...]:
    """One block per applicant in order, then one for the company and the group; blocks with nothing in them are left
    out."""
    if case.assessment is None:
        return ()
    writer = _Writer(case, case.assessment, rules)
    blocks = (*(writer.block(a) for a in case.applicants), writer.block(None))
    return tuple(b for b in blocks if b.todo or b.received)


def standard(kind: DocumentKind | None, rules: RuleSet, people: int) -> Mapping[str, object]:
    """What the rules require of a kind, merged into one map for the wording: sizes, formats, months, amounts."""
    if kind is None:
        return {}
    merged: dict[str, object] = {"formats": kind.formats} if kind.formats else {}
    for spec in kind.checks:
        if spec.severity is Severity.CORRECT:
            merged |= spec.params
    fee = fee_of(kind.key, rules)
    if fee is not None:
        merged |= {"each": fee.amount_cny, "people": people, "amount_cny": fee.amount_cny * people, "payee": fee.payee}
    return merged


def fee_of(kind: str, rules: RuleSet) -> Fee | None:
    """The fee whose slip is of that kind."""
    return next((fee for fee in rules.fees.values() if fee.slip_kind == kind), None)


def may_be_told(code: str, *, unopened: bool = False) -> bool:
    """Is it a fault of the papers and no flag? Files that could not be opened only where `unopened`."""
    return not code.startswith(NEVER_TOLD if unopened else (*NEVER_TOLD, *COULD_NOT_OPEN))


def known_numbers(case: Case) -> tuple[str, ...]:
    """Numbers of the case's people, to be masked wherever they stand."""
    numbers = (n for a in case.applicants for n in (a.passport_no, a.old_passport_no, a.card_no))
    return tuple(n for n in numbers if n)


class _Writer:
    """The words' raw material of one case."""

    def __init__(self, case: Case, assessment: Assessment, rules: RuleSet) -> None:
        self.case, self.assessment, self.rules = case, assessment, rules
        procedure = rules.procedure(case.procedure)
        variant = procedure.variant(case.variant)
        self.tolerance = procedure.tolerance
        self.requirements = (*variant.email, *variant.paper)
        self.numbers = known_numbers(case)

    def block(self, applicant: Applicant | None) -> PersonBlock:
        key = applicant.key if applicant else None
        name = "" if applicant is None else clean(applicant.name or applicant.name_pinyin)
        wrong = _once(item for doc in self.current(key) for item in self.faults(doc, name))
        lacking = [self.lack(m, name) for m in self.assessment.missing if m.applicant == key and may_be_told(m.code)]
        named = {item.kind for item in wrong}
        general = [self.item(f, "", "", name) for f in self.told(self.assessment.case_findings, key)]
        todo = sorted(
            [*wrong, *(i for i in lacking if i.kind not in named), *general], key=lambda i: self.place(i.kind)
        )
        received = [self.received(doc, name) for doc in self.current(key) if self.in_order(doc)]
        received.sort(key=lambda r: self.place(r.kind))
        return PersonBlock(name, tuple(todo), tuple(received), key=key or "", case=self.case.number)

    def current(self, key: str | None) -> Iterable[CheckedDocument]:
        """Documents of that person (None: of everybody, or of somebody unknown) that still count."""
        for checked in self.assessment.documents:
            if self.owner(checked.document) == key and not checked.superseded:
                yield checked

    def owner(self, document: Document) -> str | None:
        """Whose it is; in a case of one person everything personal is theirs."""
        people = [a.key for a in self.case.applicants]
        if document.applicant in people:
            return document.applicant
        kind = self.rules.kinds.get(document.kind or "")
        return people[0] if len(people) == 1 and kind is not None and kind.scope is Scope.APPLICANT else None

    def told(self, findings: Iterable[Finding], key: str | None) -> Iterable[Finding]:
        """Findings on the case as a whole that belong into the block of `key`."""
        known = {a.key for a in self.case.applicants}
        for finding in findings:
            owner = finding.measured.get("applicant")
            mine = owner == key if owner in known else key is None
            if mine and finding.severity is Severity.CORRECT and may_be_told(finding.code):
                yield finding

    def faults(self, checked: CheckedDocument, name: str) -> Iterable[Item]:
        for finding in checked.findings:
            nameless = checked.document.kind is None  # a file nobody could open: told in the section for those
            if finding.severity is Severity.CORRECT and may_be_told(finding.code, unopened=not nameless):
                yield self.item(finding, checked.document.kind or "", checked.document.name, name)

    def item(self, finding: Finding, kind: str, file: str, person: str) -> Item:
        required = {**self.standard(kind), **finding.required}
        shown = replace(finding, measured=_masked(finding.measured), required=_masked(required))
        return Item(
            kind=kind,
            title=self.title(kind),
            code=finding.code,
            person=person,
            file=mask_text(file, self.numbers),
            tolerable=self.tolerable(kind),
            finding=shown,
            standard=_masked(required),
        )

    def lack(self, missing: Missing, person: str) -> Item:
        return Item(
            kind=missing.kind,
            title=self.title(missing.kind),
            code=missing.code,
            person=person,
            tolerable=missing.tolerable,
            standard=_masked(self.standard(missing.kind)),
        )

    def in_order(self, checked: CheckedDocument) -> bool:
        unopened = checked.document.problem.startswith(COULD_NOT_OPEN)
        told = any(f.severity is Severity.CORRECT for f in checked.findings)
        return not unopened and not told and checked.outcome is not Outcome.NOT_OK

    def received(self, checked: CheckedDocument, name: str) -> Received:
        document = checked.document
        file = mask_text(document.name, self.numbers)
        return Received(document.kind or "", self.title(document.kind), name, file, checked.outcome is Outcome.OK)

    def standard(self, kind: str) -> Mapping[str, object]:
        return standard(self.rules.kinds.get(kind), self.rules, max(1, len(self.case.applicants)))

    def title(self, kind: str | None) -> str:
        known = self.rules.kinds.get(kind or "")
        return known.title if known else ""

    def requirement(self, kind: str) -> Requirement | None:
        return next((r for r in self.requirements if kind == r.kind or kind in r.alternatives), None)

    def tolerable(self, kind: str) -> bool:
        requirement = self.requirement(kind)
        return self.tolerance and requirement is not None and requirement.tolerable

    def place(self, kind: str) -> int:
        """Its place in the guide's list; what is not on it comes last."""
        found = self.requirement(kind)
        return self.requirements.index(found) if found is not None else _LAST


def _once(items: Iterable[Item]) -> list[Item]:
    """The same fault of several files of one role is one thing to mend; all the files are named."""
    found: dict[tuple[str, str], Item] = {}
    for item in items:
        first = found.get((item.kind, item.code))
        more = (*first.more_files, item.file) if first else ()
        found[item.kind, item.code] = replace(first or item, more_files=more)
    return list(found.values())


def _masked(values: Mapping[str, object]) -> Mapping[str, object]:
    return {key: mask_value(item) for key, item in values.items()}
