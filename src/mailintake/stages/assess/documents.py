"""Every document of a case with the outcome of its checks, and which of several versions counts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from mailintake.checks import parameters, registry
from mailintake.checks.subject import Subject
from mailintake.model.assessment import CheckedDocument, Finding, NotChecked
from mailintake.model.case import Applicant, Case
from mailintake.model.document import Document, Outcome
from mailintake.model.facts import Reading, announced
from mailintake.model.procedure import CheckSpec, DocumentKind, Scope, Severity
from mailintake.model.rules import RuleSet
from mailintake.model.traits import LIST
from mailintake.model.zone import local_day
from mailintake.stages.assess.bundles import others_inside, pictures_inside
from mailintake.stages.assess.requirements import listed, role_of, variant_of
from mailintake.stages.assess.rulings import ruled

_DECIDES = (Severity.CORRECT, Severity.FLAG)  # an outcome is open while one of these could not be checked
_MILDNESS = (Severity.CORRECT, Severity.FLAG, Severity.WARN, Severity.STAFF)
_UNREADABLE = ("attachment.unreadable", "form.encrypted")
_UNREAD = Reading()  # of a page that another's was read instead of
_STRANGER = "sender: unverified"
PAID_FOR = "paid_for"  # case field: people of all cases that share its slips
SENT_TO_FINANCE = "sent_to_finance"  # case field: the sha256 of a mail that went to the finance mailbox too


def check_documents(case: Case, rules: RuleSet, today: date) -> tuple[CheckedDocument, ...]:
    """All documents in order of arrival. What the variant does not ask for is looked at, but never asked for again.
    A file that holds both slips is listed once as each of them."""
    whole = replace(
        case, documents=tuple(each for document in case.documents for each in _roles(document, case, rules))
    )
    current = _current(whole, rules)
    checked = [
        ruled(_checked(document, whole, current, rules, today), whole, rules.kinds.get(document.kind or ""))
        for document in whole.documents
    ]
    return _with_superseded(checked, whole, rules)


def _roles(document: Document, case: Case, rules: RuleSet) -> tuple[Document, ...]:
    """The document, and again for each further kind that its own content or its pages without words show and nobody
    sent it as."""
    held = (document.reading.kind, *document.reading.also)
    pictures = tuple(replace(document, kind=kind) for kind in pictures_inside(document, case, rules))
    pictures += tuple(replace(document, applicant=key, reading=_UNREAD) for key in others_inside(document, case, rules))
    if document.kind is None and pictures:
        return pictures
    if not document.reading.also or document.kind not in held:
        return (document, *pictures)
    sent_as = {d.kind for d in case.documents if d.sha256 == document.sha256}
    more = (kind for kind in dict.fromkeys(held) if kind in rules.kinds and kind not in sent_as)
    return (document, *(replace(document, kind=kind) for kind in more), *pictures)


def _checked(
    document: Document, case: Case, current: Sequence[Document], rules: RuleSet, today: date
) -> CheckedDocument:
    kind = rules.kinds.get(document.kind or "")
    problem = document.problem or (document.facts.problem if document.facts else "")
    if problem:
        return CheckedDocument(document, Outcome.NOT_OK, (_problem(problem, document, kind),))
    if kind is None:
        return CheckedDocument(document, Outcome.NOT_CHECKED, not_checked=("kind: unassigned",))
    if document.facts is None:
        return CheckedDocument(document, Outcome.NOT_CHECKED, not_checked=("facts: unreadable",))
    told = listed(kind.key, variant_of(case, rules))
    if document.is_stray:
        found = Finding(f"{kind.subject}.mismatch", {"of_another": True}, severity=Severity.CORRECT, check="assign")
        return CheckedDocument(document, Outcome.NOT_OK, (found,))
    others = tuple(one for one in current if one is not document and not one.is_stray)
    judged = _judged(_subject(document, kind, case, others, rules, today), told=told)
    if document.is_unconfirmed and judged.outcome is Outcome.OK:
        return replace(judged, outcome=Outcome.NOT_CHECKED, not_checked=(*judged.not_checked, _STRANGER))
    asked = kind.key in rules.procedure(case.procedure).kinds or kind.subject == LIST
    if asked or judged.outcome is not Outcome.OK:
        return judged
    return replace(judged, outcome=Outcome.NOT_CHECKED, not_checked=(*judged.not_checked, "kind: not asked for"))


def _problem(problem: str, document: Document, kind: DocumentKind | None) -> Finding:
    """Bytes that could not be had. Where the kind is known, the finding says which paper must come again."""
    code = problem
    if kind is not None and problem in _UNREADABLE and problem != f"{kind.subject}.encrypted":
        code = f"{kind.subject}.unreadable"
    severity = Severity.WARN if kind is None else Severity.CORRECT  # nobody knows yet whether it was needed
    facts = document.facts
    known = {"format": facts.format, "detail": facts.problem_detail} if facts is not None else {}
    return Finding(code, {"problem": problem, **known}, severity=severity, check="reader")


def _judged(subject: Subject, *, told: bool) -> CheckedDocument:
    findings: list[Finding] = []
    passed: list[str] = []
    skipped: list[str] = []
    undecided = False
    for spec in subject.kind.checks:
        made = registry()[spec.use]
        result = made(subject, parameters(made, spec.params))
        if isinstance(result, NotChecked):
            skipped.append(f"{spec.use}: {result.why}")
            undecided = undecided or spec.severity in _DECIDES
        elif result:
            findings += [_with_severity(finding, spec, told=told) for finding in result]
        else:
            passed.append(spec.use)
    kept = _gravest(findings)
    flagged = any(f.severity is Severity.FLAG for f in kept)  # only a person may call such a document good
    outcome = Outcome.NOT_CHECKED if undecided or flagged else Outcome.OK
    if any(f.severity is Severity.CORRECT for f in kept):
        outcome = Outcome.NOT_OK
    return CheckedDocument(subject.document, outcome, kept, tuple(dict.fromkeys(passed)), tuple(skipped))


def _with_severity(finding: Finding, spec: CheckSpec, *, told: bool) -> Finding:
    """The configured severity, unless the check itself found something milder; what nobody asked for is not told."""
    severity = max(finding.severity, spec.severity, key=_MILDNESS.index)
    if severity is Severity.CORRECT and not told:
        severity = Severity.WARN
    return replace(finding, severity=severity, check=spec.use, clause=finding.clause or spec.clause)


def _gravest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding per code."""
    best: dict[str, Finding] = {}
    for finding in findings:
        known = best.get(finding.code)
        if known is None or _MILDNESS.index(finding.severity) < _MILDNESS.index(known.severity):
            best[finding.code] = finding
    return tuple(best.values())


def _subject(
    document: Document, kind: DocumentKind, case: Case, others: tuple[Document, ...], rules: RuleSet, today: date
) -> Subject:
    person = _person(document, kind, case)
    return Subject(
        document=document,
        kind=kind,
        facts=document.facts,
        reading=document.reading,
        today=today,
        first_received_at=local_day(case.first_received_at),
        applicant=person,
        people_count=max(len(case.applicants), _paid_for(case)),
        announced=announced(case.fields),
        awaits_parts=case.awaits_parts,
        company=case.company,
        fees=rules.fees,
        legal_person=person is not None and person.name in _legal_persons(case),
        sent_to_finance=any(f.name == SENT_TO_FINANCE and f.value == document.message for f in case.fields),
        others=others,
    )


def _current(case: Case, rules: RuleSet) -> tuple[Document, ...]:
    """What speaks for or against other papers: without those that a later mail brought of this person anew."""
    personal = {key for key, kind in rules.kinds.items() if kind.scope is Scope.APPLICANT}
    newest: dict[tuple[str | None, str | None], datetime] = {}
    for one in case.documents:
        if one.kind in personal and one.reading.fields:
            known = newest.get((one.kind, one.applicant), one.received_at)
            newest[one.kind, one.applicant] = max(known, one.received_at)
    return tuple(d for d in case.documents if d.received_at >= newest.get((d.kind, d.applicant), d.received_at))


def _paid_for(case: Case) -> int:
    """How many people the slips must cover when the mail's other cases show the same ones."""
    said = next((f.value for f in case.fields if f.name == PAID_FOR), "")
    return int(said) if said.isdecimal() else 0


def _person(document: Document, kind: DocumentKind, case: Case) -> Applicant | None:
    if document.applicant is None and kind.scope is Scope.APPLICANT and len(case.applicants) == 1:
        return case.applicants[0]
    return case.applicant(document.applicant)


def _legal_persons(case: Case) -> frozenset[str]:
    said = [f.value for f in case.fields if f.name == "legal_person"]
    said += [name for d in case.documents for name in d.reading.all("legal_person")]
    return frozenset(name for name in said if name)


def _with_superseded(checked: Sequence[CheckedDocument], case: Case, rules: RuleSet) -> tuple[CheckedDocument, ...]:
    """The latest valid version of a role counts. Papers of the group may come in pieces: their valid ones all count."""
    variant = variant_of(case, rules)
    roles: dict[tuple[str, str | None], list[int]] = {}
    for place, one in enumerate(checked):
        if one.document.kind is not None:
            roles.setdefault((role_of(one.document.kind, variant), one.document.applicant), []).append(place)
    gone = {place for places in roles.values() for place in _outdated(places, checked, rules)}
    return tuple(replace(one, superseded=True) if place in gone else one for place, one in enumerate(checked))


def _outdated(places: Sequence[int], checked: Sequence[CheckedDocument], rules: RuleSet) -> list[int]:
    """Of the versions of one role, those that another one counts instead of."""
    valid = [place for place in places if checked[place].outcome is not Outcome.NOT_OK]
    newest = checked[max(valid or places, key=lambda place: checked[place].document.received_at)].document
    kind = rules.kinds.get(newest.kind or "")
    pieces = bool(valid) and kind is not None and kind.scope is Scope.GROUP
    return [p for p in places if _older(checked[p], newest, pieces=pieces) or (valid and p not in valid)]


def _older(one: CheckedDocument, newest: Document, *, pieces: bool) -> bool:
    return one.document.message != newest.message and not pieces
