"""A case held against the list of its variant: what is in order, what lacks, what is wrong, what staff should see."""

from collections.abc import Iterator
from datetime import date

from mailintake.model.assessment import Assessment, CheckedDocument, Finding, Flag, Missing, Verdict
from mailintake.model.case import Case
from mailintake.model.document import Document
from mailintake.model.procedure import Scope, Severity
from mailintake.model.rules import RuleSet
from mailintake.stages.assess.bundles import may_hold
from mailintake.stages.assess.documents import check_documents
from mailintake.stages.assess.flags import case_findings, flags_of, without_shared
from mailintake.stages.assess.requirements import missing_items, paper_lists
from mailintake.stages.assess.rulings import lapsed, standing, with_rulings
from mailintake.stages.assess.unplaced import CODE as UNASSIGNED
from mailintake.stages.assess.unplaced import unplaced

_NAME = "name_zh"  # the field that the fact of a name is
# With one of these no letter says "in order" and nobody is asked for money or papers: a person looks first. What the
# guide excludes (违规禁办), a company below ten people (1.1(1)④), a card that is not due yet (2.1②): none is refused.
_STOPPING = (
    "account.foreign",
    "applicant.unclear",
    "applicant.unproved",
    "sender.forged",
    "slip.shared",
    "profile.headcount",
    "card.too_early",
    "passport.nationality",
    UNASSIGNED,
)
_EXCLUDED = "prohibited."
_LEFT_OVER = frozenset({"owner.only_one_left", "owner.order"})  # says whose a paper is by who is left, and no more


def assess(case: Case, rules: RuleSet, today: date) -> Assessment:
    """The assessment of a case on that day. Pure: the same case, rules and day give the same answer.

    What people have ruled is laid over it last, and counts.
    """
    case = with_rulings(case, rules)
    documents = check_documents(case, rules, today)
    lacking = missing_items(case, documents, rules)
    lying_about = unplaced(lacking, case, rules)
    missing = tuple(item for item in lacking if item not in {there for there, _ in lying_about})
    findings = case_findings(case, rules, today)
    flags = standing(
        (*flags_of(case, documents, findings, rules), *(flag for _, flag in lying_about), *lapsed(case, documents)),
        case,
    )
    documents = without_shared(documents, flags)
    seen, unseen = paper_lists(case, documents, rules)
    reasons = _doubts(case, documents, missing, rules)
    reasons += tuple(f.code for f in (*flags, *standing(case.flags, case)) if _stops(f))
    return Assessment(
        verdict=_verdict(reasons, documents, missing, findings),
        documents=documents,
        missing=missing,
        case_findings=findings,
        flags=flags,
        paper_seen=seen,
        paper_unseen=unseen,
        reasons=tuple(dict.fromkeys(reasons)),
    )


def _stops(flag: Flag) -> bool:
    return flag.code in _STOPPING or flag.code.startswith(_EXCLUDED)


def _verdict(
    reasons: tuple[str, ...],
    documents: tuple[CheckedDocument, ...],
    missing: tuple[Missing, ...],
    findings: tuple[Finding, ...],
) -> Verdict:
    if reasons:
        return Verdict.FOR_STAFF
    wrong = [f for d in documents if not d.superseded for f in d.findings if f.severity is Severity.CORRECT]
    wrong += [f for f in findings if f.severity is Severity.CORRECT]
    return Verdict.CORRECTABLE if missing or wrong else Verdict.COMPLETE


def _doubts(
    case: Case, documents: tuple[CheckedDocument, ...], missing: tuple[Missing, ...], rules: RuleSet
) -> tuple[str, ...]:
    """Why only a person can say more: procedure or person are in doubt."""
    doubts = () if case.sure else ("procedure_unsure",)
    told = any(_NAME in rules.kinds[m.kind].fields for m in missing)  # the list asks for the name itself
    if not case.applicants and not told:
        doubts = (*doubts, "nobody_named")
    if may_hold(missing, [d.document for d in documents], rules):
        doubts = (*doubts, "unread_scan")
    homeless = {d.document.kind for d in documents if _without_person(d, case, rules)}
    homeless |= {kind for kind, _ in _given_twice(documents)}
    if any(m.applicant is not None and m.kind in homeless for m in missing):
        doubts = (*doubts, "whose_document")
    return doubts


def _given_twice(documents: tuple[CheckedDocument, ...]) -> Iterator[tuple[str | None, str]]:
    """Kinds of which somebody has two papers, one of them only because nobody else was left: it may be another's."""
    held: dict[tuple[str | None, str], list[Document]] = {}
    for checked in documents:
        if checked.document.applicant is not None:
            held.setdefault((checked.document.kind, checked.document.applicant), []).append(checked.document)
    for key, papers in held.items():
        if len(papers) > 1 and any(r.rule in _LEFT_OVER for paper in papers for r in paper.reasons):
            yield key


def _without_person(checked: CheckedDocument, case: Case, rules: RuleSet) -> bool:
    """A personal document of nobody known, in a case of several people: it may be the one that seems to lack."""
    kind = rules.kinds.get(checked.document.kind or "")
    personal = kind is not None and kind.scope is Scope.APPLICANT
    return personal and len(case.applicants) > 1 and case.applicant(checked.document.applicant) is None
