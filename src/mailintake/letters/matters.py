"""What one matter still lacks and what has come for it, line by line: equal gaps of several people are one line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from mailintake.letters.masking import clean, mask_number, mask_text, mask_value
from mailintake.model.assessment import RUNS_OUT, Assessment, CheckedDocument, Finding, Missing
from mailintake.model.case import Applicant, Case
from mailintake.model.document import PASTED, Document, Outcome
from mailintake.model.facts import ROUGHLY, FileFacts
from mailintake.model.letter import Item, Received
from mailintake.model.procedure import DocumentKind, Requirement, Scope, Severity
from mailintake.model.rules import Fee, RuleSet
from mailintake.model.traits import LIST
from mailintake.model.value import value

NEVER_TOLD = ("prohibited.", "account.", "sender.", "procedure.", "duplicate.")  # flags are for staff (guide 违规禁办)
COULD_NOT_OPEN = ("archive.", "attachment.", "cloud_link.")  # told in a section of their own
_ADVICE = ("slip.not_to_finance", "passport.expiring")  # warnings that are no fault of the file they stand on
_FORM = "form"  # subject of the kind that bears the passport's number
_LAST = 999
_CARD_UNTIL, _LONGEST_TOLD = "card_expiry", 40  # characters that are quoted
_FEW_UNPLACED, _SMALLEST = 3, 120  # files; pixels of a picture that is more than a sign below a mail


@value
class MatterLines:
    """The material of one matter's block, in the order of the guide."""

    todo: tuple[Item, ...] = ()
    received: tuple[Received, ...] = ()  # in order
    by_staff: tuple[Received, ...] = ()  # came, but only a person can say


def matter_lines(case: Case, rules: RuleSet, *, only: str = "") -> MatterLines:
    """Everything a letter may say about the papers of a case. `only`: what came with the mail of that sha256."""
    if case.assessment is None:
        return MatterLines()
    return _Writer(case, case.assessment, rules).lines(only)


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


def _is_like(facts: FileFacts, formats: Sequence[str]) -> bool:
    """Is the file of one of the formats, and no mere sign?"""
    image = facts.image
    return facts.format in formats and (image is None or min(image.width, image.height) >= _SMALLEST)


def _sent_as(document: Document) -> str:
    """The name of the file as the sender knows it: of a picture that was pasted into a page, the page's."""
    inside, _, _ = document.path.rpartition("/")
    return inside.rpartition("/")[2] if inside and PASTED.fullmatch(document.name) else document.name


def known_numbers(case: Case) -> tuple[str, ...]:
    """Numbers of the case's people, to be masked wherever they stand."""
    numbers = (n for a in case.applicants for n in (a.passport_no, a.old_passport_no, a.card_no))
    return tuple(n for n in numbers if n)


@value
class _Gap:
    """One thing that one person must send or mend."""

    item: Item
    owner: str | None  # Applicant.key; None: the company or the group


class _Writer:
    """The words' raw material of one case."""

    def __init__(self, case: Case, assessment: Assessment, rules: RuleSet) -> None:
        self.case, self.assessment, self.rules = case, assessment, rules
        procedure = rules.procedure(case.procedure)
        variant = procedure.variant(case.variant)
        self.tolerance = procedure.tolerance
        self.requirements = (*variant.email, *variant.paper)
        self.numbers = known_numbers(case)
        self.people = [a.key for a in case.applicants]
        self.names = Counter(d.document.name for d in assessment.documents if not d.superseded)

    def lines(self, only: str) -> MatterLines:
        """Gaps and receipts; a mail's own files only where `only` names it."""
        current = [d for d in self.assessment.documents if not d.superseded and only in ("", d.document.message)]
        todo = sorted(_together(self._gaps(), self._people), key=lambda item: self.place(item.kind))
        came = [checked for checked in current if self._counts(checked)]
        return MatterLines(
            tuple(todo),
            tuple(self._receipts([c for c in came if self._in_order(c)], checked=True)),
            tuple(self._receipts([c for c in came if not self._in_order(c)], checked=False)),
        )

    def _gaps(self) -> Iterator[_Gap]:
        """Person by person, then the company and the group. A faulty paper is not also called missing."""
        for owner in (*self.people, None):
            wrong = [item for checked in self._current(owner) for item in self._faults(checked)]
            yield from (_Gap(item, owner) for item in wrong)
            named = {item.kind for item in wrong}
            for missing in self.assessment.missing:
                if missing.applicant == owner and may_be_told(missing.code) and missing.kind not in named:
                    yield _Gap(self._lack(missing), owner)
            for finding in self._told(self.assessment.case_findings, owner):
                yield _Gap(self._item(finding, "", ""), owner)

    def _people(self, owners: Iterable[str | None]) -> tuple[str, ...]:
        """Names to be said: of several people in a matter; the only one needs no saying."""
        if len(self.people) <= 1:
            return ()
        wanted = set(owners)
        return tuple(called(a, self.case.applicants) for a in self.case.applicants if a.key in wanted)

    def _current(self, owner: str | None) -> Iterator[CheckedDocument]:
        """Documents of that person (None: of everybody, or of somebody unknown) that still count."""
        for checked in self.assessment.documents:
            if self._owner(checked.document) == owner and not checked.superseded:
                yield checked

    def _owner(self, document: Document) -> str | None:
        """Whose it is; in a case of one person everything personal is theirs."""
        if document.applicant in self.people:
            return document.applicant
        kind = self.rules.kinds.get(document.kind or "")
        return self.people[0] if len(self.people) == 1 and kind is not None and kind.scope is Scope.APPLICANT else None

    def _told(self, findings: Iterable[Finding], owner: str | None) -> Iterator[Finding]:
        """Findings on the case as a whole that are about `owner`."""
        for finding in findings:
            about = finding.measured.get("applicant")
            mine = about == owner if about in self.people else owner is None
            if mine and finding.severity is Severity.CORRECT and may_be_told(finding.code):
                yield finding

    def _faults(self, checked: CheckedDocument) -> Iterator[Item]:
        for finding in checked.findings:
            nameless = checked.document.kind is None  # a file nobody could open: told in the section for those
            if finding.severity is Severity.CORRECT and may_be_told(finding.code, unopened=not nameless):
                yield self._item(finding, checked.document.kind or "", _sent_as(checked.document))

    def _item(self, finding: Finding, kind: str, file: str) -> Item:
        required = {**self._standard(kind), **finding.required}
        shown = replace(finding, measured=_masked(finding.measured), required=_masked(required))
        return Item(
            kind=kind,
            title=self._title(kind),
            code=finding.code,
            file=mask_text(file, self.numbers),
            tolerable=self._tolerable(kind) and finding.code not in RUNS_OUT,
            finding=shown,
            standard=_masked(required),
        )

    def _lack(self, missing: Missing) -> Item:
        return Item(
            kind=missing.kind,
            title=self._title(missing.kind),
            code=missing.code,
            tolerable=missing.tolerable,
            standard=_masked(self._standard(missing.kind)),
            unplaced=self._could_be(missing.kind),
            told=self._told_roughly(missing),
        )

    def _told_roughly(self, missing: Missing) -> str:
        """When the card ends, in the sender's words, where they do not tell it to the day: who wrote them is not told
        that nothing was written."""
        person = next((a for a in self.case.applicants if a.key == missing.applicant), None)
        if _CARD_UNTIL not in self.rules.kinds[missing.kind].fields:
            return ""
        fields = (*(person.fields if person is not None else ()), *self.case.fields)
        words = (mask_text(field.value, self.numbers) for field in fields if field.name in ROUGHLY)
        return next((one for one in words if len(one) <= _LONGEST_TOLD), "")

    def _could_be(self, kind: str) -> tuple[str, ...]:
        """The names of files that came in a form of this paper and that nobody could tell what they are: who sent one
        of them is not told that it did not come. Too many of them say nothing of any one paper."""
        wanted = self.rules.kinds.get(kind)
        formats = (*wanted.formats, *wanted.near_formats) if wanted is not None else ()
        nobody = [c.document for c in self.assessment.documents if c.document.kind is None and not c.superseded]
        names = [_sent_as(d) for d in nobody if not d.problem and d.facts is not None and _is_like(d.facts, formats)]
        return tuple(mask_text(name, self.numbers) for name in names) if len(names) <= _FEW_UNPLACED else ()

    def _counts(self, checked: CheckedDocument) -> bool:
        """Did it come and is nothing asked about it?"""
        unopened = checked.document.problem.startswith(COULD_NOT_OPEN)
        told = any(f.severity is Severity.CORRECT for f in checked.findings)
        return not unopened and not told and checked.outcome is not Outcome.NOT_OK and not self._outdated(checked)

    def _outdated(self, checked: CheckedDocument) -> bool:
        """A form with the number of a passport that is asked for anew has to come again with it."""
        kind, owner = self.rules.kinds.get(checked.document.kind or ""), checked.document.applicant
        return kind is not None and kind.subject == _FORM and owner in self.assessment.passports_wanted

    def _in_order(self, checked: CheckedDocument) -> bool:
        """Every check passed, none found anything, and the procedure knows such a paper, or its rows were read."""
        kind = self.rules.kinds.get(checked.document.kind or "")
        known = kind is not None and (kind.subject == LIST or self.requirement(kind.key) is not None)
        found = any(f.severity is not Severity.STAFF and f.code not in _ADVICE for f in checked.findings)
        return known and not found and checked.outcome is Outcome.OK

    def _receipts(self, documents: Iterable[CheckedDocument], *, checked: bool) -> Iterator[Received]:
        grouped: dict[tuple[str, str, bool], list[CheckedDocument]] = {}
        for one in sorted(documents, key=lambda d: self.place(d.document.kind or "")):
            seen = [(f.code, f.measured.get("fields")) for f in self._noticed(one)]
            grouped.setdefault((one.document.kind or "", repr(seen), self._unread(one)), []).append(one)
        for (kind, _, unread), group in grouped.items():
            owners = [self._owner(one.document) for one in group]
            files = tuple(dict.fromkeys(mask_text(self._shown(one.document), self.numbers) for one in group))
            everybody = len(self.people) > 1 and set(owners) >= set(self.people)
            seen_items = tuple(self._item(f, kind, "") for f in self._noticed(group[0]))
            yield Received(kind, self._title(kind), self._people(owners), files, checked, everybody, seen_items, unread)

    def _noticed(self, checked: CheckedDocument) -> Iterator[Finding]:
        """What a person looks at, and the sender may know; first what is graver."""
        for severity, silent in ((Severity.FLAG, ()), (Severity.WARN, _ADVICE)):
            wanted = (f for f in checked.findings if f.severity is severity)
            yield from (f for f in wanted if f.code not in silent and may_be_told(f.code))

    def _unread(self, checked: CheckedDocument) -> bool:
        """A paper that is asked for, of which nothing that decides could be read."""
        asked = self.requirement(checked.document.kind or "") is not None
        return asked and checked.outcome is Outcome.NOT_CHECKED and not checked.findings

    def _shown(self, document: Document) -> str:
        """The name of a file; where several of the case are called alike, with its folder: each came."""
        name = _sent_as(document)
        return (
            "/".join(document.path.split("/")[-2:]) if self.names[document.name] > 1 and name == document.name else name
        )

    def _standard(self, kind: str) -> Mapping[str, object]:
        return standard(self.rules.kinds.get(kind), self.rules, max(1, len(self.people)))

    def _title(self, kind: str | None) -> str:
        known = self.rules.kinds.get(kind or "")
        return known.title if known else ""

    def requirement(self, kind: str) -> Requirement | None:
        """What the list of the variant says of that kind, by mail or on paper."""
        return next((r for r in self.requirements if kind == r.kind or kind in r.alternatives), None)

    def _tolerable(self, kind: str) -> bool:
        requirement = self.requirement(kind)
        return self.tolerance and requirement is not None and requirement.tolerable

    def place(self, kind: str) -> int:
        """Its place in the guide's list; what is not on it comes last."""
        found = self.requirement(kind)
        return self.requirements.index(found) if found is not None else _LAST


def _together(gaps: Iterable[_Gap], people: Callable[[Iterable[str | None]], tuple[str, ...]]) -> Iterator[Item]:
    """Equal gaps of several people as one line; files with the same fault are named under it."""
    groups: dict[tuple[str, str, str], list[_Gap]] = {}
    for gap in gaps:
        wanted = repr(sorted(gap.item.finding.required.items())) if gap.item.finding else ""
        groups.setdefault((gap.item.kind, gap.item.code, wanted + gap.item.told), []).append(gap)
    for group in groups.values():
        first = group[0].item
        more = tuple(came for gap in group[1:] for came in gap.item.came if came not in first.came)
        yield replace(first, people=people(gap.owner for gap in group), more=more)


def called(applicant: Applicant, people: Sequence[Applicant]) -> str:
    """How a letter calls one of the case's people; two of one name by the end of their passports, too."""
    name = clean(applicant.name or applicant.name_pinyin)
    alike = [a for a in people if a.name == applicant.name]
    return f"{name}({mask_number(applicant.passport_no)})" if len(alike) > 1 and applicant.passport_no else name


def _masked(values: Mapping[str, object]) -> Mapping[str, object]:
    return {key: mask_value(item) for key, item in values.items()}
