"""Why a mail or a case was judged as it was: evidence, checks, decision, letter. Words come from the caller."""

from collections.abc import Callable, Iterator

from mailintake.model.assessment import CheckedDocument
from mailintake.model.case import Case
from mailintake.model.document import Document, Evidence, Outcome
from mailintake.model.rules import RuleSet
from mailintake.model.understanding import Link, Understanding
from mailintake.worker.process import Processed, fate

Say = Callable[..., str]
_MARKS = {Outcome.OK: "✓", Outcome.NOT_OK: "✗", Outcome.NOT_CHECKED: "?"}


def explain_mail(done: Processed, cases: tuple[Case, ...], rules: RuleSet, say: Say) -> Iterator[str]:
    """Lines about one processed mail."""
    if (message := done.message) is not None:
        sender = message.sender.addr if message.sender else ""
        yield say(
            "explain.mail", subject=message.subject, sender=sender, date=message.date, files=len(message.documents)
        )
    understood = done.decision.understanding if done.decision else None
    if understood is not None:
        yield from _understanding(understood, rules, say)
    disposition = fate(done)
    yield say("explain.result", disposition=disposition.value if disposition else done.failure)
    for case in cases:
        yield ""
        yield from explain_case(case, rules, say)
    for order, letter, _ in done.letters:
        yield say("explain.letter", letter=order.letter.value, subject=letter.subject)


def _understanding(understood: Understanding, rules: RuleSet, say: Say) -> Iterator[str]:
    kind = understood.classification
    titles = " + ".join(f"{rules.procedure(i.procedure).title} ({i.variant}) {i.score:.1f}" for i in kind.intents)
    sure = say("explain.sure" if kind.sure else "explain.unsure")
    yield say("explain.class", message_class=kind.message_class.value, procedures=titles, sure=sure)
    for evidence in (*understood.screening.evidence, *kind.evidence):
        yield _rule(evidence, say)
    yield from _link(understood.link, say)
    yield say("explain.people", people="、".join(a.name for a in understood.people.applicants) or "-")
    for document in understood.people.documents:
        yield from _document(document, understood, say)


def _rule(evidence: Evidence, say: Say) -> str:
    key = "explain.rule" if evidence.fired else "explain.near"
    return say(key, score=evidence.score, text=evidence.text, rule=evidence.rule, source=evidence.source)


def _link(link: Link, say: Say) -> Iterator[str]:
    yield say("explain.link", by=link.by.value, case=link.case.number if link.case else "")
    for guess in link.guesses:
        yield say("explain.guess", case=guess.case, score=guess.score, why=guess.why)


def _document(document: Document, understood: Understanding, say: Say) -> Iterator[str]:
    names = {a.key: a.name for a in understood.people.applicants}
    person = names.get(document.applicant or "", "")
    yield say(
        "explain.document",
        mark="·",
        path=document.path,
        kind=document.kind or "?",
        person=person,
        findings=document.problem,
    )
    for reason in document.reasons:
        yield say("explain.reason", rule=reason.rule, text=reason.text)


def explain_case(case: Case, rules: RuleSet, say: Say) -> Iterator[str]:
    """Lines about one case as it stands."""
    procedure = rules.procedure(case.procedure)
    people = " ".join(a.name for a in case.applicants)
    yield say(
        "cases.line",
        number=case.number,
        procedure=procedure.title,
        company=case.company,
        people=people,
        state=case.state.value,
        due="",
    )
    if case.assessment is not None:
        for checked in case.assessment.documents:
            yield _judged(case, checked, say)
        for missing in case.assessment.missing:
            person = case.applicant(missing.applicant)
            tolerable = say("explain.tolerable") if missing.tolerable else ""
            yield say("explain.missing", kind=missing.code, person=person.name if person else "", tolerable=tolerable)
        for flag in (*case.assessment.flags, *case.flags):
            yield say("explain.flag", code=flag.code, evidence=flag.evidence)
    for deadline in case.deadlines:
        provisional = say("explain.provisional") if deadline.provisional else ""
        yield say("explain.deadline", kind=deadline.kind.value, due=deadline.due.isoformat(), provisional=provisional)


def _judged(case: Case, checked: CheckedDocument, say: Say) -> str:
    person = case.applicant(checked.document.applicant)
    findings = " ".join(f"{f.code} {dict(f.measured)}" for f in checked.findings)
    return say(
        "explain.document",
        mark=_MARKS[checked.outcome],
        path=checked.document.path,
        kind=checked.document.kind or "?",
        person=person.name if person else "",
        findings=" ".join((findings, *checked.not_checked)).strip(),
    )
