"""A case as it stands: people, papers, every check with what was measured and required, deadlines, letters."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import assert_never

from mailintake.app.terms import check_name, measured
from mailintake.app.terms import skipped as skipped_because
from mailintake.letters.masking import mask_number, mask_text
from mailintake.letters.render import Renderer
from mailintake.model.assessment import CheckedDocument, Finding
from mailintake.model.case import Case, SentLetter
from mailintake.model.document import Outcome
from mailintake.model.letter import Item
from mailintake.model.procedure import ProcedureKey, Severity
from mailintake.model.rules import RuleSet
from mailintake.model.ruling import About, Ruling
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
        yield from block(self._say("label.rulings"), self._rulings(case))
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
            called = (
                check_name(finding.check) if finding.check else self._words.findings.get(finding.code, finding.code)
            )
            yield mark, name, called, source, finding.clause, *self._measured(checked, finding)
        for skipped in checked.not_checked:
            use, _, why = skipped.partition(": ")
            reason = self._say("explain.not_checked", why=skipped_because(why))
            yield "?", name, check_name(use), sources.get(use, ""), "", reason, ""
        for use in checked.passed:
            yield "✓", name, check_name(use), sources.get(use, ""), "", "", ""

    def _measured(self, checked: CheckedDocument, finding: Finding) -> tuple[str, str]:
        """What came and what is required, in the words applicants read; values only where no applicant is told."""
        if finding.severity is not Severity.CORRECT:
            words = self._words.findings.get(finding.code) or self._words.notices.get(finding.code) or finding.code
            return words, measured(finding.measured, self._renderer)
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
        for flag in case.every_flag:
            known = (
                words.get(flag.code) or self._words.findings.get(flag.code) or words.get(flag.code.partition(".")[0])
            )
            evidence = self._renderer.digest_lines.evidence(mask_text(flag.evidence), self._words)
            yield known or flag.code, str(evidence)

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
            stands = deadline.paused_on and self._say("explain.stands", since=deadline.paused_on.isoformat())
            stood = (
                self._say("explain.stood", since=pause.since.isoformat(), until=pause.until.isoformat())
                for pause in deadline.pauses
            )
            moved = deadline.extended_from and self._say("explain.extended", was=deadline.extended_from.isoformat())
            notes = self._say("list.comma").join(note for note in (moved, *stood, stands) if note)
            yield self._words.dues[deadline.kind.value], deadline.due.isoformat(), met + provisional, notes

    def _rulings(self, case: Case) -> Iterator[Row]:
        """What people have said about the papers: of what, what, who, when, why."""
        names = {d.sha256: mask_text(d.path) for d in case.documents}
        for ruling in case.rulings:
            about = names.get(ruling.sha256) or ruling.sha256[:12] or case.number
            who = f"{ruling.by} {_moment(ruling.at)}"
            yield about, self._said(case, ruling), who, mask_text(ruling.reason)

    def _said(self, case: Case, ruling: Ruling) -> str:
        kinds, say = self._rules.kinds, self._say
        match ruling.about:
            case About.KIND:
                return say("explain.is_kind", kind=kinds[ruling.value].title if ruling.value in kinds else ruling.value)
            case About.OWNER | About.PAPER:
                person = case.applicant(ruling.value)
                whose = person.name or person.name_pinyin if person else say("explain.whose_all")
                if ruling.about is About.OWNER:
                    return say("explain.is_of", whose=whose)
                return say(
                    "explain.seen", kind=kinds[ruling.key].title if ruling.key in kinds else ruling.key, whose=whose
                )
            case About.OUTCOME:
                finding = self._words.findings.get(ruling.key, ruling.key)
                return say(f"explain.{ruling.value}", finding=finding).strip()
            case About.FLAG:
                return say("explain.dismissed", flag=self._words.notices.get(ruling.key, ruling.key))
            case About.PROCEDURE:
                return say("explain.procedure", is_now=self._procedure(ruling.value), was=self._procedure(ruling.key))
            case _:
                assert_never(ruling.about)

    def _procedure(self, called: str) -> str:
        """The title of what rulings call "key.variant"."""
        return self._rules.procedure(ProcedureKey(called.partition(".")[0])).title

    def _letters(self, case: Case) -> Iterator[Row]:
        for letter in case.letters:
            sent = self._say("explain.sent_at", at=_moment(letter.sent_at)) if letter.sent_at else ""
            by_hand = letter.by and self._say("explain.by_hand", by=letter.by)
            title = by_hand or self._words.letters.get(letter.letter, letter.letter)
            yield title, _moment(letter.queued_at), sent, self._late(case, letter)

    def _late(self, case: Case, letter: SentLetter) -> str:
        """What it tells and an earlier one could have told (漏告知)."""
        told = []
        for item in letter.late:
            code, _, key = item.partition("|")
            person = case.applicant(key)
            told.append(f"{person.name if person else ''} {self._words.findings.get(code, code)}".strip())
        return self._say("explain.late", items=self._say("list.comma").join(told)) if told else ""


def _person(name: str, passport: str, card: str) -> Row:
    return name, mask_number(passport) if passport else "", mask_number(card) if card else ""


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
