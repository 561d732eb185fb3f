"""The machine-readable contract of one processed mail (docs/replay.schema.json)."""

from collections.abc import Iterable
from typing import Any

from mailintake.model.assessment import CheckedDocument, Finding, Missing
from mailintake.model.case import Case, Deadline
from mailintake.model.codec import encode
from mailintake.model.document import Document, Evidence, Outcome
from mailintake.model.understanding import LinkedBy, Understanding
from mailintake.worker.intake.process import Processed, fate

SCHEMA = 1
_WITHIN = {LinkedBy.FITS_ONE: "number_and_sender", LinkedBy.NONE: None}


def as_json(file: str, done: Processed, cases: Iterable[Case], letters: list[dict[str, Any]]) -> dict[str, Any]:
    """One JSON object for one mail. `cases` are the ones it opened or extended, as they stand now."""
    decision = done.decision
    understood = decision.understanding if decision else None
    known = tuple(cases)
    disposition = fate(done)
    return {
        "schema": SCHEMA,
        "file": file,
        "sha256": done.row.sha256,
        **_class(understood),
        "disposition": disposition.value if disposition else None,
        "cases": [_case(case, understood, case.number in (decision.opened if decision else ())) for case in known],
        "applicants": _applicants(known, understood),
        "documents": _documents(done.row.sha256, known, understood),
        "missing": [_missing(case, m) for case in known if case.assessment for m in case.assessment.missing],
        "flags": _flags(known, done),
        "letters": letters,
        "deadlines": [_deadline(d) for case in known for d in case.deadlines if not d.met],
        "evidence": [_evidence(e) for e in (understood.classification.evidence if understood else ()) if e.fired],
        "failure": done.failure or None,
    }


def _class(understood: Understanding | None) -> dict[str, Any]:
    if understood is None:
        return {"message_class": "unknown", "procedure": None, "variant": None, "sure": False, "procedures": []}
    kind = understood.classification
    first = kind.intents[0] if kind.intents else None
    return {
        "message_class": kind.message_class.value,
        "procedure": first.procedure.value if first else None,
        "variant": first.variant or None if first else None,
        "sure": kind.sure,
        "procedures": [intent.procedure.value for intent in kind.intents],
    }


def _case(case: Case, understood: Understanding | None, opened: bool) -> dict[str, Any]:
    by = LinkedBy.NEW if opened or understood is None else understood.link.by
    return {
        "number": case.number,
        "procedure": case.procedure.value,
        "variant": case.variant,
        "state": case.state.value,
        "verdict": case.assessment.verdict.value if case.assessment else None,
        "linked_by": _WITHIN.get(by, by.value),
    }


def _applicants(cases: tuple[Case, ...], understood: Understanding | None) -> list[dict[str, Any]]:
    people = [a for case in cases for a in case.applicants]
    if not people and understood is not None:
        people = list(understood.applying)
    rows = [
        {
            "name": a.name,
            "passport_no": a.passport_no or None,
            "card_no": a.card_no or None,
            "pinyin": a.name_pinyin or None,
        }
        for a in people
    ]
    return [row for position, row in enumerate(rows) if row not in rows[:position]]


def _documents(sha256: str, cases: tuple[Case, ...], understood: Understanding | None) -> list[dict[str, Any]]:
    """The files of this mail, judged where a case judged them."""
    found: dict[str, dict[str, Any]] = {}
    for case in cases:
        for checked in case.assessment.documents if case.assessment else ():
            if checked.document.message == sha256:
                found.setdefault(checked.document.path, _checked(case, checked))
    for document in understood.people.documents if understood else ():
        found.setdefault(document.path, _unjudged(document, understood))
    return list(found.values())


def _checked(case: Case, checked: CheckedDocument) -> dict[str, Any]:
    person = case.applicant(checked.document.applicant)
    return {
        "path": checked.document.path,
        "kind": checked.document.kind,
        "applicant": person.name if person else None,
        "outcome": checked.outcome.value,
        "findings": [_finding(f) for f in checked.findings],
    }


def _unjudged(document: Document, understood: Understanding | None) -> dict[str, Any]:
    people = understood.people.applicants if understood else ()
    name = next((a.name for a in people if a.key == document.applicant), None)
    findings = [{"code": document.problem, "measured": {}, "required": {}}] if document.problem else []
    outcome = Outcome.NOT_OK if document.problem else Outcome.NOT_CHECKED
    return {
        "path": document.path,
        "kind": document.kind,
        "applicant": name,
        "outcome": outcome.value,
        "findings": findings,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "measured": encode(finding.measured),
        "required": encode(finding.required),
    }


def _missing(case: Case, missing: Missing) -> dict[str, Any]:
    person = case.applicant(missing.applicant)
    return {
        "kind": missing.kind,
        "code": missing.code,
        "applicant": person.name if person else None,
        "tolerable": missing.tolerable,
        "case": case.number,
    }


def _flags(cases: tuple[Case, ...], done: Processed) -> list[dict[str, str]]:
    rows = [{"code": f.code, "evidence": f.evidence} for case in cases for f in case.flags]
    rows += [{"code": f.code, "evidence": f.evidence} for c in cases if c.assessment for f in c.assessment.flags]
    rows += [{"code": n.code, "evidence": n.text} for n in (done.decision.notices if done.decision else ())]
    return [row for position, row in enumerate(rows) if row not in rows[:position]]


def _deadline(deadline: Deadline) -> dict[str, Any]:
    return {"kind": deadline.kind.value, "due": deadline.due.isoformat(), "provisional": deadline.provisional}


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {"rule": evidence.rule, "source": evidence.source, "score": evidence.score, "text": evidence.text}
