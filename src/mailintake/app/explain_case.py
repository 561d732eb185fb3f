"""A case as it stands: people, papers, every check with what was measured and required, deadlines, letters."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from mailintake.letters.masking import mask_number, mask_text
from mailintake.letters.render import Renderer
from mailintake.model.assessment import CheckedDocument, Finding
from mailintake.model.case import Case
from mailintake.model.document import Outcome
from mailintake.model.letter import Item
from mailintake.model.procedure import Severity
from mailintake.model.rules import RuleSet
from mailintake.model.zone import SHANGHAI

Say = Callable[..., str]
Row = tuple[str, ...]
_MARKS = {Outcome.OK: "✓", Outcome.NOT_OK: "✗", Outcome.NOT_CHECKED: "?"}


def block(label: str, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with the label before the first and blanks before the others."""
    for position, row in enumerate(rows):
        yield ("" if position else label), *row


class CaseExplainer:
    """Rows about one case. Numbers of documents are masked; names are shown, staff must know whom they deal with."""

    def __init__(self, rules: RuleSet, renderer: Renderer, say: Say) -> None:
        self._rules, self._renderer, self._say = rules, renderer, say
        self._words = renderer.digest_words

    def rows(self, case: Case) -> Iterator[Row]:
        """Everything about it."""
        procedure = self._rules.procedure(case.procedure)
        title = self._say("explain.variant", title=procedure.title, variant=procedure.variant(case.variant).title)
        state = self._words.states.get(case.state.value, case.state.value)
        clause = procedure.variant(case.variant).clause or procedure.clause
        yield (
            self._say("label.case"),
            case.number,
            title,
            case.company,
            state,
            self._say("explain.clause", clause=clause),
        )
        yield from block(
            self._say("label.people"), (_person(a.name, a.passport_no, a.card_no) for a in case.applicants)
        )
        if case.assessment is not None:
            yield from block(self._say("label.files"), (self._document(case, c) for c in case.assessment.documents))
            yield from block(self._say("label.checks"), (r for c in case.assessment.documents for r in self._checks(c)))
            yield from block(self._say("label.missing"), self._missing(case))
            yield from block(self._say("label.flags"), self._flags(case))
        yield from block(self._say("label.fees"), self._fees(case))
        yield from block(self._say("label.deadlines"), self._deadlines(case))
        yield from block(self._say("label.letters"), self._letters(case))
        if case.related:
            yield self._say("label.related"), " ".join(case.related)
        yield self._say("label.rules"), case.rule_version

    def _document(self, case: Case, checked: CheckedDocument) -> Row:
        document = checked.document
        person = case.applicant(document.applicant)
        kind = self._rules.kinds.get(document.kind or "")
        faults = [self._words.findings.get(f.code, f.code) for f in checked.findings]
        if checked.superseded:
            faults.append(self._say("explain.superseded"))
        return (
            _MARKS[checked.outcome],
            mask_text(document.path),
            kind.title if kind else self._say("explain.unassigned"),
            person.name if person else "",
            self._say("list.comma").join(faults),
        )

    def _checks(self, checked: CheckedDocument) -> Iterator[Row]:
        name = mask_text(checked.document.name)
        kind = self._rules.kinds.get(checked.document.kind or "")
        sources = {spec.use: spec.source for spec in (kind.checks if kind else ())}
        for finding in checked.findings:
            mark = "✗" if finding.severity is Severity.CORRECT else "!"
            source = sources.get(finding.check, "")
            yield mark, name, finding.check or finding.code, source, finding.clause, *self._measured(checked, finding)
        for skipped in checked.not_checked:
            use, _, why = skipped.partition(": ")
            reason = self._say("explain.not_checked", why=why)
            yield "?", name, use, sources.get(use, ""), "", reason, ""
        for use in checked.passed:
            yield "✓", name, use, sources.get(use, ""), "", "", ""

    def _measured(self, checked: CheckedDocument, finding: Finding) -> tuple[str, str]:
        """What came and what is required, in the words applicants read; values only where no applicant is told."""
        if finding.severity is not Severity.CORRECT:
            values = " ".join(f"{key}={mask_text(str(value))}" for key, value in finding.measured.items())
            return self._words.notices.get(finding.code) or finding.code, values
        kind = checked.document.kind or ""
        declared = self._rules.kinds.get(kind)
        item = Item(kind, declared.title if declared else "", finding.code, (), checked.document.name, finding=finding)
        wording = self._renderer.wording(item)
        came = mask_text(wording.came or wording.fault)
        required = mask_text(wording.required or wording.fix)
        return self._say("explain.came", what=came), self._say("explain.required", what=required)

    def _missing(self, case: Case) -> Iterator[Row]:
        for missing in case.assessment.missing if case.assessment else ():
            person = case.applicant(missing.applicant)
            kind = self._rules.kinds.get(missing.kind)
            tolerable = self._say("explain.tolerable") if missing.tolerable else ""
            yield kind.title if kind else missing.code, person.name if person else "", tolerable, missing.clause

    def _flags(self, case: Case) -> Iterator[Row]:
        prohibited = {f"prohibited.{item.id}": item.title for item in self._rules.prohibitions}
        words = prohibited | self._words.notices
        for flag in (*(case.assessment.flags if case.assessment else ()), *case.flags):
            known = words.get(flag.code) or words.get(flag.code.partition(".")[0])
            yield flag.code, known or "", mask_text(flag.evidence)

    def _fees(self, case: Case) -> Iterator[Row]:
        """What everybody of the case pays together, to whom, by which clause."""
        people = max(1, len(case.applicants))
        for fee in (self._rules.fees[key] for key in self._rules.procedure(case.procedure).fees):
            clause = self._say("explain.clause", clause=fee.clause)
            yield fee.title, self._say("explain.yuan", amount=fee.amount_cny * people), fee.payee, clause

    def _deadlines(self, case: Case) -> Iterator[Row]:
        for deadline in case.deadlines:
            met = self._say("explain.met") if deadline.met else ""
            provisional = self._say("explain.provisional") if deadline.provisional else ""
            yield self._words.dues[deadline.kind.value], deadline.due.isoformat(), met + provisional

    def _letters(self, case: Case) -> Iterator[Row]:
        for letter in case.letters:
            sent = self._say("explain.sent_at", at=_moment(letter.sent_at)) if letter.sent_at else ""
            yield self._words.letters.get(letter.letter, letter.letter), _moment(letter.queued_at), sent


def _person(name: str, passport: str, card: str) -> Row:
    return name, mask_number(passport) if passport else "", mask_number(card) if card else ""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
