"""What people have said about the papers of a case, laid over what the machine holds: the last word is theirs.

A ruling speaks of a file by its bytes. Where another file has come in its place it says nothing any more, and staff see
that it has lapsed; where the file is the same it counts whatever mail came since and whichever rules are in force.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailintake.model.assessment import CheckedDocument, Finding, Flag
from mailintake.model.case import Case
from mailintake.model.document import Document, Evidence, Outcome
from mailintake.model.procedure import DocumentKind, Severity
from mailintake.model.rules import RuleSet
from mailintake.model.ruling import About, Ruling

LAPSED = "ruling.lapsed"
BY_STAFF = "by_staff"  # second half of the finding code of a paper that a person finds wrong
OK, NOT_OK = "ok", "not_ok"
_CHECK = "ruling"
_DECIDES = (Severity.CORRECT, Severity.FLAG)


def with_rulings(case: Case, rules: RuleSet) -> Case:
    """The case with its documents as people have said they are: which kind, whose."""
    if not case.rulings:
        return case
    return replace(case, documents=tuple(_placed(document, case, rules) for document in case.documents))


def _placed(document: Document, case: Case, rules: RuleSet) -> Document:
    for ruling in case.rulings:
        if ruling.sha256 != document.sha256:
            continue
        why = (*document.reasons, Evidence(_CHECK, text=ruling.by))
        if ruling.about is About.KIND and ruling.value in rules.kinds:
            document = replace(document, kind=ruling.value, reasons=why, problem="")
        if ruling.about is About.OWNER and (not ruling.value or case.applicant(ruling.value)):
            document = replace(document, applicant=ruling.value or None, reasons=why)
    return document


def ruled(checked: CheckedDocument, case: Case, kind: DocumentKind | None) -> CheckedDocument:
    """A checked document with what people have said about it."""
    for ruling in case.rulings:
        if ruling.about is About.OUTCOME and ruling.sha256 == checked.document.sha256:
            checked = _in_order(checked, ruling, kind) if ruling.value == OK else _faulty(checked, ruling, kind)
    return checked


def _in_order(checked: CheckedDocument, ruling: Ruling, kind: DocumentKind | None) -> CheckedDocument:
    if not ruling.key:
        return replace(checked, outcome=Outcome.OK, findings=(), not_checked=(), passed=(*checked.passed, _CHECK))
    left = tuple(f for f in checked.findings if ruling.key not in (f.code, f.check))
    skipped = tuple(s for s in checked.not_checked if s.partition(":")[0] != ruling.key)
    passed = tuple(dict.fromkeys((*checked.passed, _CHECK)))
    outcome = _outcome(left, skipped, kind)
    return replace(checked, outcome=outcome, findings=left, not_checked=skipped, passed=passed)


def _outcome(findings: Iterable[Finding], skipped: Iterable[str], kind: DocumentKind | None) -> Outcome:
    severities = {finding.severity for finding in findings}
    if Severity.CORRECT in severities:
        return Outcome.NOT_OK
    deciding = {spec.use for spec in (kind.checks if kind else ()) if spec.severity in _DECIDES}
    undecided = any(name.partition(":")[0] in deciding for name in skipped)
    return Outcome.NOT_CHECKED if undecided or Severity.FLAG in severities or kind is None else Outcome.OK


def _faulty(checked: CheckedDocument, ruling: Ruling, kind: DocumentKind | None) -> CheckedDocument:
    subject = kind.subject if kind else "attachment"
    code = ruling.key or f"{subject}.{BY_STAFF}"
    said = Finding(code, {"said": ruling.reason}, severity=Severity.CORRECT, check=_CHECK)
    others = tuple(f for f in checked.findings if f.code != code)
    return replace(checked, outcome=Outcome.NOT_OK, findings=(*others, said))


def standing(flags: Iterable[Flag], case: Case) -> tuple[Flag, ...]:
    """The flags that nobody has dismissed. One with other evidence than was looked at stands again."""
    looked_at = {(r.key, r.value) for r in case.rulings if r.about is About.FLAG}
    return tuple(flag for flag in flags if (flag.code, flag.evidence) not in looked_at)


def lapsed(case: Case, documents: Iterable[CheckedDocument]) -> Iterator[Flag]:
    """A flag for every ruling that said something for a file in whose place another one counts now. That a faulty paper
    was replaced is what the ruling was for."""
    by_bytes: dict[str, list[CheckedDocument]] = {}
    for checked in documents:
        by_bytes.setdefault(checked.document.sha256, []).append(checked)
    for ruling in case.rulings:
        files = by_bytes.get(ruling.sha256, [])
        helped = ruling.about in (About.KIND, About.OWNER) or (ruling.about is About.OUTCOME and ruling.value == OK)
        if helped and files and all(one.superseded for one in files):
            document = files[0].document
            yield Flag(LAPSED, document.path, document.applicant)
