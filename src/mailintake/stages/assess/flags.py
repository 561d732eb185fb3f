"""Hints for staff: conditions of the procedure, 禁办 signs, one picture for two people, money to a foreign account."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from mailintake.checks import parameters, registry
from mailintake.checks.subject import CaseSubject
from mailintake.model.assessment import RUNS_OUT, CheckedDocument, Finding, Flag, NotChecked
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document, Outcome
from mailintake.model.procedure import Condition, Severity
from mailintake.model.rules import RuleSet
from mailintake.model.traits import slips
from mailintake.model.zone import local_day
from mailintake.stages.assess.instructions import instructions
from mailintake.stages.assess.prohibitions import prohibition_flags

_FOREIGN = "account.foreign"
SHARED, _SAME = "duplicate.person", " = "  # one picture as two people's, with the paths of both
_ACCOUNT = "slip.account"
_NOT_DUE = "slip.not_due"
_UNSAID = ("applicant", "sure", "near")
_SAME_BITS = 4  # of a 256-bit perceptual hash: saved again, not another picture
_SAME_COLOURS = 4  # of 255, in any field of the grid: JPEG quality 30 and half the size move none by more


def case_findings(case: Case, rules: RuleSet, today: date) -> tuple[Finding, ...]:
    """Findings on the case as a whole, lines of the staff checklist among them."""
    procedure = rules.procedure(case.procedure)
    subject = CaseSubject(case, today, local_day(case.first_received_at))
    found = [f for condition in procedure.conditions for f in _condition(condition, subject)]
    manual = [p for p in rules.prohibitions if p.manual and case.procedure in p.procedures]
    found += [Finding(f"prohibited.{p.id}", severity=Severity.STAFF, check="manual", clause=p.clause) for p in manual]
    return tuple(found)


def _condition(condition: Condition, subject: CaseSubject) -> Iterator[Finding]:
    made = registry()[condition.use]
    result = made(subject, parameters(made, condition.params))
    if not isinstance(result, NotChecked):
        for finding in result:
            staff = finding.severity is Severity.STAFF
            severity = Severity.STAFF if staff else condition.severity
            yield replace(finding, severity=severity, check=condition.use, clause=condition.clause)


def flags_of(
    case: Case, documents: tuple[CheckedDocument, ...], findings: tuple[Finding, ...], rules: RuleSet
) -> tuple[Flag, ...]:
    """Everything staff should see, each with its evidence, each once."""
    raised = [
        *_document_flags(documents, rules),
        *(_flag_of(f) for f in findings if f.severity in (Severity.FLAG, Severity.WARN)),
        *_foreign_accounts(case, rules),
        *_undue(case, documents, rules),
        *_shared_pictures(case, rules),
        *instructions(case, rules),
        *prohibition_flags(case, rules),
        *(Flag("applicant.conflict", text, a.key) for a in case.applicants for text in a.conflicts),
        *(Flag("applicant.unproved", _rests_on(a), a.key) for a in case.applicants if not a.is_proved),
    ]
    return tuple(dict.fromkeys(raised))


def _rests_on(person: Applicant) -> str:
    grounds = ", ".join(f"{ground.source.value}: {ground.text}" for ground in person.grounds)
    return f"{person.name or person.name_pinyin} ({grounds})"


def _is_told_too(finding: Finding) -> bool:
    """Is it told to the sender and to staff: another account, a passport that runs out within the year?"""
    return finding.code == _ACCOUNT or (finding.code in RUNS_OUT and finding.severity is Severity.CORRECT)


def _document_flags(documents: Iterable[CheckedDocument], rules: RuleSet) -> Iterator[Flag]:
    for checked in documents:
        for finding in checked.findings:
            if finding.severity is Severity.FLAG or (_is_told_too(finding) and not checked.superseded):
                code = _FOREIGN if _is_foreign(finding, rules) else finding.code
                if checked.superseded and code != _FOREIGN:
                    continue  # a paper that a later one replaced differs from nothing any more
                yield Flag(code, _evidence(finding, checked.document), checked.document.applicant)


def _is_foreign(finding: Finding, rules: RuleSet) -> bool:
    """An alarm only where the account was surely read and is not the one of the other fee."""
    sure = finding.severity is not Severity.WARN and finding.measured.get("sure", True)
    ours = {fee.account for fee in rules.fees.values()}
    return bool(finding.code == _ACCOUNT and sure and finding.measured.get("account") not in ours)


def _flag_of(finding: Finding) -> Flag:
    owner = finding.measured.get("applicant")
    return Flag(finding.code, _said(finding), owner if isinstance(owner, str) else None)


def _evidence(finding: Finding, document: Document) -> str:
    return f"{document.path}: {_said(finding)}".strip(": ")


def _said(finding: Finding) -> str:
    """Values that disagree, under their names; else what was measured."""
    values = finding.measured.get("values")
    measured = values if isinstance(values, Mapping) else finding.measured
    return " ".join(f"{key}={_plain(value)}" for key, value in measured.items() if key not in _UNSAID)


def _plain(value: object) -> str:
    return "/".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _foreign_accounts(case: Case, rules: RuleSet) -> Iterator[Flag]:
    """A payee's account that a mail names in words and that is none of ours."""
    ours = {fee.account for fee in rules.fees.values()}
    for read in case.fields:
        if read.name == "payee_account" and "".join(filter(str.isdigit, read.value)) not in ours:
            yield Flag(_FOREIGN, read.text or read.value)


def _undue(case: Case, documents: Iterable[CheckedDocument], rules: RuleSet) -> Iterator[Flag]:
    """Slips for a procedure that is free: somebody has paid what nobody asked for (guide 4, 6 name no fee). What goes
    along with another procedure shows the slips of that one."""
    along = {variant.companion for procedure in rules.procedures for variant in procedure.variants}
    free = not rules.procedure(case.procedure).fees and case.procedure not in along
    of_fees = slips(rules) if free else frozenset()
    came = dict.fromkeys(d.document.path for d in documents if d.document.kind in of_fees and not d.superseded)
    if came:
        yield Flag(_NOT_DUE, ", ".join(came))


def _shared_pictures(case: Case, rules: RuleSet) -> Iterator[Flag]:
    portraits = [d for d in case.documents if d.applicant and _is_own_picture(d, rules)]
    groups: list[list[Document]] = []
    for portrait in portraits:
        alike = next((g for g in groups if g[0].kind == portrait.kind and _same_picture(g[0], portrait)), None)
        groups.append([portrait]) if alike is None else alike.append(portrait)
    for group in groups:
        if len({d.applicant for d in group}) > 1:
            yield Flag(SHARED, _SAME.join(d.path for d in group), group[-1].applicant)


def without_shared(documents: Iterable[CheckedDocument], flags: Iterable[Flag]) -> tuple[CheckedDocument, ...]:
    """The documents, of which those that two people share, and nobody has ruled upon, are not in order: a person
    looks whose they are."""
    shared = {path for flag in flags if flag.code == SHARED for path in flag.evidence.split(_SAME)}
    return tuple(
        replace(one, outcome=Outcome.NOT_CHECKED, not_checked=(*one.not_checked, "picture: of two people"))
        if one.outcome is Outcome.OK and one.document.path in shared
        else one
        for one in documents
    )


def _is_own_picture(document: Document, rules: RuleSet) -> bool:
    kind = rules.kinds.get(document.kind or "")
    return kind is not None and kind.own_picture


def _same_picture(one: Document, other: Document) -> bool:
    if one.sha256 == other.sha256:
        return True
    mine, theirs = _hash(one), _hash(other)
    if mine is None or theirs is None or not _same_colours(one, other):
        return False
    return (mine ^ theirs).bit_count() <= _SAME_BITS


def _same_colours(one: Document, other: Document) -> bool:
    """A picture saved again keeps its colours everywhere; two people before one wall in one studio have a face and coat
    each. Of a picture that was measured before its colours were nobody can say it."""
    mine, theirs = _colours(one), _colours(other)
    return len(mine) == len(theirs) > 0 and all(abs(a - b) <= _SAME_COLOURS for a, b in zip(mine, theirs, strict=True))


def _colours(document: Document) -> bytes:
    image = document.facts.image if document.facts else None
    return bytes.fromhex(image.colour_grid) if image else b""


def _hash(document: Document) -> int | None:
    image = document.facts.image if document.facts else None
    try:
        return int(image.perceptual_hash, 16) if image and image.perceptual_hash else None
    except ValueError:
        return None
